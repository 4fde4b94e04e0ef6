import { notional, toAtoms } from '../../model/instrument.ts';
import { atoms, lots, tickLots, type Atoms, type Lots, type Ppm, type Ticks } from '../../model/units.ts';
import { at } from '../../util/array.ts';
import type { AccountOrders } from '../accounts/account-orders.ts';
import { scaledUp } from '../accounts/arithmetic.ts';
import { ClientOrder } from '../orders/client-order.ts';
import type { CoinBalances } from '../accounts/coin-balances.ts';
import type { BookOrder } from '../matching/book-order.ts';
import { baseAtoms, lockedBy } from './spot-checks.ts';
import { executionOf } from '../orders/executions.ts';
import { ENDINGS, type Ending } from '../orders/order-endings.ts';
import type { SpotMarket } from './spot-market.ts';
import type { AccountId, VenueWallet } from '../venue/account-state.ts';
import type { VenueEvent } from '../venue/events.ts';

const MILLION = 1_000_000;

interface ClearingParts {
  readonly accounts: readonly AccountOrders[];
  readonly coins: readonly CoinBalances[];
  readonly wallet: (account: AccountId) => VenueWallet;
  readonly now: () => number;
  readonly nextId: () => string;
  readonly publish: (event: VenueEvent) => void;
}

/** Settles the matches of the engines in coins, and publishes the events in the order in which they happen. */
export class SpotClearing {
  readonly #parts: ClearingParts;

  constructor(parts: ClearingParts) {
    this.#parts = parts;
  }

  settle(market: SpotMarket, maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots): void {
    const trade = {
      id: this.#parts.nextId(),
      price,
      quantity,
      side: taker.direction === 1 ? ('buy' as const) : ('sell' as const),
      at: this.#parts.now(),
      sequence: market.sequence,
    };
    market.record(trade);
    if (maker instanceof ClientOrder) this.#fill(market, maker, price, quantity, true);
    if (taker instanceof ClientOrder) this.#fill(market, taker, price, quantity, false);
    this.#parts.publish({ type: 'trade', symbol: market.instrument.symbol, trade });
  }

  /** A new or amended order rests. */
  rests(market: SpotMarket, order: ClientOrder, publishRow: boolean): void {
    this.#lock(market, order);
    if (publishRow) this.#parts.publish({ type: 'order', order: order.snapshot() });
    this.#publishWallet(order.account);
  }

  /** Ends an order that is out of the book. */
  end(market: SpotMarket, order: ClientOrder, ending: Ending): void {
    const [cancelType, rejectReason] = ENDINGS[ending];
    const isUntouched = order.filled === 0;
    order.close(isUntouched ? 'Cancelled' : 'PartiallyFilledCanceled', cancelType, rejectReason, this.#parts.now());
    const hadLocked = order.counted > 0;
    this.#lock(market, order);
    at(this.#parts.accounts, order.account).file(order);
    this.#parts.publish({ type: 'order', order: order.snapshot() });
    if (hadLocked) this.#publishWallet(order.account);
  }

  #fill(market: SpotMarket, order: ClientOrder, price: Ticks, quantity: Lots, isMaker: boolean): void {
    const { publish } = this.#parts;
    const account = at(this.#parts.accounts, order.account);
    const now = this.#parts.now();
    const fee = this.#exchange(market, order, price, quantity, isMaker ? market.fees.maker : market.fees.taker);
    order.fill(price, quantity, fee, now);
    this.#lock(market, order);
    if (!order.isOpen) account.file(order);
    const execution = executionOf(order, {
      execId: this.#parts.nextId(),
      price,
      quantity,
      fee,
      isMaker,
      closedQuantity: lots(0),
      realized: tickLots(0),
      markPrice: market.indexPrice,
      at: now,
      sequence: market.sequence,
    });
    account.executions.push(execution);
    publish({ type: 'execution', execution });
    publish({ type: 'order', order: order.snapshot() });
    this.#publishWallet(account.id);
  }

  /** Exchanges the coins; the fee is deducted from the received coin. Returns the fee. */
  #exchange(market: SpotMarket, { account, request }: ClientOrder, price: Ticks, quantity: Lots, rate: Ppm): Atoms {
    const { baseCoin, quoteCoin } = market.instrument;
    const coins = at(this.#parts.coins, account);
    const base = baseAtoms(quantity, market);
    const quote = toAtoms(notional(price, quantity), market.instrument);
    const isBuy = request.side === 'buy';
    const fee = atoms(scaledUp(isBuy ? base : quote, rate, MILLION));
    coins.change(baseCoin, isBuy ? base - fee : 0 - base);
    coins.change(quoteCoin, isBuy ? 0 - quote : quote - fee);
    return fee;
  }

  /** Locks the amount that the order may still use: nothing unless it rests. */
  #lock(market: SpotMarket, order: ClientOrder): void {
    const { baseCoin, quoteCoin } = market.instrument;
    const amount = order.queue === undefined ? atoms(0) : lockedBy(market, order.request, order.price, order.leaves);
    at(this.#parts.coins, order.account).lock(order.request.side === 'buy' ? quoteCoin : baseCoin, amount - order.counted);
    order.counted = amount;
  }

  #publishWallet(account: AccountId): void {
    this.#parts.publish({ type: 'wallet', account, wallet: this.#parts.wallet(account) });
  }
}
