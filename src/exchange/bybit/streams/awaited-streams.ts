import type { Cancel, Clock } from '../../../util/clock.ts';
import { withResolvers } from '../../../util/promise.ts';
import { ExchangeError } from '../../errors.ts';
import type { StreamName } from '../../exchange.ts';

/** To bring up every stream for the first time. */
const DEADLINE_MS = 30_000;
/** So long the trade socket is waited for when the other streams are up: HTTP is a way too. */
const TRADE_PATIENCE_MS = 5000;

/** The first time that all streams are up, or the reason why that never was. */
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
