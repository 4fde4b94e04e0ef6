import type { Amend, NewOrder } from '../../model/order.ts';
import { lots } from '../../model/units.ts';
import { check, type GateContext, type GateResult } from '../../risk/gate.ts';
import type { OrderDiff } from '../../strategy/order-diff.ts';
import type { Situation } from './assess.ts';

const NOTHING_APPROVED: GateResult = { amends: [], places: [], denied: [] };

/** Amends and creates as the risk gate lets them pass. Cancels need no approval. */
export function approve(diff: OrderDiff, situation: Situation, newId: () => string): GateResult {
  if (diff.amends.length + diff.places.length === 0) return NOTHING_APPROVED;
  const { symbol } = situation.view.instrument;
  const amends = diff.amends.map(({ order, to }): Amend => ({
    symbol,
    clientOrderId: order.clientOrderId,
    price: to.price,
    quantity: lots(order.filled + to.quantity),
  }));
  const places = diff.places.map((quote): NewOrder => ({
    symbol,
    clientOrderId: newId(),
    side: quote.side,
    price: quote.price,
    quantity: quote.quantity,
    postOnly: true,
    reduceOnly: false,
  }));
  return check(amends, places, gateContext(situation));
}

function gateContext({ view, settings, market, guard }: Situation): GateContext {
  const isReducing = guard.level === 'reducing' && view.trading.mode === 'active';
  return {
    instrument: view.instrument,
    touch: market.touch,
    markPrice: view.markPrice,
    held: view.held,
    orders: view.orders.map(({ order }) => order),
    trading: isReducing ? { mode: 'reducing', reason: guard.reason ?? '' } : view.trading,
    ordersToday: view.account.ordersToday,
    accountOpenOrders: view.account.openOrders,
    accountOpenNotional: view.account.openNotional,
    limits: settings.risk,
  };
}
