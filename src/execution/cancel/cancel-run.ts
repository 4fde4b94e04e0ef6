import type { RestingOrder } from '../../exchange/cancel-port.ts';
import type { CancelAllParts, CancelAllRequest } from './cancel-request.ts';
import { CancelRound } from './cancel-round.ts';
import { OpenOrderScanner, type Look } from './open-order-scanner.ts';
import { ReadAge } from './read-age.ts';

const FIRST_PATIENCE_MS = 1000;

/** What a running cancel-all knows. */
export interface Run extends CancelAllParts, CancelAllRequest {
  readonly startedAt: number;
  /** Monotonic. */
  readonly deadline: number;
  /** Resolves when its signal aborts. */
  readonly stopped: Promise<void>;
  readonly scanner: OpenOrderScanner;
  readonly round: CancelRound;
  readonly age: ReadAge;
  /** Exchange time of the first look. */
  since: number | undefined;
  last: Look | undefined;
  /** Whether every order that the caller knows was closed when the lists of the last look were requested. */
  wasSettled: boolean;
  /** Every target that was seen open, by key. */
  readonly seen: Map<string, RestingOrder>;
  /** Keys of those of them that only the stream has shown, when they were closed. */
  readonly unseen: Set<string>;
  open: readonly RestingOrder[];
  /** Open orders for which it cannot be determined whether they are targets. */
  doubtful: readonly RestingOrder[];
  leftAlone: number;
  stragglers: number;
  placedMeanwhile: number;
  /** When the last of them was seen, monotonic. */
  placedAt: number;
  rounds: number;
  emptySnapshots: number;
  clearedAt: number | undefined;
  /** Since when every list refuses the API keys, monotonic. */
  refusedAt: number | undefined;
  /** How long a look that finds nothing to cancel waits for slow lists: meanwhile no other list is read. */
  patienceMs: number;
  /** What broke in a round that was not waited for. */
  bug: { readonly error: unknown } | undefined;
}

export function newRun(request: CancelAllRequest, parts: CancelAllParts): Run {
  const startedAt = parts.clock.monotonic();
  const deadline = startedAt + request.deadlineMs;
  const scanner = new OpenOrderScanner(parts.port, parts.clock, request.scopes);
  return {
    ...parts,
    ...request,
    startedAt,
    deadline,
    stopped: untilAborted(request.signal),
    scanner,
    round: new CancelRound(parts, request, deadline, (order) => scanner.isClosed(order)),
    age: request.age ?? new ReadAge(),
    since: undefined,
    last: undefined,
    wasSettled: false,
    seen: new Map(),
    unseen: new Set(),
    open: [],
    doubtful: [],
    leftAlone: 0,
    stragglers: 0,
    placedMeanwhile: 0,
    placedAt: Number.NEGATIVE_INFINITY,
    rounds: 0,
    emptySnapshots: 0,
    clearedAt: undefined,
    refusedAt: undefined,
    patienceMs: FIRST_PATIENCE_MS,
    bug: undefined,
  };
}

/** Undefined: this cannot be determined. */
export function isTarget(run: Run, order: RestingOrder): boolean | undefined {
  return run.includeStops || order.kind === 'plain' ? run.isTarget(order) : false;
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    signal?.addEventListener('abort', () => resolve());
  });
}
