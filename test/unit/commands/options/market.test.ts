import { expect, test } from 'vitest';
import { parseCrowdedMarket } from '../../../../src/commands/options/market.ts';
import { CROWDED_MARKET_NAMES } from '../../../../src/simulator/market-model/markets.ts';

test('every market with a crowd can be soaked', () => {
  expect(CROWDED_MARKET_NAMES.map(parseCrowdedMarket)).toEqual(CROWDED_MARKET_NAMES);
});

test('an empty book is refused with the command that serves one, anything else with the choices', () => {
  expect(() => parseCrowdedMarket('none')).toThrow('"mmbot exchange --market none" serves one. Allowed choices are btc, calm,');
  expect(() => parseCrowdedMarket('btcc')).toThrow(/^Allowed choices are btc, calm, benign, toxic, flash\.$/);
});
