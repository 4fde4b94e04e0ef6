import { EXIT, MmbotError } from '../errors.ts';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../host.ts';
import type { JournalHistory } from '../store/journal-folder.ts';
import { withResolvers } from '../util/promise.ts';

/** Work that is done before the loop listens to signals by itself. A signal ends it with an MmbotError. */
export async function interruptible<T>(host: Host, { endedClean }: Pick<JournalHistory, 'endedClean'>, work: Promise<T>): Promise<T> {
  const { promise: interrupted, reject } = withResolvers<never>();
  const forget = host.onSignal((signal) => reject(stoppedBy(signal, endedClean)));
  // After a signal its outcome is ignored.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    forget();
  }
}

/** Nothing of this run can rest yet; but of one before that did not end in order. */
function stoppedBy(signal: Signal, endedClean: boolean): MmbotError {
  if (endedClean)
    return new MmbotError({
      code: 'interrupted',
      exitCode: EXIT_OF_SIGNAL[signal],
      message: `stopped by ${signal} before anything was sent`,
    });
  return new MmbotError({
    code: 'interrupted',
    exitCode: EXIT.ordersRemain,
    message: `ORDERS MAY REMAIN: stopped by ${signal} before it had canceled what an earlier run left, which did not end in order`,
    hint: 'start it again, or mmbot cancel-all --mine --force with the same venue and key',
  });
}
