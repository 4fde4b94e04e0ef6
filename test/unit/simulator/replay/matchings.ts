import { lots, ticks } from '../../../../src/model/units.ts';
import type { Side } from '../../../../src/model/order.ts';
import { BookOrder } from '../../../../src/simulator/matching/book-order.ts';
import { TRADE_QUEUE, type QueueModel } from '../../../../src/simulator/replay/queue-models.ts';
import { ReplayMatching } from '../../../../src/simulator/replay/replay-matching.ts';

type Rows = readonly (readonly [price: number, quantity: number])[];

/** A recorded market by hand, and the clients' fills in it. */
export function recordedMarket(model: QueueModel = TRADE_QUEUE) {
  const fills: { order: BookOrder; price: number; quantity: number; isMaker: boolean }[] = [];
  const isClient = new Set<BookOrder>();
  const matching = new ReplayMatching(model, (maker, taker, price, quantity) => {
    const isMaker = isClient.has(maker);
    fills.push({ order: isMaker ? maker : taker, price, quantity, isMaker });
  });
  const levels = (rows: Rows) => rows.map(([price, quantity]) => ({ price: ticks(price), quantity: lots(quantity) }));
  return {
    matching,
    fills,
    order(side: Side, price: number, quantity: number): BookOrder {
      const order = new BookOrder(side === 'buy' ? 1 : -1, ticks(price), lots(quantity));
      isClient.add(order);
      return order;
    },
    snapshot(bids: Rows, asks: Rows, depth = Infinity): void {
      matching.apply({ whole: true, bids: levels(bids), asks: levels(asks), depth });
    },
    change(bids: Rows, asks: Rows, depth = Infinity): void {
      matching.apply({ whole: false, bids: levels(bids), asks: levels(asks), depth });
    },
    trade(side: Side | undefined, price: number, quantity: number): void {
      matching.trade(side, ticks(price), lots(quantity));
    },
    /** Quantities filled of an order since the last call for it. */
    takeFills(order: BookOrder): number {
      const own = fills.filter((fill) => fill.order === order);
      for (const fill of own) fills.splice(fills.indexOf(fill), 1);
      return own.reduce((sum, { quantity }) => sum + quantity, 0);
    },
  };
}
