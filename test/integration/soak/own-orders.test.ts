import { expect, test } from 'vitest';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import { touchOf, type BookView } from '../../../src/model/book.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

/** Shows the book that the bot gets. */
function watched(exchange: Exchange, onBook: (book: BookView) => void): Exchange {
  return new Proxy(exchange, {
    get(target, name) {
      const own: unknown = name === 'connect' ? connect : Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
  function connect(symbols: readonly string[], listener: Parameters<Exchange['connect']>[1]): Promise<void> {
    return exchange.connect(symbols, (event) => {
      if (event.type === 'book') onBook(event.book);
      listener(event);
    });
  }
}

test('a bot whose own orders are the best of the book goes by the market behind them', async () => {
  let book: BookView | undefined;
  const behind: boolean[] = [];
  const fairValues: number[] = [];
  const mids: (number | undefined)[] = [];
  await virtualSoak({
    settings: settingsOf('s1', { 'quoting.fairValue': 'mid' }),
    seed: '7',
    durationMs: 120_000,
    between: (exchange) => watched(exchange, (shown) => (book = shown)),
    onEvent(event) {
      const touch = book === undefined ? undefined : touchOf(book);
      if (event.type !== 'turn' || touch === undefined || event.explanation.fairValueTicks === undefined) return;
      behind.push(event.mid !== (touch.bid.price + touch.ask.price) / 2);
      fairValues.push(event.explanation.fairValueTicks);
      mids.push(event.mid);
    },
  });
  expect(behind.filter(Boolean).length).toBeGreaterThan(10);
  expect(behind.filter((is) => !is).length).toBeGreaterThan(10);
  expect(fairValues).toEqual(mids);
});
