import { lots, type Lots, type Ticks } from '../../model/units.ts';
import type { BookOrder, MatchingEngine, Submission } from '../matching/matching-engine.ts';
import { ClientOrder } from './client-order.ts';

/** New terms for a client's resting order; `quantity` counts what is filled already. A post-only order that would take leaves the book. */
export function amendInBook(
  engine: Pick<MatchingEngine, 'amend' | 'remove' | 'wouldTake'>,
  order: ClientOrder,
  { price, quantity }: { readonly price: Ticks; readonly quantity: Lots },
): Submission {
  const takes = order.request.timeInForce === 'PostOnly' && engine.wouldTake(order.direction, price);
  if (!takes) return engine.amend(order, price, lots(quantity - order.filled));
  engine.remove(order);
  order.price = price;
  return 'wouldTake';
}

/** Two orders of one account met. The maker, where self-match prevention took it out of the book; the taker ends when its matching does. */
export function endedBySelfMatch(maker: BookOrder, taker: BookOrder): ClientOrder | undefined {
  if (!(maker instanceof ClientOrder) || !(taker instanceof ClientOrder)) return undefined;
  taker.smpOrderId = maker.orderId;
  if (maker.queue !== undefined) return undefined;
  maker.smpOrderId = taker.orderId;
  return maker;
}
