import { lots, type Lots, type Ticks } from '../../model/units.ts';
import type { BookOrder } from '../matching/book-order.ts';
import type { OrderMatching, Submission } from '../matching/order-matching.ts';
import { ClientOrder } from './client-order.ts';
import type { Ending } from './order-endings.ts';

/** New terms for a client's resting order; `quantity` counts what is filled already. A post-only order that would take leaves the book. */
export function amendInBook(
  engine: OrderMatching,
  order: ClientOrder,
  { price, quantity }: { readonly price: Ticks; readonly quantity: Lots },
): Submission {
  const takes = order.request.timeInForce === 'PostOnly' && engine.wouldTake(order.direction, price);
  if (!takes) return engine.amend(order, price, lots(quantity - order.filled));
  engine.remove(order);
  order.price = price;
  return 'wouldTake';
}

/** How a client's order that is out of the book ends. */
interface OrderEnding<Market> {
  end(market: Market, order: ClientOrder, ending: Ending): void;
}

/** Self-match prevention: two orders of one account met. Ends the maker if it has left the book; the taker ends when its matching does. */
export function preventedSelfMatch<Market>(clearing: OrderEnding<Market>, market: Market, maker: BookOrder, taker: BookOrder): void {
  if (!(maker instanceof ClientOrder) || !(taker instanceof ClientOrder)) return;
  taker.smpOrderId = maker.orderId;
  if (maker.queue !== undefined) return;
  maker.smpOrderId = taker.orderId;
  clearing.end(market, maker, 'selfMatch');
}
