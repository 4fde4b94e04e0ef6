import { expect, test } from 'vitest';
import { settingsFor } from '../../../src/config/fields.ts';
import { readTyped, type Reading } from '../../../src/config/layers.ts';
import { parseFile } from '../../../src/config/parse-file.ts';
import { resolve, type Resolution } from '../../../src/config/resolve.ts';
import { configWarnings } from '../../../src/config/warnings.ts';

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

test('nested and dotted keys of a file are the same', () => {
  const dotted = file('symbols.BTCUSDT-26DEC26.quoting.levels: 2\nsymbols: { ETHUSDT.risk: { maxOrderUsd: 5 } }');
  expect(dotted.problems).toEqual([]);
  expect(dotted.entries.map(({ key }) => key)).toEqual(['BTCUSDT-26DEC26:quoting.levels', 'ETHUSDT:risk.maxOrderUsd']);
});

test.each([
  [
    'symbols: { ETHUSDT: { risk: { maxDailyLossUsd: 5 } } }',
    'ETHUSDT:risk.maxDailyLossUsd: expected a setting of one symbol, risk.maxDailyLossUsd counts over all',
  ],
  [
    'symbols: { ETHUSDT: { execution: { opsPerSecond: 5 } } }',
    'ETHUSDT:execution: expected quoting or risk, of which a symbol may have settings',
  ],
  ['symbols: { ETHUSDT: { quoting: { level: 5 } } }', 'did you mean ETHUSDT:quoting.levels?'],
  ['symbols: { ethusdt: { quoting: { levels: 5 } } }', 'symbols.ethusdt: expected a known key'],
  ['symbols: { ETHUSDT: 5 }', 'symbols.ETHUSDT: expected the keys of this section, was a single value'],
  ['symbols: [ETHUSDT]', 'symbols: expected the keys of this section, was a list'],
  ['symbols: { ETHUSDT: { quoting: { levels: 2 } }, ETHUSDT.quoting.levels: 3 }', 'ETHUSDT:quoting.levels: expected once'],
  [
    'symbols: { ETHUSDT: { quoting: { orderSizeUsd: 5000 } } }',
    'ETHUSDT:quoting.orderSizeUsd: expected at most risk.maxOrderUsd (2000 from default)',
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
    configWarnings(settings, { symbols: 1, makerFeeBps: 2, traded }).map(({ text, change }) => `${text}. ${change}`);
  expect(codes(['BTCUSDT'])).toEqual([]);
  expect(codes(['ETHUSDT'])).toEqual([expect.stringMatching(/^ETHUSDT: quoting\.feeFloor keeps.*--set ETHUSDT:quoting\.baseSpreadBps=5/)]);
});
