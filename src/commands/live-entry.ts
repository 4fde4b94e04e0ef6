import { EXIT, MmbotError } from '../errors.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { patientReads, type ReadAgain } from '../exchange/bybit/read-again.ts';
import { claimInstance, untilFree } from '../store/instance.ts';
import type { JournalHistory } from '../store/journal-folder.ts';
import type { Logger } from '../telemetry/logger.ts';
import { isoTime } from '../util/clock.ts';
import { guardName } from './address.ts';

/** Each read of the start is asked so often, over some three seconds, when it has no answer. */
const START_TRIES = 6;
/** Bybit's default. A connection that breaks is back before, and a venue that is told of it takes ten seconds to act on it anyway. */
const DISCONNECT_SECONDS = 10;

/** Two bots on one account would fight over its orders and its limits. */
export async function onlyInstance(account: string, onHalt: () => void): Promise<AsyncDisposable> {
  const instance = await claimInstance(account, onHalt);
  if (instance !== undefined) return { [Symbol.asyncDispose]: () => instance.release() };
  throw new MmbotError({
    code: 'already_running',
    exitCode: EXIT.usage,
    message: 'another mmbot live of this account is running on this machine',
    hint: 'stop it first; mmbot cancel-all halts it and cancels everything',
  });
}

/** A freeze outlives the run that it stopped: only a person lifts it. */
export function refuseFrozen({ frozen }: JournalHistory, { unfreeze }: { readonly unfreeze?: boolean }): void {
  if (frozen === undefined || unfreeze === true) return;
  throw new MmbotError({
    code: 'frozen',
    exitCode: EXIT.failed,
    message: `trading of this account froze at ${isoTime(frozen.at)}: ${frozen.reason}`,
    hint: 'look into it, then start again with --unfreeze',
  });
}

/** The guard of an earlier run still looks for late orders after it has canceled, and would take ours for some. */
export async function untilGuardGone(account: string, log: Logger): Promise<void> {
  let hasWaited = false;
  await untilFree(guardName(account), () => {
    if (!hasWaited)
      log.warn('waiting_for_guard', { meaning: 'the guard of an earlier run is still canceling: nothing is quoted until it is done' });
    hasWaited = true;
  });
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
