import { resolve } from '../../src/config/resolve.ts';
import { decide } from '../../src/execution/decide/decide.ts';
import type { SymbolView } from '../../src/execution/decide/view.ts';
import { Book } from '../../src/model/book.ts';
import { newOrderState, sign, transition, type Order } from '../../src/model/order.ts';
import { FLAT, type Position } from '../../src/model/position.ts';
import { lots, tickLots, ticks } from '../../src/model/units.ts';
import { at } from '../../src/util/array.ts';
import { randomInt, randomNormal, seededRandom } from '../../src/util/random.ts';
import { idle, viewOf } from '../support/builders/views.ts';

export interface DecideRounds {
  /** Decisions a second. */
  readonly best: number;
  readonly median: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly changesPerDecision: number;
  /** Bytes that are still held after a collection. */
  readonly heapGrowthPerDecision: number;
}

/**
 * Decisions of one symbol: a 50-level book that moves, three levels a side, orders that follow their plans and sometimes
 * fill, the adaptive spread, the queue nudge and the risk gate on. The views are made first; only `decide` is timed.
 */
const VIEWS = 2000;
/** Each of a tenth of the views, short enough to run undisturbed on a busy machine; the best one counts. */
const ROUNDS = 500;
const PART = VIEWS / 10;
/** Book messages and our own events wake the loop about this often. */
const TURN_MS = 50;

const { settings } = resolve({
  cli: {
    problems: [],
    entries: [
      ['quoting.levels', '3'],
      ['quoting.levelSpacingBps', '0.4'],
      ['quoting.baseSpreadBps', '0.85'],
      ['quoting.adaptive', 'true'],
    ].map(([key = '', text = '']) => ({ key, text, quoted: false, source: 'bench' })),
  },
});

function walk(): SymbolView[] {
  const random = seededRandom('decide');
  let mid = 600_000;
  let orders: Order[] = [];
  let position: Position = FLAT;
  let ids = 0;
  return Array.from({ length: VIEWS }, (_, i) => {
    mid += Math.round(3 * randomNormal(random));
    const book = new Book();
    const side = (direction: 1 | -1) =>
      Array.from({ length: 50 }, (__, n) => ({ price: ticks(mid + direction * (1 + 2 * n)), quantity: lots(1 + randomInt(random, 5000)) }));
    book.apply(side(-1), side(1));
    const now = TURN_MS * i;
    const resting = orders.map((order) => ({ order, agedMs: now - order.updatedAt }));
    const view = viewOf({ at: 10_000 + now, book, orders: resting, position, markPrice: ticks(mid), activity: idle({ inFlight: 0 }) });
    const { plan } = decide(view, settings, () => `mm-${(ids += 1)}`);
    const canceled = new Set(plan.cancels);
    const amended = new Map(plan.amends.map((amend) => [amend.clientOrderId, amend]));
    const kept = orders
      .filter((order) => !canceled.has(order))
      .map((order) => {
        const amend = amended.get(order.clientOrderId);
        return amend === undefined ? order : { ...order, ...amend, updatedAt: now };
      });
    const placed = plan.places.map((place) =>
      transition(newOrderState(place, now), { type: 'acknowledged', exchangeOrderId: place.clientOrderId }, now),
    );
    orders = [...kept, ...placed];
    if (random.uniform() < 0.1 && orders.length > 0) {
      const [filled] = orders.splice(randomInt(random, orders.length), 1);
      const change = filled === undefined ? 0 : sign(filled.side) * filled.quantity;
      const quantity = Math.max(-30, Math.min(30, position.quantity + change));
      position = { ...FLAT, quantity: lots(quantity), cost: tickLots(quantity * mid) };
    }
    return view;
  });
}

function decideAll(views: readonly SymbolView[]): number {
  let changes = 0;
  for (let i = 0; i < views.length; i += 1) {
    const { plan } = decide(at(views, i), settings, nextId);
    changes += plan.places.length + plan.amends.length + plan.cancels.length;
  }
  return changes;
}

let ids = 0;
const nextId = (): string => `mm-${(ids += 1)}`;

function heapAfterCollection(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

console.log(JSON.stringify(measure()));

function measure(): DecideRounds {
  const views = walk();
  let changes = 0;
  for (let i = 0; i < 5; i += 1) changes = decideAll(views);
  const before = heapAfterCollection();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const part = views.slice((round % 10) * PART, ((round % 10) + 1) * PART);
    const startedAt = performance.now();
    decideAll(part);
    rounds.push(performance.now() - startedAt);
  }
  const after = heapAfterCollection();
  const single = new Float64Array(VIEWS * 10);
  for (let i = 0; i < single.length; i += 1) {
    const startedAt = performance.now();
    decide(at(views, i % VIEWS), settings, nextId);
    single[i] = (performance.now() - startedAt) * 1000;
  }
  single.sort();
  const growth = (after - before) / (PART * ROUNDS);
  const perSecond = (PART / Math.min(...rounds)) * 1000;
  const usual =
    (PART /
      at(
        rounds.sort((a, b) => a - b),
        ROUNDS / 2,
      )) *
    1000;
  const us = (quantile: number): number => Math.round(at(single, Math.floor(quantile * single.length)) * 10) / 10;
  return {
    best: perSecond,
    median: usual,
    p50Us: us(0.5),
    p99Us: us(0.99),
    changesPerDecision: changes / VIEWS,
    heapGrowthPerDecision: growth,
  };
}
