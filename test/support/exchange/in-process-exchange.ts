import { createBybitExchange } from '../../../src/exchange/bybit/bybit-exchange.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import type { RateLimiter } from '../../../src/execution/limits/rate-limiter.ts';
import type { Settings } from '../../../src/config/fields.ts';
import type { EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { inProcessWire } from '../../../src/simulator/wire-in-process.ts';
import { at } from '../../../src/util/array.ts';
import type { Clock } from '../../../src/util/clock.ts';
import type { Random } from '../../../src/util/random.ts';

interface InProcessOptions {
  readonly clock: Clock;
  /** Of the run: the adapter draws from a part of its own. */
  readonly random: Random;
  readonly settings: Settings;
  readonly limiter: RateLimiter;
  readonly account?: number;
  readonly orderEntry?: 'socket' | 'rest';
  /** What happens to the bytes on their way. */
  readonly between?: (wire: Wire) => Wire;
}

/** The production adapter, to an embedded exchange in this process. */
export function inProcessExchange(embedded: EmbeddedExchange, options: InProcessOptions): Exchange {
  const { clock, random, settings, limiter, account = 0, orderEntry = 'socket', between = (wire: Wire) => wire } = options;
  return createBybitExchange({
    wire: between(inProcessWire(embedded.surface, clock)),
    clock,
    random: random.fork('adapter'),
    credentials: at(embedded.keys, account),
    restUrl: 'http://embedded',
    wsUrl: 'ws://embedded',
    ...settings.bybit,
    orderEntry,
    beforeQuery: async () => void (await limiter.acquire('query')),
  });
}
