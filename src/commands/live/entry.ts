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

/** Attempts of each read during the start, over about three seconds. */
const START_TRIES = 6;
/** Bybit's default. A broken connection is restored sooner, so that a reconnect does not cancel the orders. */
const DISCONNECT_SECONDS = 10;
/** A ban of ten minutes can delay a guard; one that takes much longer may be suspended, or may not be a guard at all. */
const GUARD_PATIENCE_MS = 1_200_000;

export interface AccountWait extends GuardWait {
  /** Reads the user id of the key; called when the account is locked by its key and no guard of that key is running. */
  readonly userId: () => Promise<string | undefined>;
  /** Called with the reason when mmbot cancel-all halts this process, or another process takes the account. */
  readonly onHalt: (reason: string) => void;
}

/**
 * Locks the account of this run by its key and by its user id, after any guard of an earlier run has ended. Rejects when `userId`
 * rejects.
 */
export async function accountOf(
  { address, credentials, emergency }: Pick<LiveVenue, 'address' | 'credentials' | 'emergency'>,
  { userId, onHalt, ...waiting }: AccountWait,
): Promise<ClaimedAccount> {
  const ask = async (): Promise<string | undefined> => {
    // While that guard is still canceling, the exchange may be banning this address.
    await untilGuardGone([nameByKey(address, credentials.apiKey)], waiting);
    return await userId();
  };
  const account = await claimAccount({ address, credentials, emergency, userId: ask, onHalt });
  try {
    // A guard that was started with another key of the account.
    await untilGuardGone(account.names, waiting);
    return account;
  } catch (error) {
    await account[Symbol.asyncDispose]();
    throw error;
  }
}

/** A freeze stays in effect after the run that it stopped, until the user lifts it with --unfreeze. */
export function refuseFrozen({ frozen }: JournalHistory, { unfreeze }: { readonly unfreeze?: boolean }): void {
  if (frozen === undefined || unfreeze === true) return;
  const time = frozen.at === UNKNOWN_TIME ? 'an unknown time' : isoTime(frozen.at);
  throw new MmbotError({
    code: 'frozen',
    exitCode: EXIT.failed,
    message: `trading of this account froze at ${time}: ${frozen.reason}`,
    hint: 'resolve the cause, then start again with --unfreeze',
  });
}

export interface GuardWait {
  /** Ends with the command. */
  readonly clock: Clock;
  readonly log: Logger;
  readonly earlier: EarlierRun;
}

/** Waits for the guard of an earlier run: after it has canceled, it still looks for late orders and would cancel ours. Throws MmbotError (exit 4) when it does not end. */
async function untilGuardGone(names: readonly string[], { clock, log, earlier }: GuardWait): Promise<void> {
  let hasWaited = false;
  const waits = (): void => {
    earlier.guardActs();
    if (!hasWaited)
      log.warn('waiting_for_guard', { meaning: 'the guard of an earlier run is still canceling: no order is placed until it is done' });
    hasWaited = true;
  };
  const areFree = await Promise.all(names.map((name) => untilFree(guardName(name), clock, GUARD_PATIENCE_MS, waits)));
  if (areFree.includes(false)) {
    throw new MmbotError({
      code: 'guard_stuck',
      exitCode: EXIT.ordersRemain,
      message: `the guard of an earlier run has not ended within ${GUARD_PATIENCE_MS / 60_000} minutes: orders of that run may be open`,
      hint: 'end the process "mmbot guard"',
    });
  }
  earlier.guardIsDone();
  if (hasWaited) log.info('guard_done');
}

/** Retries failed reads during the start; once it trades, the loop handles them. */
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

/** Turns on the exchange's own safety features for the account, and logs a warning for each that it does not have. */
export async function armVenue(exchange: Exchange, foreignOrders: 'refuse' | 'ignore', log: Logger): Promise<void> {
  if (!(await exchange.prepareAccount()))
    log.warn('price_limits_move', {
      meaning: 'the exchange changes a price outside its limits instead of rejecting the order; orders at another price are reported',
    });
  if (foreignOrders === 'ignore')
    return log.warn('host_loss_not_covered', {
      meaning: 'cancel on disconnect is not used, because it would also cancel orders of other clients of this account',
    });
  if (await exchange.armDisconnectCancel(DISCONNECT_SECONDS))
    log.info('disconnect_cancel_armed', {
      seconds: DISCONNECT_SECONDS,
      meaning:
        'when this connection has been lost or closed for so long, also by a stop, the exchange cancels all contract orders of the account',
    });
  else
    log.warn('host_loss_not_covered', {
      meaning: 'orders stay open if this machine or its network fails: the account has no cancel on disconnect',
    });
}
