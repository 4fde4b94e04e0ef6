import type { Settings } from '../config/fields.ts';
import { createBybitExchange, type BybitOptions } from '../exchange/bybit/bybit-exchange.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { RateLimiter } from '../execution/limits/rate-limiter.ts';

interface TradingParts extends Omit<BybitOptions, 'recvWindowMs' | 'requestTimeoutMs' | 'beforeQuery'> {
  readonly settings: Settings;
  readonly limiter: RateLimiter;
}

/** The adapter as every run uses it: the time limits of the settings, and queries in their lane of the limiter. */
export function tradingExchange({ settings, limiter, ...parts }: TradingParts): Exchange {
  return createBybitExchange({
    ...parts,
    ...settings.bybit,
    beforeQuery: async () => void (await limiter.acquire('query')),
  });
}
