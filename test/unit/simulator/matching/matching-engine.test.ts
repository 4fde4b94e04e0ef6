import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../../src/model/units.ts';
import { BookOrder, type Direction } from '../../../../src/simulator/matching/book-order.ts';
import { MatchingEngine } from '../../../../src/simulator/matching/matching-engine.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../../fixtures/golden/${name}`, import.meta.url), 'utf8');
const rows = (name: string): string[] => fixture(name).trim().split('\n');

class NumberedOrder extends BookOrder {
  readonly id: number;
  constructor(id: number, direction: Direction, price: number, quantity: number) {
    super(direction, ticks(price), lots(quantity));
    this.id = id;
  }
}

const idOf = (order: BookOrder): number => (order instanceof NumberedOrder ? order.id : -1);

describe('the matching engine on a stream on which two other engines agree', () => {
  const trades: string[] = [];
  const engine = new MatchingEngine((maker, taker, price, quantity) => {
    trades.push(`${idOf(taker)},${idOf(maker)},${price},${quantity}`);
  });
  const orders = new Map<number, NumberedOrder>();
  for (const row of rows('mm_20k.csv')) {
    const [op = '', ...numbers] = row.split(',');
    const [id = 0, side = 0, price = 0, quantity = 0] = numbers.map(Number);
    run(op, id, side === 0 ? 1 : -1, price, quantity);
  }

  function run(op: string, id: number, direction: Direction, price: number, quantity: number): void {
    const known = orders.get(id);
    if (op === 'C') {
      if (known?.queue !== undefined) engine.remove(known);
    } else if (op === 'R') {
      if (known?.queue !== undefined) engine.amend(known, ticks(price), known.leaves);
    } else {
      const order = new NumberedOrder(id, direction, price, quantity);
      orders.set(id, order);
      engine.submit(order, op === 'I' ? 'IOC' : 'GTC');
    }
  }

  it('makes the same 4,717 trades of 153,099', () => {
    expect(trades).toEqual(rows('mm_20k.trades.csv'));
    expect(trades).toHaveLength(4717);
    expect(trades.reduce((sum, trade) => sum + Number(trade.split(',')[3]), 0)).toBe(153_099);
  });

  it('leaves the same book, order by order', () => {
    const left = [...orders.values()].filter((order) => order.queue !== undefined);
    const text = left.map((order) => `${order.direction === 1 ? 0 : 1},${order.price},${order.id},${order.leaves}`).sort();
    expect(text).toEqual(rows('mm_20k.book.csv').sort());
  });
});
