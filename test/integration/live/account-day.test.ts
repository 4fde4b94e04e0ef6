import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import { AccountRuns, type Run } from '../../support/bots/account-runs.ts';
import { recordOf } from '../../support/bots/trade-record.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';
import { sleep, type Clock, type VirtualClock } from '../../../src/util/clock.ts';
import { journalText, recordsIn } from '../../support/builders/journals.ts';

const NOON = Date.UTC(2026, 0, 2, 12);
const LIMIT_USD = 2;
const LOSING: Pick<Run, 'settings' | 'durationMs'> = {
  // Orders so large that the limit is reached within seconds.
  settings: settingsOf('s1', { 'risk.maxDailyLossUsd': LIMIT_USD, 'quoting.orderSizeUsd': 300 }),
  durationMs: 4000,
};

/** Runs one after the other until one freezes, or twelve are through; what was lost by then. */
async function untilFrozen(
  account: AccountRuns,
  runOf: (n: number) => Run,
): Promise<{ runs: number; frozen: string | undefined; lossUsd: number }> {
  for (let runs = 1; runs <= 12; runs += 1) {
    const { frozen } = await account.run(runOf(runs));
    if (frozen !== undefined) return { runs, frozen, lossUsd: account.lossUsd };
  }
  return { runs: 12, frozen: undefined, lossUsd: account.lossUsd };
}

const steppedBy =
  (hours: number) =>
  (clock: VirtualClock): Clock => ({
    now: () => clock.now() + hours * 3_600_000,
    monotonic: () => clock.monotonic(),
    schedule: (delayMs, task) => clock.schedule(delayMs, task),
  });

describe('the loss of a day', () => {
  test.each<[string, (n: number) => Partial<Run>]>([
    ['stops', () => ({})],
    ['kills', () => ({ end: 'kill' })],
    ['exchanges that think it is tomorrow, a while after each start', () => ({ between: aDayAhead })],
    ['wall clocks of the day after and before', (n) => ({ hostClock: steppedBy(n % 2 === 0 ? 24 : -24) })],
  ])('is one over %s: frozen at the limit, once', async (_, terms) => {
    const account = new AccountRuns(NOON);
    const { runs, frozen, lossUsd } = await untilFrozen(account, (n) => ({ ...LOSING, end: 'stop', ...terms(n) }));
    expect(frozen).toBe('daily_loss');
    expect(runs).toBeGreaterThan(2);
    expect(lossUsd).toBeGreaterThan(LIMIT_USD * 0.9);
    expect(lossUsd).toBeLessThan(LIMIT_USD * 1.5);
    expect((await account.run({ ...LOSING, end: 'stop' })).refused).toBe('daily_loss');
  });

  test('survives an upgrade from a version whose journals say nothing about the day', async () => {
    const account = new AccountRuns(NOON);
    const runs: number[] = [];
    const { frozen, lossUsd } = await untilFrozen(account, (n) => {
      asOlderVersion(account.folder);
      runs.push(n);
      return { ...LOSING, end: 'kill' };
    });
    expect([frozen, runs.length > 2]).toEqual(['daily_loss', true]);
    expect(lossUsd).toBeLessThan(LIMIT_USD * 1.5);
  });

  test('ends at midnight by the clock of the exchange, not ours; a freeze that is lifted before comes back', async () => {
    const account = new AccountRuns(Date.UTC(2026, 0, 2, 23, 56, 0));
    // Small orders: what is lost does not come back by a move of the price.
    const settings = settingsOf('s1', { 'risk.maxDailyLossUsd': LIMIT_USD / 2 });
    const again = { ...LOSING, settings, end: 'stop', unfreeze: true } as const;
    expect((await account.run({ ...again, durationMs: 235_000, hostClock: steppedBy(1) })).frozen).toBe('daily_loss');
    const inVain = await account.run(again);
    expect([inVain.frozen, inVain.events.filter(({ type }) => type === 'orderSent')]).toEqual(['daily_loss', []]);
    await account.clock.run(sleep(account.clock, Date.UTC(2026, 0, 3, 0, 0, 5) - account.clock.now()));
    const nextDay = await account.run({ ...again, durationMs: 3000, hostClock: steppedBy(-1) });
    expect([nextDay.frozen, nextDay.events.some(({ type }) => type === 'orderSent')]).toEqual([undefined, true]);
  });

  test('does not hold what was lost on earlier days with a position that is still there', async () => {
    const account = new AccountRuns(Date.UTC(2026, 0, 2, 23, 59, 45));
    await account.run({ ...LOSING, end: 'kill' });
    await account.clock.run(sleep(account.clock, 10_000));
    expect(account.ledger.positions().map(({ size }) => Number(size))).not.toEqual([0]);
    const { frozen, events } = await account.run({ ...LOSING, end: 'stop', between: boughtDearly });
    expect([frozen, events.some(({ type }) => type === 'orderSent')]).toEqual([undefined, true]);
  });

  test('is unknown while a position has no price, and that holds the quotes', async () => {
    const account = new AccountRuns(NOON);
    await account.run({ ...LOSING, end: 'kill' });
    const { frozen, events } = await account.run({ ...LOSING, end: 'stop', between: priceless });
    expect([frozen, events.filter(({ type }) => type === 'orderSent')]).toEqual([undefined, []]);
    expect(events.filter((event) => event.type === 'hold').map(({ reason }) => reason)).toContain('pnl_unknown');
  });
});

describe('the funding of a day', () => {
  test('is counted once, by whichever run received it, also when it was settled while none ran', async () => {
    const account = new AccountRuns(Date.UTC(2026, 0, 2, 7, 59, 30));
    const deaf: Run = { settings: settingsOf('s1'), durationMs: 16_000, end: 'kill', between: tellsNoFunding };
    await account.run(deaf);
    await account.clock.run(sleep(account.clock, Date.UTC(2026, 0, 2, 8, 0, 5) - account.clock.now()));
    expect(Number(account.ledger.positions()[0]?.funding)).not.toBe(0);
    await account.run(deaf);
    await account.run(deaf);
    const booked = recordsOf(account.folder).flatMap((record) => (record.type === 'funding' ? [record.payment.amount / 1e8] : []));
    expect(booked).toEqual([Number(account.ledger.positions()[0]?.funding)]);
  });
});

// The market goes on for eight hours meanwhile.
test('funding that was settled on an earlier day, while none ran, is in the record of the account', { timeout: 300_000 }, async () => {
  const account = new AccountRuns(Date.UTC(2026, 0, 2, 15, 59, 30));
  const run: Run = { settings: settingsOf('s1'), durationMs: 16_000, end: 'stop' };
  await account.run(run);
  await account.clock.run(sleep(account.clock, Date.UTC(2026, 0, 3, 0, 1) - account.clock.now()));
  await account.run(run);
  const [position] = account.ledger.positions();
  expect(Number(position?.funding)).not.toBe(0);
  const { report } = recordOf(account.folder);
  expect([report.verdict, Number(report.figures.funding)]).toEqual(['COMPLETE', Number(position?.funding)]);
});

describe('the orders of a day', () => {
  test.each(['stop', 'kill'] as const)('are counted over every %s', async (end) => {
    const account = new AccountRuns(NOON, 'btc');
    const settings = settingsOf('s1', { 'risk.maxOrdersPerDay': 20 });
    const placed: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { events } = await account.run({ settings, end, durationMs: 3000, hostClock: steppedBy(n % 2 === 0 ? 13 : -13) });
      placed.push(events.filter(({ type }) => type === 'orderSent').length);
    }
    expect(placed.at(-1)).toBe(0);
    expect(placed.reduce((sum, n) => sum + n)).toBe(20);
  });
});

test('a day that begins while the bot runs has its own orders', async () => {
  const midnight = Date.UTC(2026, 0, 3);
  const account = new AccountRuns(midnight - 12_000, 'btc');
  await account.run({ settings: settingsOf('s1', { 'risk.maxOrdersPerDay': 10 }), end: 'kill', durationMs: 20_000 });
  const intents = recordsOf(account.folder).filter(({ type }) => type === 'placeIntent');
  const today = intents.filter(({ at }) => at >= midnight).length;
  expect([intents.length - today, today > 0, today <= 10]).toEqual([10, true, true]);
});

/** Rewrites the journals as a version would have left them that knows nothing of days. */
function asOlderVersion(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.log'))) {
    const path = join(folder, name);
    const { records } = recordsIn(readFileSync(path));
    const old = records
      .filter(({ type }) => type !== 'day')
      .map((record) => ({ ...record, ...(record.type === 'snapshot' ? { day: undefined } : {}) }));
    writeFileSync(path, journalText(old as JournalRecord[]));
  }
}

function recordsOf(folder: string): readonly JournalRecord[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
  return names.flatMap((name) => recordsIn(readFileSync(join(folder, name))).records);
}

/** No stream tells of funding, and the list has it eight seconds late. */
function tellsNoFunding(exchange: Exchange): Exchange {
  const [connect, funding] = [exchange.connect.bind(exchange), exchange.funding.bind(exchange)];
  exchange.connect = (symbols, listener) => connect(symbols, (event) => (event.type === 'funding' ? undefined : listener(event)));
  exchange.funding = async (scope) => {
    const { value, at } = await funding(scope);
    return { value: value.filter((payment) => payment.at < at - 8000), at };
  };
  return exchange;
}

/** Every position was bought, or sold, at a price that makes it a large loss. */
function boughtDearly(exchange: Exchange): Exchange {
  const positions = exchange.positions.bind(exchange);
  exchange.positions = async () => {
    const { value, at } = await positions();
    const dear = ({ quantity, entryPrice }: { quantity: number; entryPrice: number }) => entryPrice * (quantity > 0 ? 1.5 : 0.5);
    return { value: value.map((position) => ({ ...position, entryPrice: dear(position) })), at };
  };
  return exchange;
}

/** Its clock is right when the bot starts. */
function aDayAhead(exchange: Exchange): Exchange {
  const now = exchange.now.bind(exchange);
  let startedAt = Number.NaN;
  exchange.now = () => {
    if (Number.isNaN(startedAt)) startedAt = now();
    return now() - startedAt > 2000 ? now() + 86_400_000 : now();
  };
  return exchange;
}

/** Books, but neither tickers nor trades. */
function priceless(exchange: Exchange): Exchange {
  const connect = exchange.connect.bind(exchange);
  exchange.connect = (symbols, listener) =>
    connect(symbols, (event) => (event.type === 'ticker' || event.type === 'trades' ? undefined : listener(event)));
  return exchange;
}
