import { expect, test } from 'vitest';
import { differences, select } from '../../../src/config/explain.ts';
import { settingsFor } from '../../../src/config/fields.ts';
import { readEnv, readTyped, type Reading } from '../../../src/config/layers.ts';
import { parseFile } from '../../../src/config/parse-file.ts';
import { resolve, type Resolution } from '../../../src/config/resolve.ts';
import { settingsSchema } from '../../../src/config/schema.ts';
import { configWarnings, type TradedSymbol } from '../../../src/config/warnings.ts';

const PROFILE = `
quoting: { levels: 4, baseSpreadBps: 6 }
symbols:
  ETHUSDT:
    quoting: { levels: 2, baseSpreadBps: 9 }
    risk.maxOrderUsd: 500
`;

const typed = (...assignments: string[]): Reading => readTyped({ assignments, flags: [] });
const file = (text: string): Reading => parseFile(text, 'p.yaml');
const rowOf = ({ explain }: Resolution, key: string): Resolution['explain'][number] | undefined => explain.find((row) => row.key === key);

test('a symbol has the settings of all, but for its own', () => {
  const { settings, hash } = resolve({ profile: file(PROFILE) });
  const eth = settingsFor(settings, 'ETHUSDT');
  expect([eth.quoting.levels, eth.quoting.baseSpreadBps, eth.risk.maxOrderUsd, eth.quoting.maxInFlight]).toEqual([2, 9, 500, 2]);
  const btc = settingsFor(settings, 'BTCUSDT');
  expect([btc.quoting.levels, btc.quoting.baseSpreadBps, btc.risk.maxOrderUsd]).toEqual([4, 6, 2000]);
  expect(hash).not.toBe(resolve({ profile: file('quoting: { levels: 4, baseSpreadBps: 6 }') }).hash);
});

test('of one layer the value for the symbol wins; a higher layer wins over both', () => {
  const both = resolve({ profile: file(PROFILE), cli: typed('quoting.levels=3', 'ETHUSDT:quoting.levels=1') });
  expect(settingsFor(both.settings, 'ETHUSDT').quoting.levels).toBe(1);
  const all = resolve({ profile: file(PROFILE), cli: typed('quoting.levels=3') });
  expect(settingsFor(all.settings, 'ETHUSDT').quoting.levels).toBe(3);
  const row = rowOf(all, 'ETHUSDT:quoting.levels');
  expect([row?.winner, ...(row?.losers ?? [])]).toEqual([
    { layer: 'cli', source: '--set #1', value: 3 },
    { layer: 'profile', source: 'p.yaml:5:24', value: 2 },
    { layer: 'profile', source: 'p.yaml:2:20', value: 4 },
    { layer: 'default', source: 'default', value: 1 },
  ]);
});

test('values that are those of all symbols leave settings and hash as they are', () => {
  const plain = resolve({ cli: typed('quoting.levels=3') });
  const same = resolve({ cli: typed('quoting.levels=3', 'ETHUSDT:quoting.levels=3') });
  expect(same.settings).toEqual(plain.settings);
  expect(same.hash).toBe(plain.hash);
});

test('below a symbol keys are nested or dotted', () => {
  const dotted = file('symbols: { BTCUSDT-26DEC26: { quoting.levels: 2 }, ETHUSDT: { risk: { maxOrderUsd: 5 } } }');
  expect(dotted.problems).toEqual([]);
  expect(dotted.entries.map(({ key }) => key)).toEqual(['BTCUSDT-26DEC26:quoting.levels', 'ETHUSDT:risk.maxOrderUsd']);
});

test.each([
  ['symbols: { ETHUSDT: { risk: { maxDailyLossUsd: 5 } } }', 'ETHUSDT:risk.maxDailyLossUsd: expected a setting of which a symbol may have'],
  ['symbols: { ETHUSDT: { execution: { opsPerSecond: 5 } } }', 'ETHUSDT:execution: expected a known key'],
  ['symbols: { ETHUSDT: { quoting: { level: 5 } } }', 'did you mean ETHUSDT:quoting.levels?'],
  ['symbols: { ethusdt: { quoting: { levels: 5 } } }', 'symbols.ethusdt: expected a symbol like ETHUSDT'],
  ['symbols: { ETHUSDT: 5 }', 'symbols.ETHUSDT: expected the settings of this symbol, was a single value'],
  ['symbols: [ETHUSDT]', 'symbols: expected symbols and their settings, was a list'],
  ['symbols: { ETHUSDT: { quoting: { levels: 2 } }, ETHUSDT: { quoting: { levels: 3 } } }', 'symbols.ETHUSDT: expected once'],
  ['symbols: { ETHUSDT: { quoting: { levels: 2 }, quoting.levels: 3 } }', 'ETHUSDT:quoting.levels: expected once'],
  ['symbols: { ETHUSDT: { symbols: { BTCUSDT: { quoting.levels: 3 } } } }', 'ETHUSDT:symbols: expected a known key'],
  ['symbols.ETHUSDT.quoting.levels: 3', 'symbols.ETHUSDT.quoting.levels: expected it below the symbol'],
  ['ETHUSDT:quoting.levels: 3', 'expected it below the symbol, as symbols: { ETHUSDT: { quoting.levels: ... } }'],
  [
    'symbols: { ETHUSDT: { quoting: { orderSizeUsd: 5000 }, risk: { maxOrderUsd: 4000 } } }',
    'ETHUSDT:quoting.orderSizeUsd: expected at most ETHUSDT:risk.maxOrderUsd (4000 from',
  ],
])('%s is refused', (text, message) => {
  expect(() => resolve({ profile: file(text) })).toThrow(message);
});

test('what is wrong for all is said once', () => {
  const layers = { cli: typed('quoting.orderSizeUsd=5000', 'ETHUSDT:quoting.levels=2') };
  expect(() => resolve(layers)).toThrow(/^1 problem/);
});

test('warnings about the settings of a symbol name it, in what to try too', () => {
  const { settings } = resolve({ cli: typed('ETHUSDT:quoting.baseSpreadBps=2') });
  const codes = (traded: readonly string[]): readonly string[] =>
    configWarnings(
      settings,
      traded.map((symbol) => ({ symbol, makerFeeBps: 2 })),
    ).map(({ text, change }) => `${text}. ${change}`);
  expect(codes(['BTCUSDT'])).toEqual([]);
  expect(codes(['BTCUSDT', 'ETHUSDT'])).toEqual([
    expect.stringMatching(/^ETHUSDT: quoting\.feeFloor keeps.*--set ETHUSDT:quoting\.baseSpreadBps=5/),
  ]);
});

test('other layers too: a variable wins over a profile, overrides over a profile', () => {
  const env = readEnv({ MM_QUOTING_LEVELS: '3' });
  expect(settingsFor(resolve({ profile: file(PROFILE), env }).settings, 'ETHUSDT').quoting.levels).toBe(3);
  const overrides = file('symbols: { ETHUSDT: { quoting.levels: 1 } }');
  expect(settingsFor(resolve({ profile: file(PROFILE), overrides }).settings, 'ETHUSDT').quoting.levels).toBe(1);
});

test('each symbol is warned about what applies to it', () => {
  const { settings } = resolve({
    cli: typed('quoting.baseSpreadBps=1', 'quoting.orderSizeUsd=10', 'ETHUSDT:quoting.baseSpreadBps=12', 'ETHUSDT:quoting.orderSizeUsd=50'),
  });
  const eth = { symbol: 'ETHUSDT', smallestUsd: 19, makerFeeBps: 2 };
  const codes = (traded: readonly TradedSymbol[]): readonly string[] => configWarnings(settings, traded).map(({ code }) => code);
  expect(codes([eth])).toEqual([]);
  const both = configWarnings(settings, [{ symbol: 'BTCUSDT', smallestUsd: 65, makerFeeBps: 2 }, eth]);
  expect(both.map(({ code }) => code)).toEqual(['order_too_small', 'spread_below_floor']);
  expect(both.map(({ text, change }) => `${text} ${change}`).join()).toMatch(/BTCUSDT: .*--set BTCUSDT:quoting.orderSizeUsd=72/);
});

test('orders are counted over the symbols that are traded, each with its own levels', () => {
  const { settings } = resolve({ cli: typed('ETHUSDT:quoting.levels=10') });
  const traded = ['BTCUSDT', 'ETHUSDT', 'XRPUSDT'].map((symbol) => ({ symbol }));
  const open = (most: number): boolean =>
    configWarnings({ ...settings, risk: { ...settings.risk, maxOpenOrders: most } }, traded).some(
      ({ code }) => code === 'too_few_open_orders',
    );
  expect([open(24), open(23)]).toEqual([false, true]);
});

test('two configurations differ also where only one of them has a value of its own', () => {
  const [own, plain] = [resolve({ profile: file(PROFILE) }), resolve({ profile: file('quoting: { levels: 4, baseSpreadBps: 6 }') })];
  const keys = ['ETHUSDT:quoting.baseSpreadBps', 'ETHUSDT:quoting.levels', 'ETHUSDT:risk.maxOrderUsd'];
  expect(differences(own.explain, plain.explain).map(({ ours }) => ours.key)).toEqual(keys);
  expect(differences(plain.explain, own.explain).map(({ ours }) => ours.key)).toEqual(keys);
  expect(differences(own.explain, own.explain)).toEqual([]);
});

test('a pattern without a symbol shows the values of single symbols too; a symbol without one shows what it inherits', () => {
  const { explain } = resolve({ profile: file(PROFILE) });
  const keysOf = (pattern: string): readonly string[] => select(explain, [pattern]).map(({ key }) => key);
  expect(keysOf('quoting.levels')).toEqual(['quoting.levels', 'ETHUSDT:quoting.levels']);
  expect(keysOf('ETHUSDT:*')).toHaveLength(3);
  expect(select(explain, ['SOLUSDT:quoting.levels'])[0]).toMatchObject({
    key: 'SOLUSDT:quoting.levels',
    env: undefined,
    winner: { value: 4 },
  });
  expect(() => keysOf('ETHUSDT:risk.maxDailyLossUsd')).toThrow('is the same for all');
  expect(() => keysOf('ETHUSDT:quoting.level')).toThrow('did you mean ETHUSDT:quoting.levels?');
});

test('the schema has the keys that files may have', () => {
  const { properties } = settingsSchema() as { properties: Record<string, { patternProperties: Record<string, { properties: object }> }> };
  const [[pattern, own]] = Object.entries(properties['symbols']?.patternProperties ?? {}) as [[string, { properties: object }]];
  expect(['ETHUSDT', 'BTCUSDT-26DEC26', 'ethusdt'].map((name) => new RegExp(pattern, 'u').test(name))).toEqual([true, true, false]);
  const keys = Object.keys(own.properties).filter((key) => key.includes('.'));
  const refused = keys.filter((key) => parseFile(`{"symbols":{"ETHUSDT":{"${key}":1}}}`, 'p.json').problems.length > 0);
  expect([refused, keys.length > 50, keys.includes('risk.maxDailyLossUsd')]).toEqual([[], true, false]);
});

test('settings of a symbol that is not traded need not fit the others', () => {
  const layers = { profile: file('symbols: { ETHUSDT: { risk.maxPositionUsd: 3000 } }'), cli: typed('risk.maxOrderUsd=5000') };
  expect(() => resolve(layers)).toThrow('ETHUSDT:risk.maxOrderUsd: expected at most ETHUSDT:risk.maxPositionUsd');
  expect(() => resolve(layers, ['ETHUSDT'])).toThrow('ETHUSDT:');
  expect(resolve(layers, ['BTCUSDT']).settings.risk.maxOrderUsd).toBe(5000);
});

test('patterns of a difference mean the keys of both sides', () => {
  const [eth, sol] = [resolve({ cli: typed('ETHUSDT:quoting.levels=2') }), resolve({ cli: typed('SOLUSDT:quoting.levels=3') })];
  const keysOf = (pattern: string): readonly string[] => differences(eth.explain, sol.explain, [pattern]).map(({ ours }) => ours.key);
  expect(keysOf('SOLUSDT:*')).toEqual(['SOLUSDT:quoting.levels']);
  expect(keysOf('*:quoting.levels')).toEqual(['ETHUSDT:quoting.levels', 'SOLUSDT:quoting.levels']);
  expect(() => keysOf('XRPUSDT:*')).toThrow('glob');
});

test('advice for a symbol with a value of its own changes that value', () => {
  const { settings } = resolve({ cli: typed('ETHUSDT:quoting.baseSpreadBps=3') });
  const [warning] = configWarnings(settings, [{ symbol: 'ETHUSDT', makerFeeBps: 2 }]);
  expect(warning?.change).toBe('--set ETHUSDT:quoting.baseSpreadBps=5.0');
});
