import { lots, type Lots, type Ticks } from '../../model/units.ts';
import { at } from '../../util/array.ts';
import type { Account } from './account.ts';
import { ClientOrder } from '../orders/client-order.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import { feeOf } from './margin.ts';
import type { BookOrder } from '../matching/book-order.ts';
import { executionOf } from '../orders/executions.ts';
import { reducible } from '../orders/order-checks.ts';
import { ENDINGS, type Ending } from '../orders/order-endings.ts';
import type { VenueEvent } from '../venue/events.ts';
import type { VenueOrder } from '../venue/orders.ts';

interface ClearingParts {
  readonly accounts: readonly Account[];
  readonly now: () => number;
  readonly nextId: () => string;
  readonly publish: (event: VenueEvent) => void;
  /** Called after an order was filled and the fill was published. */
  readonly onFilled: (account: Account, market: EmbeddedMarket, order: ClientOrder) => void;
}

/** Settles the matches of the engines in the accounts, and publishes the events in the order in which they happen. */
export class Clearing {
  readonly #accounts: readonly Account[];
  readonly #now: () => number;
  readonly #nextId: () => string;
  readonly #publish: (event: VenueEvent) => void;
  readonly #onFilled: ClearingParts['onFilled'];

  constructor({ accounts, now, nextId, publish, onFilled }: ClearingParts) {
    this.#accounts = accounts;
    this.#now = now;
    this.#nextId = nextId;
    this.#publish = publish;
    this.#onFilled = onFilled;
  }

  settle(market: EmbeddedMarket, maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots): void {
    const now = this.#now();
    const trade = {
      id: this.#nextId(),
      price,
      quantity,
      side: taker.direction === 1 ? ('buy' as const) : ('sell' as const),
      at: now,
      sequence: market.sequence,
    };
    if (market.printsMatches) market.record(trade);
    this.#settleSide(market, maker, price, quantity, true);
    this.#settleSide(market, taker, price, quantity, false);
    if (market.printsMatches) this.#publish({ type: 'trade', symbol: market.instrument.symbol, trade });
    if (maker instanceof ClientOrder) this.#trimReduceOnly(market, maker);
    if (taker instanceof ClientOrder) this.#trimReduceOnly(market, taker);
  }

  /** Publishes the row of a new or amended order that rests, then the position. */
  rests(market: EmbeddedMarket, order: ClientOrder, publishRow: boolean): void {
    this.accountOf(order).count(order);
    if (publishRow) this.#publish({ type: 'order', order: order.snapshot() });
    this.publishPosition(market, order);
  }

  /** Moves an order from waiting for its trigger price to the book. */
  triggers(order: ClientOrder): void {
    order.triggered(this.#now());
    this.#publish({ type: 'order', order: order.snapshot() });
  }

  /** Publishes the row for a cancel that arrived after the order had filled: it repeats the fill. */
  lateCancel(order: VenueOrder): void {
    const row = { ...order, cancelType: 'CancelByUser', rejectReason: 'EC_OrigClOrdIDDoesNotExist' };
    this.#publish({ type: 'order', order: row });
  }

  /** Ends an order that is out of the book. */
  end(market: EmbeddedMarket, order: ClientOrder, ending: Ending): void {
    const account = this.accountOf(order);
    const [cancelType, rejectReason] = ENDINGS[ending];
    const status = order.isWaiting ? 'Deactivated' : ending === 'rejected' ? 'Rejected' : 'Cancelled';
    order.close(status, cancelType, rejectReason, this.#now());
    account.count(order);
    account.file(order);
    this.#publish({ type: 'order', order: order.snapshot() });
    this.publishPosition(market, order);
  }

  /** The house fills the rest of a liquidation order that the book did not, at the order’s own price. */
  takeOver(market: EmbeddedMarket, order: ClientOrder): void {
    const quantity = order.leaves;
    order.leaves = lots(0);
    market.backgroundQuantity -= order.direction * quantity;
    this.#fill(market, order, order.price, quantity, false);
  }

  #settleSide(market: EmbeddedMarket, order: BookOrder, price: Ticks, quantity: Lots, isMaker: boolean): void {
    if (order instanceof ClientOrder) this.#fill(market, order, price, quantity, isMaker);
    else market.backgroundQuantity += order.direction * quantity;
  }

  #fill(market: EmbeddedMarket, order: ClientOrder, price: Ticks, quantity: Lots, isMaker: boolean): void {
    const account = this.accountOf(order);
    const { symbol, side } = order.request;
    const holding = account.holding(symbol);
    const now = this.#now();
    const longBefore = Math.max(0, holding.quantity);
    const fee = feeOf(price * quantity, isMaker ? market.fees.maker : market.fees.taker, market);
    if (holding.quantity === 0) holding.createdAt = now;
    const closing = holding.trade(side, price, quantity, fee);
    holding.updatedAt = now;
    holding.sequence = market.sequence;
    market.openInterest = lots(market.openInterest + Math.max(0, holding.quantity) - longBefore);
    order.fill(price, quantity, fee, now);
    account.count(order);
    if (!order.isOpen) account.file(order);
    const execution = executionOf(order, {
      execId: this.#nextId(),
      price,
      quantity,
      fee,
      isMaker,
      closedQuantity: closing.quantity,
      realized: closing.realized,
      markPrice: market.markPrice,
      at: now,
      sequence: market.sequence,
    });
    account.executions.push(execution);
    this.#publish({ type: 'execution', execution });
    this.#publish({ type: 'order', order: order.snapshot() });
    this.publishPosition(market, order);
    this.#publish({ type: 'wallet', account: account.id, wallet: account.wallet() });
    this.#onFilled(account, market, order);
  }

  /** Trims reduce-only orders, so that none rests for more than the position that it could close. */
  #trimReduceOnly(market: EmbeddedMarket, traded: ClientOrder): void {
    const account = this.accountOf(traded);
    if (account.reduceOnlyCount === 0) return;
    for (const order of account.openOrders({ symbol: market.instrument.symbol })) {
      if (!order.request.reduceOnly || order.queue === undefined) continue;
      const most = reducible(account, order.request);
      if (order.leaves <= most) continue;
      if (most === 0) {
        market.engine.remove(order);
        this.end(market, order, 'byReduceOnly');
      } else {
        market.engine.shrink(order, lots(most));
        order.amended(lots(order.filled + most), this.#now());
        this.rests(market, order, true);
      }
    }
  }

  publishPosition(market: EmbeddedMarket, { account }: Pick<ClientOrder, 'account'>): void {
    this.#publish({ type: 'position', account, position: at(this.#accounts, account).position(market) });
  }

  accountOf({ account }: ClientOrder): Account {
    return at(this.#accounts, account);
  }
}
