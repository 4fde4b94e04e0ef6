import { VIP0 } from '../../simulator/fee-rates.ts';
import type { RunOutcome, RunTask } from './engine.ts';
import { gatesIn } from './read-gates.ts';
import { resultIn } from './result-text.ts';
import type { RunResult } from './run-result.ts';
import { verdictOf } from '../measures/gates.ts';
import type { RunSpec } from './run-spec.ts';

/** A run whose result is asked for. */
export type AskedRun = Pick<RunTask, 'id' | 'spec'>;

/** `wrong`: why it is no result of the run. */
export type ReadResult = { readonly result: RunResult } | { readonly wrong: string };

/** Differences that sums of floats have, as a share of what was summed. */
const FLOAT_SHARE = 1e-9;
/** What rounding may add to the fee of a fill. */
const FILL_FEE_USD = 1e-6;
const SAME_MS = 1e-3;

/** Reads the result of a run from where others may have changed it: only what this run can have had is taken. */
export function readResult(text: string, run: AskedRun): ReadResult {
  const result = resultIn(text);
  if (result === undefined) return { wrong: 'expected the text of a result, as mmbot writes it' };
  const wrong =
    foreignIn(result, run) ?? signIn(result) ?? contradictionIn(result) ?? feesIn(result, run.spec) ?? gatesIn(result, run.spec);
  return wrong === undefined ? { result } : { wrong };
}

/** An answer that depends on a result which its run cannot have had is worse than none. A page that nobody asked for is not ours. */
export function checkedOutcome(outcome: RunOutcome, task: RunTask): RunOutcome {
  if (outcome.kind === 'lost') return outcome;
  const read = readResult(outcome.result, task);
  if ('wrong' in read) return { kind: 'lost', reason: `what came back is no result of this run: ${read.wrong}` };
  return task.wantsPage ? outcome : { ...outcome, page: null };
}

/** A recording may be shorter than the run was to be; a bug may have ended it. */
function foreignIn({ id, seed, elapsedMs, bug }: RunResult, { id: asked, spec }: AskedRun): string | undefined {
  if (id !== asked) return differing('id', asked, id);
  if (seed !== spec.seed) return differing('seed', spec.seed, seed);
  const isWhole = spec.scenario.recording === null && bug === null;
  const isFit = elapsedMs >= 0 && elapsedMs <= spec.durationMs + SAME_MS && (!isWhole || elapsedMs >= spec.durationMs - SAME_MS);
  return isFit ? undefined : differing('elapsedMs', `${isWhole ? '' : 'at most '}${spec.durationMs}`, elapsedMs);
}

const COUNTS = ['fills', 'requests'] as const;
const AMOUNTS = ['turnoverUsd', 'drawdownUsd', 'largestPositionUsd', 'inventorySdUsd'] as const;

function signIn(result: RunResult): string | undefined {
  const { uptime } = result;
  const count = COUNTS.find((key) => !Number.isSafeInteger(result[key]) || result[key] < 0);
  if (count !== undefined) return differing(count, 'a whole number from 0 on', result[count]);
  const amount = AMOUNTS.find((key) => result[key] < 0);
  if (amount !== undefined) return differing(amount, 'at least 0', result[amount]);
  return uptime === null || (uptime >= 0 && uptime <= 1) ? undefined : differing('uptime', 'a share from 0 to 1', uptime);
}

function contradictionIn(result: RunResult): string | undefined {
  const { fills, turnoverUsd, spreadUsd, adverseUsd, feesUsd, fundingUsd, netUsd, drawdownUsd, verdict } = result;
  if (fills > 0 !== turnoverUsd > 0) return differing('turnoverUsd', `that of ${fills} fills`, turnoverUsd);
  const parts = [spreadUsd, adverseUsd, -feesUsd, -fundingUsd];
  const net = parts.reduce((sum, part) => sum + part, 0);
  const size = parts.reduce((sum, part) => sum + Math.abs(part), turnoverUsd);
  if (!Number.isFinite(size) || Math.abs(net - netUsd) > FLOAT_SHARE * size)
    return differing('netUsd', `the sum of its parts, ${net}`, netUsd);
  // The start counts as a high.
  if (drawdownUsd + netUsd < -FLOAT_SHARE * size) return differing('drawdownUsd', `at least the loss, ${-netUsd}`, drawdownUsd);
  const judged = verdictOf(result.gates, result.broken.length);
  return verdict === judged ? undefined : differing('verdict', `${judged}, by its gates and invariants`, verdict);
}

/** Every fill pays the fee of the maker or the taker. */
function feesIn({ fills, feesUsd, turnoverUsd }: RunResult, { fees }: RunSpec): string | undefined {
  const { makerPpm, takerPpm } = fees ?? { makerPpm: VIP0.maker, takerPpm: VIP0.taker };
  const at = (ppm: number): number => (ppm * turnoverUsd) / 1e6;
  const [least, most] = [at(Math.min(makerPpm, takerPpm)), at(Math.max(makerPpm, takerPpm))];
  const slack = FILL_FEE_USD * fills;
  const isFit = feesUsd >= least - slack && feesUsd <= most + slack;
  return isFit ? undefined : differing('feesUsd', `from ${least} to ${most} for this turnover`, feesUsd);
}

function differing(key: keyof RunResult, expected: string, found: string | number): string {
  return `${key}: expected ${expected}, was ${found}`;
}
