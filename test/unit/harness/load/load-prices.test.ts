import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restingTerms, Twins } from '../../../../src/harness/load/load-prices.ts';
import { instrumentOf } from '../../../../src/model/instrument.ts';
import { lots, ticks } from '../../../../src/model/units.ts';
import { LISTED_SYMBOLS, presetOf } from '../../../../src/simulator/instruments.ts';

test('orders of a load test are between 30 and 70 bps from the mid, at distinct prices, and large enough', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LISTED_SYMBOLS),
      fc.constantFrom('buy', 'sell'),
      fc.nat(100_000),
      fc.nat(40),
      (symbol, side, number, before) => {
        const { terms, startPrice } = presetOf(symbol);
        const instrument = instrumentOf(terms);
        const mid = Math.round(Number(startPrice) / instrument.tick.size);
        const touch = { bid: { price: ticks(mid - 1), quantity: lots(1) }, ask: { price: ticks(mid + 1), quantity: lots(1) } } as const;
        const twins = new Twins([]);
        const request = { side, touch, instrument, collarBps: 100, quantity: undefined, twins } as const;
        for (let i = 0; i < before; i += 1) {
          const earlier = restingTerms({ ...request, number: number + i });
          if (earlier !== undefined) twins.add(side, earlier);
        }
        const found = restingTerms({ ...request, number });
        expect(found).toBeDefined();
        if (found === undefined) return;
        expect(twins.has(side, found)).toBe(false);
        const distanceBps = ((side === 'buy' ? mid - found.price : found.price - mid) / mid) * 10_000;
        expect(distanceBps).toBeGreaterThanOrEqual(30 - 1e-9);
        // The nearest is rounded away from the mid, by less than a tick.
        expect(distanceBps).toBeLessThanOrEqual(70 + 10_000 / mid);
        expect(found.quantity).toBeGreaterThanOrEqual(instrument.minQuantity);
        expect(found.price * found.quantity).toBeGreaterThanOrEqual(instrument.minNotional);
      },
    ),
  );
});
