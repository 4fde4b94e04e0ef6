import type { ApiCredentials } from '../config/credentials.ts';
import type { Address } from '../config/venues.ts';
import { createCancelClient, type CancelClient } from '../exchange/bybit/cancel/cancel-client.ts';
import { socketsWire } from '../exchange/bybit/wire/wire-sockets.ts';
import type { CancelPort } from '../exchange/cancel-port.ts';
import type { RateLimiter } from '../execution/limits/rate-limiter.ts';
import { settledAfterMs } from '../execution/orders/unknown-orders.ts';
import { systemClock, type Clock } from '../util/clock.ts';
import { systemRandom } from '../util/random.ts';
import { tradingLimiter } from './limiters.ts';

/** Requests per second in each lane that Bybit allows an ordinary account; an emergency uses all of them. */
const OPS_PER_SECOND = 10;
/** The exchange rejects a request of ours that arrives later than this. */
const RECV_WINDOW_MS = 2000;
const REQUEST_TIMEOUT_MS = 2000;

/** What is needed to cancel all orders; it uses no configuration and no state. */
export interface Emergency extends AsyncDisposable {
  readonly port: CancelPort;
  readonly isReached: CancelClient['isReached'];
  readonly nobodySince: CancelClient['nobodySince'];
  readonly userId: CancelClient['userId'];
  readonly limiter: RateLimiter;
}

export function openEmergency(address: Address, credentials: ApiCredentials, clock: Clock = systemClock): Emergency {
  const limiter = tradingLimiter(clock, OPS_PER_SECOND);
  const client = createCancelClient({
    ...address,
    wire: socketsWire(),
    clock,
    random: systemRandom,
    credentials,
    recvWindowMs: RECV_WINDOW_MS,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    beforeQuery: async () => void (await limiter.acquire('query')),
    beforeResend: async () => void (await limiter.acquire('cancel')),
    onLimit: (observation) => limiter.observe(observation),
  });
  const { port, isReached, nobodySince, userId } = client;
  return { port, isReached, nobodySince, userId, limiter, [Symbol.asyncDispose]: () => client.close() };
}

/** Monotonic time by which a create that is in flight now has reached the exchange or been rejected. */
export function quietFromNow(): number {
  return systemClock.monotonic() + settledAfterMs(RECV_WINDOW_MS);
}
