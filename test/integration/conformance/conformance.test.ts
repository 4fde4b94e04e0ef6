import { readdir, readFile } from 'node:fs/promises';
import Table from 'cli-table3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bybitApiDay } from './bybit-api-day.ts';
import { ccxtDay } from './ccxt-day.ts';
import { damages } from './damage.ts';
import { CLIENTS, openSetting, type Seat, type Setting } from './setting.ts';

describe('clients of Bybit trade a day in miniature, and nothing that they are sent is out of shape', () => {
  let setting: Setting;

  beforeAll(async () => {
    setting = await openSetting();
  });

  afterAll(async () => {
    process.stdout.write(`${tableOf(setting.seats)}\n`);
    await setting.close();
  });

  test('plain ccxt', async () => {
    await ccxtDay(setting.seats.ccxt);
    expect(setting.seats.ccxt.tap.issues()).toEqual([]);
  });

  test('bybit-api', async () => {
    await bybitApiDay(setting.seats['bybit-api']);
    expect(setting.seats['bybit-api'].tap.issues()).toEqual([]);
  });

  test('every endpoint that is served was asked by one of them, and answered', async () => {
    const asked = CLIENTS.flatMap((name) => [...setting.seats[name].tap.tallies.keys()].map((key) => key.split(' ')[1]));
    const unasked = (await servedPaths()).filter((path) => !asked.includes(path));
    expect(unasked).toEqual([]);
  });

  test('a field that is missing, extra or of another type would have been noticed', () => {
    const samples = new Map(
      CLIENTS.flatMap((client) => [...setting.seats[client].tap.tallies].map(([name, { sample }]) => [name, sample])),
    );
    const unnoticed = [...samples].flatMap(([name, sample]) =>
      damages(sample?.text ?? 'null')
        .filter(({ text }) => sample?.judge(text).issues.length === 0)
        .map(({ what }) => `${name}: ${what}`),
    );
    expect(unnoticed.filter((each) => !MAY_MISS.test(each))).toEqual([]);
  });
});

/** Read off the source: what is not asked about would not be missed otherwise. */
async function servedPaths(): Promise<string[]> {
  const folder = new URL('../../../src/simulator/bybit-api/', import.meta.url);
  const names = (await readdir(folder, { recursive: true })).filter((name) => /-routes\.ts$|order-queries\.ts$|dcp\.ts$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
  return texts.flatMap((text) => [...text.matchAll(/'(\/v5\/[a-z0-9/-]+)': /g)].map(([, path = '']) => path));
}

/** What may be left out: of a ticker what has not changed, of a reply without a result the result. */
const MAY_MISS = /tickers: without data\.(?!symbol)|disconnected-cancel-all: without/;

/** Each endpoint and topic: how much of it each client was sent in the documented shape. */
function tableOf(seats: Readonly<Record<string, Seat>>): string {
  const taps = Object.values(seats).map(({ tap }) => tap);
  const names = [...new Set(taps.flatMap(({ tallies }) => [...tallies.keys()]))].sort();
  const rows = names.map((name) => [name, ...taps.map(({ tallies }) => cellOf(tallies.get(name)))]);
  const table = new Table({ head: ['endpoint or topic', ...Object.keys(seats)], style: { head: [], border: [], compact: true } });
  table.push(...rows);
  return table.toString();
}

function cellOf(tally: { readonly passed: number; readonly refused: number; readonly issues: readonly string[] } | undefined): string {
  if (tally === undefined) return '-';
  if (tally.issues.length > 0) return `FAILED (${tally.issues.length})`;
  return [...(tally.passed > 0 ? [`${tally.passed} passed`] : []), ...(tally.refused > 0 ? [`${tally.refused} refused`] : [])].join(', ');
}
