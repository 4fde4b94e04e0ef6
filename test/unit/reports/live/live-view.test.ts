import { describe, expect, test } from 'vitest';
import { resolve } from '../../../../src/config/resolve.ts';
import { decide } from '../../../../src/execution/decide/decide.ts';
import { RunStatistics } from '../../../../src/harness/soak/run-statistics.ts';
import { liveView, type LiveStatus, type LiveSymbol } from '../../../../src/reports/live/live-view.ts';
import { FLAT } from '../../../../src/model/position.ts';
import { lots, ticks } from '../../../../src/model/units.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { BTC } from '../../../support/builders/builders.ts';
import { viewOf } from '../../../support/builders/views.ts';

const PLAIN = { good: String, bad: (text: string) => `!${text}!`, dim: String, bold: String };
const AT = Date.UTC(2026, 0, 2, 4, 12, 33);

const QUOTED: LiveSymbol = {
  instrument: BTC,
  market: { bid: 650_000, ask: 650_001 },
  ours: { bid: 649_990, ask: 650_012 },
  openOrders: 2,
  bookAgeMs: 12.4,
  hold: undefined,
};

function statusOf(terms: Partial<LiveStatus> = {}): LiveStatus {
  const statistics = new RunStatistics(new VirtualClock(AT), 5000);
  statistics.addSymbol(BTC);
  return {
    venue: 'testnet',
    shadowOf: undefined,
    trading: { mode: 'active' },
    symbols: [QUOTED],
    statistics,
    day: { pnlUsd: -4.284, orders: 1234, mostLossUsd: 1000, mostOrders: 200_000 },
    streams: new Map([['public', { value: 'up', at: 0 }]]),
    room: { create: 6, amend: 0, cancel: 9, most: 9 },
    guard: 'watching',
    now: 65_000,
    frozenAt: undefined,
    ...terms,
  };
}

const shown = (terms: Partial<LiveStatus> = {}, columns = 140, rows = 40): string =>
  liveView(statusOf(terms), { columns, rows }, PLAIN).join('\n');

describe('the view of a running bot', () => {
  test('has our quotes above the market’s, and what is left of the limits', () => {
    const text = shown();
    expect(text).toMatch(/BTCUSDT +64999\.00 +65001\.20 +\+0\.000 +2 +0 +\+0\.00 +–\n {2}market +65000\.00 +65000\.10\n/);
    expect(text).toContain('create 3, !amend 9!, cancel 0 of 9 used in this second');
    expect(text).toContain('books 12 ms old at most, public up 1m 05s');
    expect(text).toContain('QUOTING');
  });

  test('says why it does not quote, and since when', () => {
    const hold = { value: 'stale_book', at: 60_000 };
    expect(shown({ symbols: [{ ...QUOTED, hold }] })).toContain('!HOLD for 5s: stale_book!');
    expect(shown({ symbols: [QUOTED, { ...QUOTED, hold }] })).toContain('!HOLD of BTCUSDT for 5s: stale_book!');
    expect(shown({ trading: { mode: 'frozen', reason: 'daily_loss', at: AT }, frozenAt: 0 })).toContain(
      '!FROZEN since 04:12:33 UTC, 1m 05s ago: daily_loss!\nResolve the cause, stop it (Ctrl-C), then start it with --unfreeze\n',
    );
    expect(shown({ guard: 'lost' })).toContain('!LOST');
    expect(shown({ guard: 'acting' })).toContain('!ACTING');
    expect(shown({ guard: 'ended' })).toContain('!ENDED');
    expect(shown({ streams: new Map([['private', { value: 'down', at: 62_000 }]]) })).toContain('!private down 3s!');
  });

  test('says of which symbol only one side is quoted, and why', () => {
    const status = statusOf();
    const { settings } = resolve({});
    const long = lots(60);
    const position = { ...FLAT, quantity: long };
    const { plan, denied, hold, explanation } = decide(viewOf({ position, held: { low: long, high: long } }), settings, () => 'mm-1');
    status.statistics.record({
      type: 'turn',
      symbol: 'BTCUSDT',
      bid: undefined,
      ask: ticks(600_240),
      mid: 600_000,
      hold,
      explanation,
      plan,
      denied,
      orders: [],
    });
    expect(liveView(status, { columns: 140, rows: 40 }, PLAIN)[1]).toBe('QUOTING; !BTCUSDT asks only: inventory_hard!');
  });

  test('says what the day has cost, whatever process it was', () => {
    expect(shown()).toContain('day       net -4.28 USDT, limit -1,000; 1,234 of 200,000 orders since midnight UTC');
    expect(shown({ day: { pnlUsd: undefined, orders: 0, mostLossUsd: 1, mostOrders: 2 } })).toContain(
      'day       PnL unknown, limit -1; 0 of 2',
    );
  });

  test('says at its head that a shadow is one', () => {
    const [, line] = shown({ shadowOf: { market: 'mainnet', queueModel: 'trade', roundTripMs: 85 } }).split('\n');
    expect(line).toBe(
      'SHADOW of mainnet: no order is sent; fills are simulated from its market data with queue model trade and a round trip of 85 ms',
    );
  });

  test('shows no price that it does not have', () => {
    expect(shown({ symbols: [{ ...QUOTED, market: undefined, ours: {}, bookAgeMs: Infinity }] })).toMatch(
      /BTCUSDT +– +– .*\n {2}market +– +–\n[\s\S]*books not seen/,
    );
  });

  test.each([
    [80, 24, ['edge bps', 'market'], []],
    [60, 24, ['bid', 'fills', 'net USDT'], ['open', 'edge bps']],
    [30, 24, ['position', 'net USDT'], ['bid', 'fills']],
  ])('in %i columns the table fits, and what matters least goes first', (columns, rows, kept, gone) => {
    const lines = shown({}, columns, rows).split('\n');
    const table = lines
      .slice(
        lines.findIndex((line) => line.startsWith('symbol')),
        -7,
      )
      .join('\n');
    for (const line of table.split('\n')) expect(line.length).toBeLessThan(columns);
    for (const word of kept) expect(table).toContain(word);
    for (const word of gone) expect(table).not.toContain(word);
  });

  test('many symbols in a low terminal leave the market out, then each other, and never the lines below', () => {
    const symbols = Array.from({ length: 12 }, () => QUOTED);
    const lines = shown({ symbols }, 140, 24).split('\n');
    expect(lines.length).toBeLessThan(24);
    expect(lines.filter((line) => line.startsWith('BTCUSDT'))).toHaveLength(9);
    expect(lines.join('\n')).toContain('and 3 more');
    expect(lines.at(-1)).toContain('guard');
  });
});
