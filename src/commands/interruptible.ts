import { EXIT, MmbotError } from '../errors.ts';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../host.ts';
import { withResolvers } from '../util/promise.ts';

/** What is known of the orders of earlier runs, before this one has looked at them. */
export type EarlierOrders = 'unknown' | 'none' | 'may_rest';

/** Work that is done before the loop listens to signals by itself. A signal ends it with an MmbotError; nothing of this run can rest yet. */
export async function interruptible<T>(host: Host, earlier: () => EarlierOrders, work: Promise<T>): Promise<T> {
  const { promise: interrupted, reject } = withResolvers<never>();
  const forget = host.onSignal((signal) => reject(stoppedBy(signal, earlier())));
  // After a signal its outcome is ignored.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    forget();
  }
}

function stoppedBy(signal: Signal, earlier: EarlierOrders): MmbotError {
  if (earlier === 'may_rest')
    return new MmbotError({
      code: 'interrupted',
      exitCode: EXIT.ordersRemain,
      message: `ORDERS MAY REMAIN: stopped by ${signal} before it had canceled what an earlier run left, which did not end in order`,
      hint: 'start it again, or mmbot cancel-all --mine --force with the same venue and key',
    });
  const unseen = earlier === 'unknown' ? ', and before it had looked at what an earlier run may have left' : '';
  return new MmbotError({
    code: 'interrupted',
    exitCode: EXIT_OF_SIGNAL[signal],
    message: `stopped by ${signal} before anything was sent${unseen}`,
  });
}
