import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../../src/main.ts';
import { folderWith } from '../../support/program/folders.ts';
import { recordsIn } from '../../support/builders/journals.ts';
import { testHost } from '../../support/program/test-host.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url).pathname;
const capture = (name: string): string => `${FIXTURES}bybit-capture/${name}.ndjson.gz`;
const BTC = ['linear_orderbook_BTCUSDT', 'linear_publicTrade_BTCUSDT', 'linear_tickers_BTCUSDT'].map(capture);
const SOL = ['linear_orderbook_SOLUSDT', 'linear_publicTrade_SOLUSDT', 'linear_tickers_SOLUSDT'].map(capture);
const XRP = `${FIXTURES}bybit-history/xrpusdt-ob500.data.zip`;

interface Report {
  origin: {
    market: string;
    knobs: object;
    symbols: string[];
    durationMs: number;
    startedAt: string;
    repeat: string;
    replay: Record<string, unknown>;
  };
  elapsedMs: number;
  interrupted: boolean;
  invariants: { name: string; holds: boolean; found: string }[];
  orders: { acknowledged: number; holds: [string, number][] };
  pnl: { fills: number; makerFills: number };
}

async function soak(args: readonly string[], clock = 'virtual') {
  const out = folderWith();
  const host = testHost({ argv: ['soak', '--profile', 's1', '--clock', clock, '--seed', '7', '--out', out, ...args], cwd: process.cwd() });
  const exitCode = await main(host);
  const text = (name: string): string => readFileSync(join(out, name), 'utf8');
  return { exitCode, host, text, report: () => JSON.parse(text('report.json')) as Report };
}

describe('a soak on recorded data', () => {
  it('repeats itself to the byte, and says what it was made of', async () => {
    const args = ['--replay', BTC.join(',')];
    const [first, again] = [await soak(args), await soak(args)];
    for (const name of ['report.json', 'journal.log', 'report.md', 'report.html']) expect(again.text(name)).toBe(first.text(name));
    const { origin, elapsedMs, invariants, interrupted, orders } = first.report();
    expect(origin).toMatchObject({
      market: 'replay',
      knobs: {},
      symbols: ['BTCUSDT'],
      startedAt: '2026-08-09T21:26:58.027Z',
      durationMs: 43_601,
      replay: {
        from: '2026-08-09T21:26:58.027Z',
        to: '2026-08-09T21:27:41.628Z',
        bookMessages: 414,
        trades: 56,
        longestGapMs: 500,
        queueModel: 'trade',
      },
    });
    expect(origin.replay['files']).toMatchObject([
      { name: 'linear_orderbook_BTCUSDT.ndjson.gz', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      { name: 'linear_publicTrade_BTCUSDT.ndjson.gz' },
      { name: 'linear_tickers_BTCUSDT.ndjson.gz' },
    ]);
    expect(origin.repeat).toContain(`--replay ${BTC[0]},`);
    expect(elapsedMs).toBeGreaterThan(43_000);
    expect(elapsedMs).toBeLessThan(43_601);
    expect(interrupted).toBe(false);
    expect(orders.acknowledged).toBeGreaterThan(0);
    expect(invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(first.host.stdout.text).toContain('replay of linear_orderbook_BTCUSDT.ndjson.gz');
    expect(first.text('report.md')).toContain('| queue model | trade |');
  });

  it('plays two symbols of a capture at once, or one of them, for as long as it is asked to', async () => {
    const files = [...BTC, ...SOL].join(',');
    const both = (await soak(['--replay', files, '--set', 'quoting.baseSpreadBps=0.1'])).report();
    expect(both.origin.symbols).toEqual(['BTCUSDT', 'SOLUSDT']);
    expect(both.pnl.fills).toBeGreaterThan(0);
    expect(both.pnl.makerFills).toBe(both.pnl.fills);
    expect(both.invariants.filter(({ holds }) => !holds)).toEqual([]);
    const one = (await soak(['--replay', files, '--symbols', 'SOLUSDT', '--duration', '10'])).report();
    expect(one.origin).toMatchObject({ symbols: ['SOLUSDT'], replay: { from: '2026-08-09T21:26:58.952Z' } });
    expect(one.elapsedMs).toBeLessThanOrEqual(10_000);
  });

  it('replays the book history of a day together with the trades of another file', async () => {
    const header = 'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional';
    // Far below every bid: whoever rests is traded through.
    const rows = Array.from(
      { length: 8 },
      (_, i) => `173301120${1 + (i >> 1)}.${5 * (i % 2)}0${i},XRPUSDT,Sell,1,1.9000,MinusTick,t${i},1,1,1`,
    );
    const trades = join(folderWith(), 'XRPUSDT2024-12-01.csv');
    writeFileSync(trades, `${[header, ...rows].join('\n')}\n`);
    const { report } = await soak(['--replay', `${XRP},${trades}`, '--queue-model', 'probability']);
    expect(report().origin.replay).toMatchObject({ bookMessages: 50, trades: 8, queueModel: 'probability:power2' });
    expect(report().pnl.fills).toBeGreaterThan(2);
    expect(report().invariants.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('pulls its quotes when the recording has a gap, and quotes again after it', async () => {
    const { text, report } = await soak(['--replay', recordingWithGap(), '--set', 'risk.staleBookMs=1000']);
    const { records } = recordsIn(text('journal.log'));
    const during = records.filter(({ at }) => at > GAP_FROM && at < GAP_TO);
    expect(during.filter(({ type }) => type === 'cancelIntent').length).toBeGreaterThan(0);
    const quiet = during.filter(({ type, at }) => type === 'placeIntent' && at > GAP_FROM + 1200);
    expect(quiet).toEqual([]);
    expect(records.some(({ type, at }) => type === 'placeIntent' && at >= GAP_TO)).toBe(true);
    expect(report().origin.replay['longestGapMs']).toBe(GAP_TO - GAP_FROM);
    expect(report().orders.holds).toEqual([['stale_book', 1]]);
  });

  it('plays in real time on the wall clock', async () => {
    // The recording plays on while the bot starts, which takes its time on a busy machine.
    const { report } = await soak(['--replay', BTC.join(','), '--duration', '4'], 'wall');
    expect(report().elapsedMs).toBeGreaterThan(300);
    expect(report().elapsedMs).toBeLessThanOrEqual(4100);
    expect(report().orders.acknowledged).toBeGreaterThan(0);
    expect(report().invariants.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('settles the recorded funding rate, and says where there is none', async () => {
    const paid = async (rate: string | undefined) => {
      const { host, report, text } = await soak(['--replay', recordingOfFunding(rate), '--set', 'quoting.skewBpsPerPercent=0']);
      const fundings = [...host.stderr.text.matchAll(/"event":"funding".*?"amount":(-?\d+).*?"position":(-?\d+)/g)];
      const [[, amount, position] = []] = fundings;
      const warnings = [...host.stderr.text.matchAll(/"event":"recording_lacks","what":"(\w+)"/g)].map(([, what]) => what);
      expect(report().invariants.filter(({ holds }) => !holds)).toEqual([]);
      return { amount: Number(amount), position: Number(position), warnings, markdown: text('report.md') };
    };
    const high = await paid('0.003');
    expect(high.position).toBeGreaterThan(0);
    // In 1e-8 USDT: 0.001 BTC are 65 USD.
    expect(high.amount / (high.position * 65e8)).toBeCloseTo(0.003, 4);
    expect(high.warnings).toEqual([]);
    const none = await paid(undefined);
    expect(none.amount / (none.position * 65e8)).toBeCloseTo(0.0001, 4);
    expect(none.warnings).toEqual(['funding']);
    expect(none.markdown).toContain('no funding rate');
  });

  it('says what it means that no trade is recorded', async () => {
    const { host, text } = await soak(['--replay', BTC[0] ?? '']);
    expect(host.stderr.text).toMatch(/"recording_lacks","what":"trades","meaning":"[^"]*price moves through/);
    expect(text('report.md')).toContain('no trades');
  });

  it.each([
    [['--replay', '/no/such/file'], '/no/such/file: the file cannot be read'],
    [['--replay', FIXTURES], 'is not a file'],
    [['--replay', `${FIXTURES}golden/README.md`], 'golden/README.md:1: expected the header of a trade file'],
    [['--replay', BTC[1] ?? ''], 'publicTrade_BTCUSDT.ndjson.gz:1: trades of BTCUSDT, but the recording has no order book'],
    [['--replay', XRP, '--symbols', 'BTCUSDT'], '--symbols: there is no order book of BTCUSDT'],
    [['--replay', XRP, '--symbols', 'BTCUSDT'], 'hint: the recording has XRPUSDT'],
    [['--replay', `${XRP},`], 'Expected comma-separated files'],
    [['--replay', `${XRP},${XRP}`], 'given twice'],
    [['--replay', XRP, '--market', 'btc'], '--market'],
    [['--replay', XRP, '--queue-model', 'fifo'], "was 'fifo'"],
    [['--queue-model', 'trade'], 'expected --replay with it'],
  ])('refuses %j with exit 2, and says why', async (args, message) => {
    const { exitCode, host } = await soak(args);
    expect(exitCode).toBe(2);
    expect(host.stderr.text).toContain(message);
  });
});

const FUNDED_AT = Date.UTC(2026, 7, 9, 16);

/** Two minutes around a funding settlement: a book of BTCUSDT that stands still, sold into once, and tickers with this rate. */
function recordingOfFunding(fundingRate: string | undefined): string {
  const from = FUNDED_AT - 60_000;
  const levels = (first: number, step: number): string[][] =>
    Array.from({ length: 10 }, (_, i) => [(65_000 + first + i * step).toFixed(2), '5.000']);
  const lines: string[] = [];
  for (let at = from; at <= FUNDED_AT + 60_000; at += 500) {
    const u = 100 + lines.length;
    // Something moves far away, so that the book is not old.
    const bids = [...levels(0, -0.1), ['64900.00', `${1 + (u % 7)}.000`]];
    const book = { s: 'BTCUSDT', b: bids, a: levels(0.1, 0.1), u, seq: u };
    lines.push(JSON.stringify({ topic: 'orderbook.200.BTCUSDT', type: 'snapshot', ts: at, data: book, cts: at }));
    const ticker = {
      symbol: 'BTCUSDT',
      markPrice: '65000.00',
      indexPrice: '65000.00',
      ...(fundingRate === undefined ? {} : { fundingRate }),
    };
    lines.push(JSON.stringify({ topic: 'tickers.BTCUSDT', type: 'delta', ts: at, data: ticker }));
    const trade = { T: at, s: 'BTCUSDT', S: 'Sell', v: '40', p: '64900.00', i: `t${at}` };
    if (at > from + 20_000 && at < from + 22_000) lines.push(JSON.stringify({ topic: 'publicTrade.BTCUSDT', ts: at, data: [trade] }));
  }
  const path = join(folderWith(), 'funding.data');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const START = 1_733_011_200_000;
const GAP_FROM = START + 5000;
const GAP_TO = GAP_FROM + 6000;

/** A calm book of BTCUSDT that changes every 100 ms, with nothing for six seconds in between. */
function recordingWithGap(): string {
  const levels = (from: number, step: number): string[][] =>
    Array.from({ length: 50 }, (_, i) => [(65_000 + from + i * step).toFixed(2), '5.000']);
  const lines: string[] = [];
  const say = (at: number, type: string, b: string[][], a: string[][]): void => {
    const data = { s: 'BTCUSDT', b, a, u: 100 + lines.length, seq: 100 + lines.length };
    lines.push(JSON.stringify({ topic: 'orderbook.200.BTCUSDT', type, ts: at, data, cts: at }));
  };
  say(START, 'snapshot', levels(0, -0.1), levels(0.1, 0.1));
  for (let at = START + 100; at <= GAP_TO + 5000; at += 100)
    if (at <= GAP_FROM || at >= GAP_TO) say(at, 'delta', [['64999.00', `${5 + (at % 1000) / 1000}`]], []);
  const path = join(folderWith(), 'gap.data');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
