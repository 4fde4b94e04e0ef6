import { describe, expect, test } from 'vitest';
import { parseLoadSymbols, parseRate, parseSla, parseWarmUp } from '../../../../src/commands/load-test/options.ts';

describe('options of load-test', () => {
  test.each([
    ['60', 1],
    ['9/s', 9],
    ['100/min', 100 / 60],
    ['3600/h', 1],
    ['0.5/s', 0.5],
  ])('reads a rate of %s', (text, perSecond) => {
    expect(parseRate(text).perSecond).toBeCloseTo(perSecond, 12);
  });

  test.each(['', '0', '-5', '9/d', 'fast', '1e3', '60000/s', '9 /s'])('refuses a rate of %j and says what it expects', (text) => {
    expect(() => parseRate(text)).toThrow(/9\/s, 100\/min/);
  });

  test('reads bounds of an SLA', () => {
    expect(parseSla('p95=340, p99.9=500ms,max=2000').map(({ name, quantile, boundMs }) => [name, quantile, boundMs])).toEqual([
      ['p95', 0.95, 340],
      ['p99.9', 0.999, 500],
      ['max', 1, 2000],
    ]);
  });

  test.each(['', 'p95', 'p95=0', 'p100=3', 'p0=3', 'q95=340', 'p95=340;p99=500', 'p95=-1', 'p95=340,p95=300'])(
    'refuses the bounds %j',
    (text) => {
      expect(() => parseSla(text)).toThrow(/p95=340,p99=500|given twice/);
    },
  );

  test('symbols are named or counted', () => {
    expect(parseLoadSymbols('3')).toEqual(['BTCUSDT', 'ETHUSDT', 'SOLUSDT']);
    expect(parseLoadSymbols('XRPUSDT')).toEqual(['XRPUSDT']);
    expect(() => parseLoadSymbols('99')).toThrow(/count from 1 to 12/);
    expect(() => parseLoadSymbols('0')).toThrow(/count from 1/);
  });

  test('a warm-up may be none', () => {
    expect(['0', '5', '90s', '2m'].map(parseWarmUp)).toEqual([0, 5000, 90_000, 120_000]);
    expect(() => parseWarmUp('soon')).toThrow(/seconds/);
  });
});
