import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { parseSymbols } from '../../../../src/commands/options/symbols.ts';

test.each([
  ['BTCUSDT', ['BTCUSDT']],
  ['BTCUSDT, ETHUSDT', ['BTCUSDT', 'ETHUSDT']],
  ['BTCUSDT-26DEC26', ['BTCUSDT-26DEC26']],
  ['BTC-26DEC26', ['BTC-26DEC26']],
  ['BTCUSDZ26,1000PEPEUSDT', ['BTCUSDZ26', '1000PEPEUSDT']],
  ['BTC-26DEC26-100000-C', ['BTC-26DEC26-100000-C']],
  ['BTC-26DEC26-100000-P-USDT', ['BTC-26DEC26-100000-P-USDT']],
])('%s is a list of symbols', (text, symbols) => {
  expect(parseSymbols(text)).toEqual(symbols);
});

test.each(['', 'btcusdt', 'BTCUSDT-', '-26DEC26', 'BTC--26DEC26', 'BTC/USDT', 'BTCUSDT;ETHUSDT', 'BTCUSDT,BTCUSDT', 'B'.repeat(41)])(
  '%j is none',
  (text) => {
    expect(() => parseSymbols(text)).toThrow(InvalidArgumentError);
  },
);
