import { expect, test } from 'vitest';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

/** Says nothing of mark prices between these times of the run. */
function withoutTickers(exchange: Exchange, fromMs: number, toMs: number): Exchange {
  return new Proxy(exchange, {
    get(target, name) {
      const own: unknown = name === 'connect' ? connect : Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
  function connect(symbols: readonly string[], listener: Parameters<Exchange['connect']>[1]): Promise<void> {
    const startedAt = exchange.now();
    return exchange.connect(symbols, (event) => {
      const elapsedMs = exchange.now() - startedAt;
      if (event.type !== 'ticker' || elapsedMs < fromMs || elapsedMs > toMs) listener(event);
    });
  }
}

test('while no ticker comes nothing is quoted by the old mark price; when one comes, quotes come back', async () => {
  const resting: number[] = [];
  const holds: (string | undefined)[] = [];
  await virtualSoak({
    settings: settingsOf('s1', { 'risk.stalePriceMs': 3000 }),
    seed: '8',
    durationMs: 22_000,
    between: (exchange) => withoutTickers(exchange, 5000, 15_000),
    onEvent: (event) => event.type === 'hold' && holds.push(event.reason),
    onSample: (_, ledger) => resting.push(ledger.openOrders().length),
  });
  expect(holds.slice(-2)).toEqual(['stale_mark_price', undefined]);
  expect(Math.max(...resting.slice(10, 14))).toBe(0);
  expect([Math.min(...resting.slice(2, 6)), resting.at(-2)].every((count) => count !== undefined && count > 0)).toBe(true);
});
