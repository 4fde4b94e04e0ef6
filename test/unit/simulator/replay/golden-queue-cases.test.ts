import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { BookOrder } from '../../../../src/simulator/matching/book-order.ts';
import { queueModelOf } from '../../../../src/simulator/replay/queue-models.ts';
import { defined } from '../../../../src/util/assert.ts';
import { recordedMarket } from './matchings.ts';

interface OrderCase {
  id: string;
  side: 'buy' | 'sell';
  price: number;
  qty: number;
}

type EventCase =
  | ['level', 'buy' | 'sell', number, number]
  | ['delete', 'buy' | 'sell', number]
  | ['clear']
  | ['quote', number, number, number, number]
  | ['trade', 'buy' | 'sell' | 'none', number, number]
  | ['place', OrderCase];

interface QueueCase {
  id: string;
  model: 'trade_driven_l1' | 'trade_driven_l2';
  book?: EventCase[];
  quote?: EventCase;
  orders: OrderCase[];
  events: { event: EventCase; fills?: Record<string, number>; total_filled_max?: number }[];
}

interface ProbabilityRow {
  front: number;
  prev: number;
  new: number;
  tradedSinceLastDepth: number;
  prob: string;
  front_after: number;
}

interface ProbabilitySequence {
  prob: string;
  levelQtyAtPlacement: number;
  steps: { event: ['depth' | 'trade', number]; front: number; fillable: number }[];
}

const GOLDEN = JSON.parse(readFileSync(new URL('../../../fixtures/golden/queue_model_cases.json', import.meta.url), 'utf8')) as {
  cases: QueueCase[];
  prob_rows: ProbabilityRow[];
  prob_sequences: ProbabilitySequence[];
};

/** `power3_v3(n=3)` is `probability:power3-v3` here. */
function modelOf(word: string) {
  const name = word === 'risk_averse' ? 'risk-averse' : `probability:${word.replace(/\(.*\)$/, '').replace('_', '-')}`;
  return defined(queueModelOf(name), name);
}

function play(market: ReturnType<typeof recordedMarket>, orders: Map<string, BookOrder>, event: EventCase): void {
  switch (event[0]) {
    case 'level':
    case 'delete': {
      const rows = [[event[2], event[3] ?? 0] as const];
      return market.change(event[1] === 'buy' ? rows : [], event[1] === 'sell' ? rows : []);
    }
    case 'clear':
      return market.snapshot([], []);
    case 'quote':
      return market.snapshot([[event[1], event[2]]], [[event[3], event[4]]], 1);
    case 'trade':
      return market.trade(event[1] === 'none' ? undefined : event[1], event[2], event[3]);
    case 'place': {
      const { id, side, price, qty } = event[1];
      const order = market.order(side, price, qty);
      orders.set(id, order);
      expect(market.matching.submit(order, 'GTC')).toBe('resting');
    }
  }
}

describe('the trade-driven queue model', () => {
  it.each(GOLDEN.cases)('$id', ({ book = [], quote, orders: placed, events }) => {
    const market = recordedMarket();
    const orders = new Map<string, BookOrder>();
    expect(events.length).toBeGreaterThan(0);
    for (const event of quote === undefined ? book : [quote]) play(market, orders, event);
    for (const order of placed) play(market, orders, ['place', order]);
    for (const { event, fills, total_filled_max: most } of events) {
      play(market, orders, event);
      const filled = [...orders].map(([id, order]): [string, number] => [id, market.takeFills(order)]);
      if (fills !== undefined) expect(Object.fromEntries(filled.filter(([, quantity]) => quantity > 0))).toEqual(fills);
      if (most !== undefined) expect(filled.reduce((sum, [, quantity]) => sum + quantity, 0)).toBeLessThanOrEqual(most);
    }
  });
});

describe('the probability queue models', () => {
  test.each(GOLDEN.prob_rows)('$prob: front $front, level $prev -> $new, traded $tradedSinceLastDepth', (row) => {
    const place = modelOf(row.prob).join(row.front + row.tradedSinceLastDepth);
    place.traded(row.tradedSinceLastDepth);
    place.resized(row.prev, row.new);
    expect(place.ahead).toBeCloseTo(row.front_after, 9);
  });

  test.each(GOLDEN.prob_sequences)('$prob, step by step', ({ prob, levelQtyAtPlacement, steps }) => {
    const place = modelOf(prob).join(levelQtyAtPlacement);
    let level = levelQtyAtPlacement;
    for (const { event, front, fillable } of steps) {
      const [kind, quantity] = event;
      if (kind === 'trade') expect(place.traded(quantity)).toBe(fillable);
      else {
        place.resized(level, quantity);
        level = quantity;
      }
      expect(place.ahead).toBeCloseTo(front, 9);
    }
  });
});

describe('every queue model', () => {
  const MODELS = [
    'trade',
    'risk-averse',
    ...['log', 'log2', 'power1', 'power2', 'power3', 'power2-v2', 'power3-v3'].map((name) => `probability:${name}`),
  ];
  const quantity = fc.integer({ min: 0, max: 5000 });
  const step = fc.oneof(fc.tuple(fc.constant('trade' as const), quantity), fc.tuple(fc.constant('depth' as const), quantity));

  it.each(MODELS)('lets past no more than was traded, and stays a number, whatever happens to the level (%s)', (name) => {
    fc.assert(
      fc.property(quantity, fc.array(step, { maxLength: 30 }), (displayed, steps) => {
        const place = defined(queueModelOf(name), name).join(displayed);
        let level = displayed;
        for (const [kind, value] of steps) {
          const reached = kind === 'trade' ? place.traded(value) : 0;
          expect(Number.isInteger(reached) && reached >= 0 && reached <= value).toBe(true);
          if (kind === 'depth') {
            place.resized(level, value);
            level = value;
          }
          expect(Number.isFinite(place.ahead)).toBe(true);
          if (kind === 'depth' && name !== 'trade') expect(place.ahead).toBeLessThanOrEqual(value);
        }
      }),
    );
  });
});

describe('the cases of single orders', () => {
  test('l3-01: a bid fills when the best ask comes to it', () => {
    const market = recordedMarket();
    market.snapshot([[100, 1]], [[101, 1]]);
    const own = market.order('buy', 100, 1);
    market.matching.submit(own, 'GTC');
    market.change([[100, 0]], [[100, 1]]);
    expect(market.takeFills(own)).toBe(1);
    expect(market.matching.firstAt(1, own.price)).toBeUndefined();
  });

  test('l3-02: an ask fills when the best bid comes to it', () => {
    const market = recordedMarket();
    market.snapshot([[100, 1]], [[101, 1]]);
    const own = market.order('sell', 101, 1);
    market.matching.submit(own, 'GTC');
    market.change([[101, 1]], [[101, 0]]);
    expect(market.takeFills(own)).toBe(1);
  });

  test('l3-03: orders that arrived after ours do not delay it', () => {
    const market = recordedMarket();
    market.snapshot([[100, 1]], [[101, 1]]);
    const own = market.order('buy', 100, 1);
    market.matching.submit(own, 'GTC');
    market.change([[100, 3]], []);
    market.trade('sell', 100, 1);
    expect(market.takeFills(own)).toBe(0);
    market.trade('sell', 100, 1);
    expect(market.takeFills(own)).toBe(1);
  });
});
