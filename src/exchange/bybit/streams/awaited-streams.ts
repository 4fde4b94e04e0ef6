import type { Cancel, Clock } from '../../../util/clock.ts';
import { withResolvers } from '../../../util/promise.ts';
import { ExchangeError } from '../../errors.ts';
import type { StreamName } from '../../exchange.ts';

/** Time limit for the first connection of all streams. */
const DEADLINE_MS = 30_000;
/** How long to wait for the trade socket when the other streams are up: orders can also be sent over HTTP. */
const TRADE_PATIENCE_MS = 5000;

/** Waits until all streams are up for the first time, or fails with the reason. */
export interface AwaitedStreams {
  /** Rejects with ExchangeError. */
  readonly ready: Promise<void>;
  up(stream: StreamName): void;
  abandon(error: ExchangeError): void;
}

export function awaitStreams(clock: Clock, names: readonly StreamName[]): AwaitedStreams {
  const { promise: ready, resolve, reject } = withResolvers<void>();
  const waiting = new Set(names);
  let cancelPatience: Cancel = () => undefined;
  const cancelDeadline = clock.schedule(DEADLINE_MS, () => {
    const missing = [...waiting].join(', ');
    abandon(new ExchangeError('unavailable', 'not-applied', `streams not up within ${DEADLINE_MS} ms: ${missing}`));
  });
  const settle = (): void => {
    cancelDeadline();
    cancelPatience();
  };
  const done = (): void => {
    settle();
    resolve();
  };
  const abandon = (error: ExchangeError): void => {
    settle();
    reject(error);
  };
  const up = (stream: StreamName): void => {
    waiting.delete(stream);
    cancelPatience();
    if (waiting.size === 0) done();
    else if (waiting.size === 1 && waiting.has('trade')) cancelPatience = clock.schedule(TRADE_PATIENCE_MS, done);
  };
  return { ready, up, abandon };
}
