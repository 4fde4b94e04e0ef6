import { EXIT, MmbotError } from '../../errors.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { patientReads, type ReadAgain } from '../../exchange/bybit/rest/read-again.ts';
import { untilFree } from '../../store/instance.ts';
import { UNKNOWN_TIME } from '../../execution/journal.ts';
import type { JournalHistory } from '../../store/journal-folder.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { isoTime, type Clock } from '../../util/clock.ts';
import { guardName, nameByKey } from '../../wiring/account-names.ts';
import { claimAccount, type ClaimedAccount } from '../../wiring/claimed-account.ts';
import type { EarlierRun } from './earlier-run.ts';
import type { LiveVenue } from '../../wiring/live-venue.ts';

/** Each read of the start is asked so often, over some three seconds, when it has no answer. */
const START_TRIES = 6;
/** Bybit's default. A connection that breaks is back before, and a venue that is told of it takes ten seconds to act on it anyway. */
const DISCONNECT_SECONDS = 10;
/** A guard lives through a ban of ten minutes; one that takes far longer may be stopped, or not be one. */
const GUARD_PATIENCE_MS = 1_200_000;

export interface AccountWait extends GuardWait {
  /** Asks the exchange whose key it is; begins when the account is locked by its key and no guard acts on that. */
  readonly userId: () => Promise<string | undefined>;
  /** An emergency halts this process from outside. */
  readonly onHalt: () => void;
}

/**
 * The account of this run, by its key and by its user, when no guard of an earlier run acts on it any more. Rejects with what `userId`
 * rejects with.
 */
export async function accountOf(
  { address, credentials }: Pick<LiveVenue, 'address' | 'credentials'>,
  { userId, onHalt, ...waiting }: AccountWait,
): Promise<ClaimedAccount> {
  const ask = async (): Promise<string | undefined> => {
    // As long as that still cancels, its exchange may not answer anybody.
    await untilGuardGone([nameByKey(address, credentials.apiKey)], waiting);
    return await userId();
  };
  const account = await claimAccount({ address, credentials, userId: ask, onHalt });
  try {
    // One that was started with another key of the account.
    await untilGuardGone(account.names, waiting);
    return account;
  } catch (error) {
    await account[Symbol.asyncDispose]();
    throw error;
  }
}

/** A freeze outlives the run that it stopped: only a person lifts it. */
export function refuseFrozen({ frozen }: JournalHistory, { unfreeze }: { readonly unfreeze?: boolean }): void {
  if (frozen === undefined || unfreeze === true) return;
  const time = frozen.at === UNKNOWN_TIME ? 'an unknown time' : isoTime(frozen.at);
  throw new MmbotError({
    code: 'frozen',
    exitCode: EXIT.failed,
    message: `trading of this account froze at ${time}: ${frozen.reason}`,
    hint: 'look into it, then start again with --unfreeze',
  });
}

export interface GuardWait {
  /** Ends with the command. */
  readonly clock: Clock;
  readonly log: Logger;
  readonly earlier: EarlierRun;
}

/** The guard of an earlier run still looks for late orders after it has canceled, and would take ours for some. Throws MmbotError (exit 4) when it does not end. */
async function untilGuardGone(names: readonly string[], { clock, log, earlier }: GuardWait): Promise<void> {
  let hasWaited = false;
  const waits = (): void => {
    earlier.guardActs();
    if (!hasWaited)
      log.warn('waiting_for_guard', { meaning: 'the guard of an earlier run is still canceling: nothing is placed until it is done' });
    hasWaited = true;
  };
  const areFree = await Promise.all(names.map((name) => untilFree(guardName(name), clock, GUARD_PATIENCE_MS, waits)));
  if (areFree.includes(false)) {
    throw new MmbotError({
      code: 'guard_stuck',
      exitCode: EXIT.ordersRemain,
      message: `the guard of an earlier run has not ended within ${GUARD_PATIENCE_MS / 60_000} minutes: orders of that run may remain`,
      hint: 'mmbot cancel-all --force; then end the process "mmbot guard"',
    });
  }
  earlier.guardIsDone();
  if (hasWaited) log.info('guard_done');
}

/** While it starts, one lost answer is no reason to give up; once it trades, the loop has its own ways. */
export function startPatience(log: Logger): { readonly readAgain: ReadAgain; readonly end: () => void } {
  const patient = patientReads(START_TRIES);
  let isStarting = true;
  return {
    readAgain(error, tries, path) {
      const inMs = isStarting ? patient(error, tries, path) : undefined;
      if (inMs !== undefined) log.warn('asking_again', { path, tries, inMs, reason: error.message });
      return inMs;
    },
    end: () => {
      isStarting = false;
    },
  };
}

/** What the exchange itself can do for the safety of the account; what it cannot is said. */
export async function armVenue(exchange: Exchange, foreignOrders: 'refuse' | 'ignore', log: Logger): Promise<void> {
  if (!(await exchange.prepareAccount()))
    log.warn('price_limits_move', {
      meaning: 'the exchange moves a price outside its limits instead of refusing it; orders found elsewhere are reported',
    });
  if (foreignOrders === 'ignore')
    return log.warn('host_loss_not_covered', { meaning: 'cancel on disconnect would take the orders of others on this account with ours' });
  if (await exchange.armDisconnectCancel(DISCONNECT_SECONDS))
    log.info('disconnect_cancel_armed', {
      seconds: DISCONNECT_SECONDS,
      meaning: 'when the connection has been dead for so long, however it ended, the exchange cancels every contract order of the account',
    });
  else
    log.warn('host_loss_not_covered', {
      meaning: 'nobody cancels when this machine, its power or its network is lost: the account has no cancel on disconnect',
    });
}
