import { judgeGates } from '../../../src/harness/measures/gates.ts';
import { measureRun } from '../../../src/harness/measures/measures.ts';
import { MemorySamples } from '../../../src/harness/measures/memory-samples.ts';
import type { SoakRun } from '../../../src/harness/soak/soak-run.ts';
import { FillWatch } from '../../../src/harness/soak/fill-watch.ts';
import { RunStatistics } from '../../../src/harness/soak/run-statistics.ts';
import { allOf, type BotEvent, type Recorder } from '../../../src/execution/events.ts';
import type { SoakOrigin } from '../../../src/reports/soak/soak-report.ts';
import type { Side } from '../../../src/model/order.ts';
import { notional } from '../../../src/model/instrument.ts';
import { applyFill, FLAT, type Position } from '../../../src/model/position.ts';
import { atoms, ticks } from '../../../src/model/units.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { BTC, newOrder } from '../builders/builders.ts';
import { settingsOf } from './virtual-soak.ts';

const START = 1_767_225_600_000;

/** Where it says that it comes from. */
export const LONG_ORIGIN: SoakOrigin = {
  version: '0.1.0',
  seed: 'long',
  profile: 's1',
  configHash: 'abc123',
  clock: 'virtual',
  symbols: ['BTCUSDT'],
  market: 'btc',
  knobs: { psi: 0.3, phi: 0.05 },
  faults: 'stalled-body',
  fees: { makerFeeBps: 2, takerFeeBps: 5.5 },
  durationMs: 86_400_000,
  startedAt: '2026-01-01T00:00:00.000Z',
  repeat: 'mmbot soak --clock virtual --duration 24h --seed long',
};

/**
 * A run of `hours`, its figures gathered by the code that gathers them in a soak, from events that were made up: a price that
 * wanders, a turn and an amend a second, a fill every ten seconds.
 */
export async function longSoak(hours: number, symbols: readonly string[]): Promise<SoakRun> {
  const clock = new VirtualClock(START);
  const statistics = new RunStatistics(clock, 5000);
  const fills = new FillWatch(clock, clock);
  const memory = new MemorySamples();
  for (const symbol of symbols) for (const each of [statistics, fills]) each.addSymbol({ ...BTC, symbol });
  const elapsedMs = hours * 3_600_000;
  await clock.run(wander(clock, statistics, memory, allOf(statistics.record, fills.record), symbols, elapsedMs));
  const suffered = Array.from({ length: hours * 20 }, (_, i) => {
    const fromMs = (i * elapsedMs) / (hours * 20);
    return { name: 'stalled-body' as const, fromMs, toMs: fromMs + 9000, hits: 3 };
  });
  return {
    statistics,
    fills,
    memory,
    stopReport: undefined,
    ordersRest: false,
    warnings: [],
    moments: [],
    askedMoment: undefined,
    invariants: [{ id: 'I8', name: 'no order is left open', sources: ['ledger'], found: '0 open', holds: true, lookedAt: true }],
    gates: judgeGates(measureRun(statistics, memory, true), settingsOf('s1').thresholds),
    verdict: 'FAIL',
    interrupted: false,
    elapsedMs,
    frozen: undefined,
    suffered: { chosen: ['stalled-body'], occurrences: suffered, excuses: new Set(), resumed: true },
    fault: undefined,
  };
}

async function wander(
  clock: VirtualClock,
  statistics: RunStatistics,
  memory: MemorySamples,
  record: Recorder,
  symbols: readonly string[],
  elapsedMs: number,
): Promise<void> {
  const random = seededRandom('long');
  const prices = new Map(symbols.map((symbol) => [symbol, 650_000]));
  const positions = new Map<string, Position>();
  for (let second = 0; second * 1000 < elapsedMs; second += 1) {
    for (const symbol of symbols) {
      const mid = (prices.get(symbol) ?? 0) + Math.round((random.uniform() - 0.5) * 80);
      prices.set(symbol, mid);
      record(turn(symbol, mid, second % 500 < 480, random.uniform() * 0.4));
      const latencyMs = 8 + 4 * random.uniform() + (random.uniform() < 0.01 ? 300 * random.uniform() : 0);
      record({ type: 'amendSent', amend: {} } as BotEvent);
      record({ type: 'amendAcked', latencyMs, queueMs: 0.2 } as BotEvent);
      if (second % 10 === 0) record(fill(symbol, mid, second / 10, positions));
    }
    statistics.sample();
    statistics.series.addMemory(150 + random.uniform() * 10, statistics.elapsedMs);
    memory.add(statistics.elapsedMs, 160e6);
    await new Promise<void>((resolve) => clock.schedule(1000, resolve));
  }
}

function turn(symbol: string, mid: number, isQuoting: boolean, riskRatio: number): BotEvent {
  const [bids, asks] = isQuoting
    ? [
        [60, 90, 130, 170],
        [60, 90, 130, 170],
      ]
    : [[], []];
  const quotes = {
    bid: isQuoting ? ticks(mid - 60) : undefined,
    ask: isQuoting ? ticks(mid + 60) : undefined,
  };
  const resting = (side: Side, prices: readonly number[]) => prices.map((price) => ({ side, price: ticks(price), state: { tag: 'open' } }));
  const orders = [
    ...resting(
      'buy',
      bids.map((away) => mid - away),
    ),
    ...resting(
      'sell',
      asks.map((away) => mid + away),
    ),
  ];
  const plan = { places: [], amends: [], cancels: [] };
  const explanation = { riskRatio, quotes: [], omitted: {}, guard: riskRatio > 0.3 ? 'inventory_soft' : undefined };
  return { type: 'turn', symbol, mid, ...quotes, plan, hold: undefined, denied: [], explanation, orders } as unknown as BotEvent;
}

function fill(symbol: string, mid: number, count: number, positions: Map<string, Position>): BotEvent {
  const side = count % 2 === 0 ? 'buy' : 'sell';
  const price = ticks(side === 'buy' ? mid - 60 : mid + 60);
  const order = newOrder({ symbol, side, price });
  const fee = atoms(Math.round(notional(price, order.quantity) * BTC.atomsPerTickLot * 0.0002));
  const position = applyFill(positions.get(symbol) ?? FLAT, { ...order, fee });
  positions.set(symbol, position);
  return { type: 'fill', fill: { ...order, fee, maker: true, at: START + count * 10_000 }, position, mid } as unknown as BotEvent;
}
