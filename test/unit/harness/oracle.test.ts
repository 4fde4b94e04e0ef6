import { describe, expect, test } from 'vitest';
import type { Aftermath } from '../../../src/harness/soak/aftermath.ts';
import { Oracle } from '../../../src/harness/invariants/oracle.ts';
import type { Invariant } from '../../../src/harness/invariants/invariant.ts';
import { RULES } from '../../../src/harness/invariants/table.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import { createVenue } from '../../../src/simulator/embedded-venue.ts';
import { watchLedger } from '../../../src/simulator/ledger/ledger-events.ts';
import type { Venue } from '../../../src/simulator/venue/venue.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { defined } from '../../../src/util/assert.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { START } from '../../support/builders/journals.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const SETTINGS = settingsOf('s1');

function scene() {
  const clock = new VirtualClock(1_767_225_600_000);
  const venue = createVenue({ clock, random: seededRandom('1'), symbols: ['BTCUSDT'], market: 'none', accounts: 1 });
  const { instrument } = defined(venue.market('BTCUSDT'), 'BTCUSDT');
  const oracle = new Oracle({
    settings: SETTINGS,
    idPrefix: 'mm-new-',
    instruments: new Map([['BTCUSDT', instrument]]),
    toleranceMs: 1,
    inside: undefined,
  });
  watchLedger(venue, 0, (event) => oracle.observe({ source: 'ledger', event }, clock.monotonic()));
  return { venue, oracle };
}

function place(venue: Venue, orderLinkId: string): void {
  const market = defined(venue.market('BTCUSDT'), 'BTCUSDT');
  const order = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', timeInForce: 'PostOnly', reduceOnly: false } as const;
  expect(venue.place(0, { ...order, price: ticks(market.markPrice - 100), quantity: lots(2), orderLinkId }).ok).toBe(true);
}

function judged(oracle: Oracle, venue: Venue): Invariant[] {
  const aftermath: Aftermath = {
    ledger: venue.ledger(0),
    idPrefix: 'mm-new-',
    suffered: undefined,
    stop: undefined,
    positions: new Map(),
    liveInStore: 0,
    frozen: undefined,
    fault: undefined,
    counted: { ordersSent: 0, amendsSent: 0 },
  };
  return oracle.judge(aftermath, 'after a kill', 'with faults');
}

function broken(oracle: Oracle, venue: Venue): string[] {
  return judged(oracle, venue).flatMap(({ id, holds }) => (holds ? [] : [id]));
}

describe('the oracle', () => {
  test('I10: an order that a killed run left rests while the next one places', () => {
    const { venue, oracle } = scene();
    place(venue, 'mm-old-1');
    oracle.observe({ source: 'journal', event: { type: 'record', index: 0, record: { ...START, runId: 'mm-new-' } } }, 0);
    place(venue, 'mm-new-1');
    expect(broken(oracle, venue)).toContain('I10');
  });

  test('I10: a new run that takes them back first is clean', () => {
    const { venue, oracle } = scene();
    place(venue, 'mm-old-1');
    oracle.observe({ source: 'journal', event: { type: 'record', index: 0, record: { ...START, runId: 'mm-new-' } } }, 0);
    venue.cancelAll(0, { symbol: 'BTCUSDT' });
    place(venue, 'mm-new-1');
    expect(broken(oracle, venue)).not.toContain('I10');
  });

  test('I23: a quote of a real turn, one tick nearer to fair value, is beyond its target', async () => {
    const turns: Extract<BotEvent, { type: 'turn' }>[] = [];
    const keep = (event: BotEvent): void => {
      if (event.type === 'turn' && event.plan.places.length > 0) turns.push(event);
    };
    await virtualSoak({ settings: SETTINGS, seed: '7', durationMs: 2000, onEvent: keep });
    const turn = defined(turns[0], 'a turn that places');
    const nearer = turn.explanation.quotes.map((quote) => ({ ...quote, price: ticks(quote.price + (quote.side === 'buy' ? 1 : -1)) }));
    const [sound, moved] = [scene(), scene()];
    sound.oracle.observe({ source: 'events', event: turn }, 0);
    expect(broken(sound.oracle, sound.venue)).not.toContain('I23');
    moved.oracle.observe({ source: 'events', event: { ...turn, explanation: { ...turn.explanation, quotes: nearer } } }, 0);
    expect(broken(moved.oracle, moved.venue)).toContain('I23');
  });

  test('a rule that nothing was checked against is not exercised, and not violated', () => {
    const { venue, oracle } = scene();
    const idle = judged(oracle, venue).filter(({ lookedAt }) => !lookedAt);
    expect(idle.filter(({ holds }) => !holds)).toEqual([]);
    expect([...new Set(idle.map(({ id }) => id))]).toEqual(
      'I1 I2 I3 I4 I5 I6 I7 I9 I10 I12 I13 I15 I16 I19 I20 I21 I23 I24 I25 I32 I33'.split(' '),
    );
    place(venue, 'mm-new-1');
    const now = judged(oracle, venue).filter(({ lookedAt }) => !lookedAt);
    expect(idle.length - now.length).toBeGreaterThan(0);
    expect(now.map(({ name }) => name)).not.toContain('own bid is always below own ask');
  });

  test('a run that trades exercises every rule', async () => {
    const { invariants } = await virtualSoak({ settings: SETTINGS, seed: '7', durationMs: 60_000 });
    expect(invariants.filter(({ lookedAt }) => !lookedAt).map(({ name }) => name)).toEqual([]);
  });

  test('lists every invariant that a record can show', () => {
    const shown = new Set(RULES.map(({ id }) => id));
    // Of 34: exact arithmetic (lint), equal logs (the slow suite), secrets and uptime have tests and gates of their own.
    const elsewhere = ['I22', 'I26', 'I29', 'I34'];
    const all = Array.from({ length: 34 }, (_, i) => `I${i + 1}`);
    expect([...shown, ...elsewhere].toSorted()).toEqual(all.toSorted());
  });
});
