import { expect, test } from 'vitest';
import { parseMarketModel } from '../../../../src/commands/options/market.ts';
import { MARKET_MODEL_NAMES } from '../../../../src/simulator/market-model/markets.ts';

test('every market with simulated traders can be soaked', () => {
  expect(MARKET_MODEL_NAMES.map(parseMarketModel)).toEqual(MARKET_MODEL_NAMES);
});

test('an empty book is refused with the command that serves one, anything else with the choices', () => {
  expect(() => parseMarketModel('none')).toThrow('"mmbot exchange --market none" serves one. Allowed choices are btc, calm,');
  expect(() => parseMarketModel('btcc')).toThrow(/^Allowed choices are btc, calm, benign, toxic, flash\.$/);
});
