import { expect, test } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import { preflight } from '../../../src/execution/start/preflight.ts';
import { formatStepsShort } from '../../../src/model/grid.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { defined } from '../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import { inProcessExchange } from '../../support/exchange/in-process-exchange.ts';

/** Preflight, then a run, on a market in which nobody else trades: what was announced, and the first orders that were sent. */
async function announcedAndSent(sets: Readonly<Record<string, number>>) {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom('first quotes');
  const settings = settingsOf('conservative', sets);
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const embedded = createEmbeddedExchange({ clock, random, symbols: ['BTCUSDT'], market: 'none', accounts: 2 });
  const exchange = inProcessExchange(embedded, { clock, random, settings, limiter });
  const sent: Extract<BotEvent, { type: 'orderSent' }>['order'][] = [];
  const loop = new ExecutionLoop({
    settings,
    symbols: ['BTCUSDT'],
    exchange,
    journal: NO_JOURNAL,
    limiter,
    clock,
    random,
    record: (event) => event.type === 'orderSent' && sent.push(event.order),
    idPrefix: 'mm-t-',
  });
  const play = async (): Promise<string> => {
    embedded.start();
    const { markPrice, instrument } = defined(embedded.venue.market('BTCUSDT'), 'BTCUSDT');
    for (let i = 1; i <= 10; i += 1) {
      for (const side of ['buy', 'sell'] as const) {
        const price = ticks(Math.round(markPrice) + (side === 'buy' ? -7 * i : 7 * i));
        const terms = { symbol: 'BTCUSDT', type: 'limit', timeInForce: 'GTC', reduceOnly: false, orderLinkId: '' } as const;
        expect(embedded.venue.place(1, { ...terms, side, price, quantity: lots(900 + i) }).ok).toBe(true);
      }
    }
    const checks = await preflight({ exchange, clock, symbols: ['BTCUSDT'], settings, ownPrefix: 'mm-', foreignOrders: 'refuse' });
    expect(sent).toEqual([]);
    await loop.start();
    await sleep(clock, 1000);
    await loop.stop();
    await exchange.close();
    embedded.stop();
    const best = (['buy', 'sell'] as const).flatMap((side) => {
      const orders = sent.filter((order) => order.side === side);
      const [first] = orders;
      if (first === undefined) return [];
      const name = side === 'buy' ? 'bid' : 'ask';
      return [`${name} ${formatStepsShort(first.price, instrument.tick)} × ${formatStepsShort(first.quantity, instrument.lot)}`];
    });
    const { found = '', result = '' } = checks.find(({ id }) => id === 'quote-BTCUSDT') ?? {};
    return [`${result}: ${found}`, ...best].join('\n');
  };
  return await clock.run(play());
}

test('the quotes that preflight announces are the first orders of the run', async () => {
  const [found = '', bid = '', ask = ''] = (await announcedAndSent({})).split('\n');
  expect([bid, ask]).toEqual([expect.stringMatching(/^bid 6[\d.]+ × 0\.\d+$/), expect.stringMatching(/^ask 6[\d.]+ × 0\.\d+$/)]);
  expect(found).toBe(`ok: would quote ${bid}, ${ask}`);
  const [more = ''] = (await announcedAndSent({ 'quoting.levels': 3 })).split('\n');
  expect(more).toMatch(/^ok: would quote bid \S+ × \S+ and 2 more, ask \S+ × \S+ and 2 more$/);
});

test('where preflight announces no quote for its size, the run sends none', async () => {
  const [found = '', ...orders] = (await announcedAndSent({ 'quoting.orderSizeUsd': 10 })).split('\n');
  expect(found).toContain('fail: no quote: orders of 10 USD');
  expect(orders).toEqual([]);
});
