import type { Host, Signal } from '../../host.ts';
import type { Logger } from '../../telemetry/logger.ts';

export interface Stop {
  readonly aborted: AbortSignal;
  signal(): Signal | undefined;
  release(): void;
}

/** The first signal starts a clean stop; later ones are ignored while orders are being canceled. */
export function stopOnSignal(host: Host, log: Logger): Stop {
  const controller = new AbortController();
  let first: Signal | undefined;
  const release = host.onSignal((signal) => {
    log.warn(first === undefined ? 'stopping' : 'already_stopping', { signal, next: 'cancel all orders, verify, report' });
    first ??= signal;
    controller.abort();
  });
  return { aborted: controller.signal, signal: () => first, release };
}
