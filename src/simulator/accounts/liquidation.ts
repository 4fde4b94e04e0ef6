import type { Ticks } from '../../model/units.ts';
import type { Account } from './account.ts';
import { scaledTowardZero } from './arithmetic.ts';
import type { Clearing } from './clearing.ts';
import { closingOrder } from '../orders/closing-order.ts';
import { ClientOrder } from '../orders/client-order.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { Holding } from './holding.ts';
import { bustPrice } from './liquidation-price.ts';
import { maintenanceMargin } from './margin.ts';
import type { VenueEvent } from '../venue/events.ts';

/** Interval of the checks. */
const PERIOD_MS = 100;

interface LiquidationParts {
  readonly accounts: readonly Account[];
  readonly markets: ReadonlyMap<string, EmbeddedMarket>;
  readonly clearing: Clearing;
  readonly nextOrderId: () => string;
  readonly now: () => number;
  readonly publish: (event: VenueEvent) => void;
  /** Cancels every open order of an account. */
  readonly cancelOrders: (account: Account) => void;
}

/**
 * Closes the positions of accounts whose equity is below their maintenance margin at the mark prices. Each position is offered to
 * the book down to the price at which its share of the equity is used up; the house takes the rest at that price. An account thus
 * loses at most its equity.
 */
export class Liquidation {
  readonly #parts: LiquidationParts;
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: LiquidationParts) {
    this.#parts = parts;
  }

  advance(now: number): void {
    if (now - this.#checkedAt < PERIOD_MS) return;
    this.#checkedAt = now;
    for (const account of this.#parts.accounts) if (isDue(account)) this.#liquidate(account);
  }

  #liquidate(account: Account): void {
    const { markets, cancelOrders } = this.#parts;
    cancelOrders(account);
    const { equity, maintenanceMargin: total } = account.wallet();
    for (const [symbol, market] of markets) {
      const holding = account.holding(symbol);
      if (holding.quantity === 0) continue;
      const share = scaledTowardZero(equity, maintenanceMargin(holding, market), total);
      this.#close(account, market, holding, bustPrice(holding, market, share));
    }
  }

  #close(account: Account, market: EmbeddedMarket, holding: Holding, price: Ticks): void {
    const { clearing, now, nextOrderId, publish } = this.#parts;
    const { symbol } = market.instrument;
    const request = { ...closingOrder(symbol, holding.quantity), price, liquidates: true };
    const { quantity } = request;
    const order = new ClientOrder(request, quantity, {
      account: account.id,
      orderId: nextOrderId(),
      price,
      lastPrice: market.lastPrice,
      at: now(),
    });
    account.add(order);
    publish({ type: 'liquidation', symbol, liquidation: { side: request.side === 'sell' ? 'buy' : 'sell', quantity, price, at: now() } });
    if (market.engine.submit(order, 'IOC') !== 'filled') clearing.takeOver(market, order);
    market.stamp(now());
  }
}

function isDue(account: Account): boolean {
  if (!account.hasPositions) return false;
  const { equity, maintenanceMargin: needed } = account.wallet();
  return equity < needed;
}
