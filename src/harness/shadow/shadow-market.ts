import { ExchangeError } from '../../exchange/errors.ts';
import type { ExchangeEvent } from '../../exchange/exchange.ts';
import type { MarketFeed } from '../../exchange/bybit/streams/market-feed.ts';
import { LiveMarket } from '../../simulator/replay/live-market.ts';
import type { QueueModel } from '../../simulator/replay/queue-models.ts';
import type { Clock } from '../../util/clock.ts';
import type { MarketEvents } from './shadow-exchange.ts';

const FIRST_SIGHT_MS = 15_000;

export interface ShadowMarket {
  /** For the simulated exchange that takes the orders. */
  readonly source: LiveMarket;
  /** For the bot. An event is matched against the orders before the bot receives it. */
  readonly events: MarketEvents;
}

/** Resolves when every symbol has an order book and a mark price. Rejects with ExchangeError. */
export async function openShadowMarket(
  feed: MarketFeed,
  symbols: readonly string[],
  queueModel: QueueModel,
  clock: Clock,
): Promise<ShadowMarket> {
  const source = new LiveMarket(await feed.instruments(symbols), queueModel);
  const unseen = new Set(symbols.flatMap((symbol) => [`book of ${symbol}`, `mark price of ${symbol}`]));
  let listener: ((event: ExchangeEvent) => void) | undefined;
  let state: ExchangeEvent | undefined;
  await new Promise<void>((resolve, reject) => {
    const cancel = clock.schedule(FIRST_SIGHT_MS, () =>
      reject(new ExchangeError('unavailable', 'not-applied', `not seen within ${FIRST_SIGHT_MS} ms: ${[...unseen].join(', ')}`)),
    );
    feed.connect(symbols, (event) => {
      if (event.type === 'stream') state = event;
      if (event.type === 'book') unseen.delete(`book of ${event.symbol}`);
      if (event.type === 'ticker' && event.ticker.markPrice !== undefined) unseen.delete(`mark price of ${event.ticker.symbol}`);
      source.observe(event);
      listener?.(event);
      if (unseen.size > 0) return;
      cancel();
      resolve();
    });
  });
  const subscribe = (subscriber: (event: ExchangeEvent) => void): void => {
    listener = subscriber;
    if (state !== undefined) subscriber(state);
  };
  return { source, events: { subscribe } };
}
