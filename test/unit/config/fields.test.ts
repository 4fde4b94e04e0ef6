import { expect, test } from 'vitest';
import { KEYS, SECTIONS } from '../../../src/config/fields.ts';

test('names of environment variables and flags follow from the key and are unique', () => {
  expect(KEYS.find(({ key }) => key === 'quoting.baseSpreadBps')?.env).toBe('MM_QUOTING_BASE_SPREAD_BPS');
  expect(KEYS.find(({ key }) => key === 'risk.softLatencyP95Ms')?.env).toBe('MM_RISK_SOFT_LATENCY_P95_MS');
  expect(new Set(KEYS.map(({ env }) => env)).size).toBe(KEYS.length);
  const flags = KEYS.flatMap(({ field }) => (field.flag === undefined ? [] : [field.flag]));
  expect(new Set(flags).size).toBe(flags.length);
  const own = KEYS.filter(({ field }) => field.flag !== undefined);
  const derived = own.map(({ name }) => `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`);
  expect(flags).toEqual(derived);
});

const UNITLESS = new Set(['count', 'boolean', 'oneOf', 'text']);

test('every key says its unit in its name', () => {
  const endings: Record<string, RegExp> = {
    bps: /Bps(PerPercent)?$/,
    ms: /Ms$/,
    usd: /Usd$/,
    perSecond: /PerSecond$/,
    perMinute: /PerMinute$/,
    mbPerHour: /MbPerHour$/,
    perBps: /PerBps$/,
    ratio: /Ratio(P95)?$|Share$|Rate$|Uptime$/,
  };
  const silent = KEYS.filter(({ name, field }) => !UNITLESS.has(field.type) && endings[field.type]?.test(name) !== true);
  expect(silent).toEqual([]);
});

test('every key has one sentence of documentation', () => {
  expect(KEYS.filter(({ field }) => !/^[A-Z].{15,}\.$/.test(field.doc))).toEqual([]);
  expect(SECTIONS).toEqual(['quoting', 'risk', 'execution', 'bybit', 'thresholds']);
});
