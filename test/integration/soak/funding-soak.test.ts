import { describe, expect, test } from 'vitest';
import { openEmbedded } from '../../../src/wiring/soak-exchange.ts';
import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import { resolve } from '../../../src/config/resolve.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import { runSoak, type SoakRun } from '../../../src/harness/soak/soak-run.ts';
import { sumUp } from '../../../src/harness/measures/measures.ts';
import { NO_FAULTS } from '../../../src/simulator/faults/fault-choice.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';

/** A quarter of a minute before funding is settled. */
const START = Date.parse('2026-01-01T07:59:45Z');

/**
 * The live loop across a settlement, with a position. `deaf`: the stream never tells the bot about it. `lateMs`: what is in the list of
 * payments is older than that.
 */
async function soakAcrossFunding(deaf = false, lateMs = 0): Promise<{ run: SoakRun; events: BotEvent[] }> {
  const clock = new VirtualClock(START);
  const { settings } = resolve({});
  const quoting = { ...settings.quoting, baseSpreadBps: 1 };
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const parts = { clock, seed: '7', symbols: ['BTCUSDT'], market: 'btc' as const, settings: { ...settings, quoting } };
  const events: BotEvent[] = [];
  const work = async (): Promise<SoakRun> => {
    await using embedded = await openEmbedded({ ...parts, faults: NO_FAULTS, replay: undefined, limiter, overSockets: false });
    const { exchange } = embedded;
    if (deaf) {
      const connect = exchange.connect.bind(exchange);
      exchange.connect = (symbols, listener) => connect(symbols, (event) => event.type !== 'funding' && listener(event));
    }
    if (lateMs > 0) {
      const funding = exchange.funding.bind(exchange);
      exchange.funding = async (scope) => {
        const { value, at } = await funding(scope);
        return { value: value.filter((payment) => payment.at < at - lateMs), at };
      };
    }
    const run = await runSoak({
      ...parts,
      ...embedded,
      limiter,
      journal: embedded.listens.journal(NO_JOURNAL),
      durationMs: 30_000 + 2 * lateMs,
      stop: new AbortController().signal,
      memoryBytes: undefined,
      onSample: () => undefined,
      onEvent: (event) => events.push(event),
    });
    return run;
  };
  return { run: await clock.run(work()), events };
}

describe('a soak across a settlement of funding', () => {
  test('pays what the ledger says, to the atom, and keeps every invariant', async () => {
    const { run, events } = await soakAcrossFunding();
    expect(run.invariants.filter(({ holds }) => !holds)).toEqual([]);
    const payments = events.flatMap((event) => (event.type === 'funding' ? [event] : []));
    expect(payments.length).toBeGreaterThan(0);
    expect(payments.every(({ payment }) => payment.amount !== 0)).toBe(true);
    const { fundingUsd, grossUsd, feesUsd, netUsd } = sumUp(run.statistics);
    expect(fundingUsd).toBeCloseTo(payments.reduce((sum, { payment }) => sum + payment.amount, 0) / 1e8, 12);
    expect(fundingUsd).not.toBe(0);
    expect(netUsd).toBeCloseTo(grossUsd - feesUsd - fundingUsd, 12);
    const reconciled = events.flatMap((event) => (event.type === 'reconciled' ? event.divergences : []));
    expect(reconciled.filter((divergence) => divergence.startsWith('missed'))).toEqual([]);
  });

  test('finds a payment that no stream reported in the list of executions', async () => {
    const { run, events } = await soakAcrossFunding(true);
    expect(run.invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(events.filter(({ type }) => type === 'funding').length).toBeGreaterThan(0);
  });

  test.each([8000, 25_000])('finds it also when it is listed %d ms late', async (lateMs) => {
    const { run, events } = await soakAcrossFunding(true, lateMs);
    expect(run.invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(events.filter(({ type }) => type === 'funding')).toHaveLength(1);
  });
});
