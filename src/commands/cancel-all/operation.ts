import type { Address } from '../../config/venues.ts';
import { endOf, EXIT, messageOf, MmbotError, type ExitCode } from '../../errors.ts';
import { isKeyUnknown } from '../../exchange/bybit/codec/ret-codes.ts';
import { isOwn, keyOf, type CancelScope, type RestingOrder } from '../../exchange/cancel-port.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import type { CancelAllParts, CancelAllRequest } from '../../execution/cancel/cancel-request.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { Host } from '../../host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock, type Clock } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import { resultDocument, resultText, type Plan } from './output.ts';
import { planOf } from './confirmation.ts';
import type { CancelEnding } from './ending.ts';
import { cancelInsistently } from './cancel-insistently.ts';
import { missingNames, nameOf, unknownScope, type MissingName } from './scopes.ts';
import { writeFailure } from '../terminal/lines.ts';
import { quietFromNow, type Emergency } from '../../wiring/emergency.ts';
import type { RunningBot } from './running-bot.ts';

/** Timeout of the lookup whether the exchange lists the given symbols and coins. */
const LISTED_MS = 2000;
/** Time after the deadline for the last result. */
const LAST_WORD_MS = 1500;
/** Between two progress lines. */
const PROGRESS_MS = 2000;

/** One run of mmbot cancel-all. */
export interface Operation {
  readonly host: Host;
  readonly address: Address;
  readonly emergency: Emergency;
  readonly clock: Clock;
  readonly log: Logger;
  readonly bot: RunningBot;
  readonly ending: CancelEnding;
  readonly scopes: readonly CancelScope[];
  /** --symbols or --settle-coin is given. */
  readonly isNarrowed: boolean;
  readonly isTarget: CancelAllRequest['isTarget'];
  readonly mine: boolean;
  readonly force: boolean;
  readonly includeStops: boolean;
  readonly deadlineMs: number;
}

interface How {
  /** Cancel no order and halt no bot. */
  readonly watchOnly: boolean;
  /** Called after every read with the targets that are open. */
  readonly onOpen?: (orders: readonly RestingOrder[]) => void;
}

export interface Outcome {
  readonly report: CancelReport;
  /** Symbols or coins given by the user that the exchange does not list and for which no order was seen. */
  readonly missing: readonly MissingName[];
}

/** The orders that are open now. Rejects with MmbotError (exit 2) when the exchange does not have a given symbol or coin. */
export async function planOrRefusal(operation: Operation): Promise<Plan> {
  const { emergency, clock, scopes, isTarget, includeStops, deadlineMs, ending } = operation;
  const isWanted = (order: RestingOrder): boolean => isTarget(order) !== false && (includeStops || order.kind === 'plain');
  const missing = ending.early(missingOf(operation));
  // It may never be awaited.
  missing.catch(() => undefined);
  try {
    const { plan, seen } = await ending.early(planOf(emergency.port, clock, scopes, isWanted, deadlineMs));
    const unseen = notAmong(seen, await missing);
    if (unseen.length > 0) throw unknownScope(unseen);
    return plan;
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    const unseen = await missing;
    throw unseen.length > 0 ? unknownScope(unseen) : unreadBy(operation, error);
  }
}

/** Cancels and verifies, or only verifies. Rejects with MmbotError when there is nothing to report. */
export async function operate(operation: Operation, { watchOnly, onOpen }: How): Promise<Outcome> {
  const { emergency, clock, log, bot, ending, scopes, isTarget, mine, force, includeStops, deadlineMs } = operation;
  const { port, limiter } = emergency;
  const startedAt = clock.monotonic();
  const quietAt = quietFromNow();
  const seen = new Map<string, RestingOrder>();
  const showProgress = progressTo(log);
  let missing: Promise<readonly MissingName[]> | undefined;
  let isNowhere = false;
  let hasLooked = false;
  const onLook: CancelAllParts['onLook'] = (open, found, unreadable, isAnswered) => {
    showProgress(found, open.length, unreadable);
    onOpen?.(open);
    const isBotThere = open.some((order) => isOwn(order) === true && !seen.has(keyOf(order)));
    for (const order of open) seen.set(keyOf(order), order);
    // Not before the first read, so that the first cancel is not delayed.
    if (hasLooked && isBotThere && !watchOnly) bot.haltAgain();
    hasLooked = true;
    // Orders of a slow list may be all that shows that a symbol exists.
    if (!isAnswered) return;
    // A bug in this lookup must not end the cancel.
    missing ??= missingOf(operation).then(
      (names) => {
        isNowhere = isAll(operation, names) && names.every(({ isSaid }) => isSaid);
        if (isNowhere && seen.size === 0) ending.end();
        return names;
      },
      (error: unknown) => {
        log.error('cancel_all_broke', {
          bug: error instanceof Error ? error.stack : messageOf(error),
          next: 'treat every symbol and coin as listed',
        });
        return [];
      },
    );
  };
  const request: CancelAllRequest = {
    trigger: 'operator',
    scopes,
    isTarget,
    isEverything: !mine,
    isShared: mine,
    includeStops,
    perOrder: force,
    lateCreateDeadline: () => Math.max(quietAt, bot.quietAt),
    watchOnly,
    signal: ending.signal,
    deadlineMs,
  };
  const canceling = cancelInsistently(request, { port, clock, limiter, onLook }, log);
  if (!watchOnly) bot.haltByUser();
  const ended = await canceling.then(
    (report) => ({ report, failure: undefined }),
    (failure: unknown) => ({ report: undefined, failure }),
  );
  const isInterrupted = ending.interruptedBy !== undefined;
  const leftMs = isInterrupted ? 0 : Math.min(LISTED_MS, startedAt + deadlineMs + LAST_WORD_MS - clock.monotonic());
  const unseen = notAmong([...seen.values()], await within(clock, leftMs, missing ?? Promise.resolve([]), () => []));
  const { report, failure } = ended;
  if (seen.size === 0 && isAll(operation, unseen) && (isNowhere || report?.verified === true)) throw unknownScope(unseen);
  if (report !== undefined) return { report, missing: unseen };
  throw failure instanceof ExchangeError ? (ending.unread() ?? unreadBy(operation, failure)) : failure;
}

export function showResult({ host, address, bot, ending, log }: Operation, { report, missing }: Outcome, json: boolean): ExitCode {
  const { trigger, method, canceled, remaining, verified } = report;
  log.info('cancel_all_done', { trigger, canceled, failed: remaining.length, remaining: remaining.length, method, verified });
  const end = endOf(verified ? EXIT.ok : EXIT.ordersRemain, missing.length === 0 ? undefined : unknownScope(missing));
  const about = { runningBot: bot.outcome, interruptedBy: ending.interruptedBy, missing: missing.map(({ name }) => name) };
  writeFailure(host, end.failure);
  host.stdout.write(json ? resultDocument(report, end, address.restUrl, about) : resultText(host, report, about));
  return end.exitCode;
}

/** Given symbols or coins that the exchange does not list; nothing to look up when the default scopes are used. */
function missingOf({ isNarrowed, scopes, emergency, clock }: Operation): Promise<readonly MissingName[]> {
  return isNarrowed ? within(clock, LISTED_MS, missingNames(scopes, emergency.port), () => []) : Promise.resolve([]);
}

function isAll({ isNarrowed, scopes }: Operation, missing: readonly MissingName[]): boolean {
  return isNarrowed && missing.length === new Set(scopes.map(nameOf)).size;
}

/** A symbol or coin with an open order exists, even if the list of instruments lacks it. */
function notAmong(orders: readonly RestingOrder[], missing: readonly MissingName[]): readonly MissingName[] {
  return missing.filter(({ name, isSymbol }) => (isSymbol ? orders.every(({ symbol }) => symbol !== name) : orders.length === 0));
}

/** The error when no list could be read. If the exchange was not reached, or does not know the key, the exit code is that of the connection error. */
function unreadBy({ emergency, force }: Operation, error: ExchangeError): MmbotError {
  const isConnected = emergency.isReached() && !isKeyUnknown(error);
  const mend = isConnected ? `try again${force ? '' : ' with --force'}` : (error.hint ?? 'check the address, the network and the keys');
  return new MmbotError({
    code: isConnected ? 'orders_unread' : error.code,
    exitCode: isConnected ? EXIT.ordersRemain : error.exitCode,
    message: `ORDERS MAY REMAIN: no list of open orders could be read: ${error.message}`,
    hint: `${mend}; meanwhile check the account and cancel in the web interface of the exchange; only exit 0 proves that nothing is open`,
    cause: error,
  });
}

function progressTo(log: Logger): (found: number, open: number, unreadable: string | undefined) => void {
  let shownAt = systemClock.monotonic();
  return (found, open, unreadable) => {
    if (systemClock.monotonic() - shownAt < PROGRESS_MS) return;
    shownAt = systemClock.monotonic();
    if (unreadable === undefined) log.info('cancel_all_progress', { found, open });
    else log.warn('cancel_all_progress', { found, open: open === 0 ? 'unknown' : open, unreadable });
  };
}
