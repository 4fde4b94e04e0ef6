import { expect, test } from 'vitest';
import { KEYS } from '../../../src/config/fields.ts';
import { didYouMean } from '../../../src/config/suggest.ts';

const keys = KEYS.map(({ key }) => key);

test.each([
  ['quoting.baseSpreadBp', 'quoting.baseSpreadBps'],
  ['quoting.basespreadbps', 'quoting.baseSpreadBps'],
  ['baseSpreadBps', 'quoting.baseSpreadBps'],
  ['qouting.orderSizeUsd', 'quoting.orderSizeUsd'],
  ['risk.maxPostionUsd', 'risk.maxPositionUsd'],
])('%s is taken for %s', (typed, meant) => {
  expect(didYouMean(typed, keys)).toBe(` (did you mean ${meant}?)`);
});

test('two letters that changed places are one typo', () => {
  expect(didYouMean('riks', ['bybit', 'risk'])).toBe(' (did you mean risk?)');
});

test('a word like none of them gets no suggestion, however long', () => {
  expect(didYouMean('zzzzzz', keys)).toBe('');
  expect(didYouMean('', keys)).toBe('');
  expect(didYouMean('x'.repeat(60_000), keys)).toBe('');
});
