import { describe, expect, test } from 'vitest';
import { runMmbot } from '../support/program/run-mmbot.ts';

const CAPTURE = ['linear_orderbook_SOLUSDT', 'linear_publicTrade_SOLUSDT'].map((name) => `test/fixtures/bybit-capture/${name}.ndjson.gz`);

interface Document {
  readonly markets: readonly {
    readonly name: string;
    readonly records: number;
    readonly facts: readonly { readonly name: string; readonly value: number | null }[];
  }[];
}

describe('mmbot market-facts', () => {
  test('shows models side by side with a real market, the same each time', async () => {
    const words = ['market-facts', '--market', 'btc,benign', '--duration', '90s', '--seeds', '2'];
    const [first, second] = [await runMmbot(words), await runMmbot(words)];
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(/^fact +btc BTCUSDT +benign BTCUSDT +real BTCUSDT$/m);
    expect(first.stdout).toMatch(/^orders >= touch +[01]\.\d{3} ± 0\.\d{3} +[01]\.\d{3} ± 0\.\d{3} +\.16$/m);
    expect(first.stdout).toMatch(/^variance ratio 300 s to 1 s +– +–$/m);
    expect(second.stdout).toBe(first.stdout);
  });

  test('measures a recording: there, the whole touch is taken by one order in eleven', async () => {
    const { exitCode, stdout } = await runMmbot(['market-facts', '--replay', CAPTURE.join(','), '--json']);
    expect(exitCode).toBe(0);
    const { markets } = JSON.parse(stdout) as Document;
    expect(markets.map(({ name, records }) => [name, records])).toEqual([['linear_orderbook_SOLUSDT.ndjson.gz SOLUSDT', 1]]);
    const values = new Map(markets[0]?.facts.map(({ name, value }) => [name, value]));
    expect(values.get('one tick wide')).toBe(1);
    expect(values.get('orders >= touch')).toBeCloseTo(1 / 11, 2);
    expect(values.get('touch, USD')).toBeCloseTo(72_300, -3);
    expect(values.get('markout of takers 300 s, bps')).toBe(null);
  });

  test.each([
    ['an unknown market', ['--market', 'btc,moon'], 'Allowed choices are btc'],
    ['a file that is not there', ['--replay', 'nothing.ndjson.gz'], 'nothing.ndjson.gz'],
    ['a symbol without a market', ['--symbols', 'NOUSDT', '--duration', '1'], "no 'NOUSDT'"],
  ])('refuses %s', async (_, words, said) => {
    const { exitCode, stderr } = await runMmbot(['market-facts', ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
  });
});
