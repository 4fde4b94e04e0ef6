import type { VenueExecution } from '../venue/orders.ts';
import type { ClientOrder } from './client-order.ts';

type Fill = Pick<
  VenueExecution,
  'execId' | 'price' | 'quantity' | 'fee' | 'isMaker' | 'closedQuantity' | 'realized' | 'markPrice' | 'at' | 'sequence'
>;

/** The record of a fill. To be made after the order has counted it. */
export function executionOf(order: ClientOrder, fill: Fill): VenueExecution {
  const { symbol, orderLinkId, side, type, quoteAmount, liquidates } = order.request;
  return {
    execType: liquidates === true ? 'BustTrade' : 'Trade',
    account: order.account,
    symbol,
    orderId: order.orderId,
    orderLinkId,
    stopKind: order.stopKind,
    side,
    type,
    quoteAmount,
    orderPrice: order.price,
    orderQuantity: order.quantity,
    leavesQuantity: order.leaves,
    ...fill,
  };
}
