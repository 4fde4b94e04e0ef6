import { atoms, lots, tickLots, type Atoms, type Lots, type TickLots, type Ticks } from '../../model/units.ts';
import { BookOrder } from '../matching/book-order.ts';
import type { AccountId } from '../venue/account-state.ts';
import type { StopKind, VenueOrder, VenueOrderStatus } from '../venue/orders.ts';
import type { PlaceRequest, Trigger } from '../venue/requests.ts';

/** What a new order starts with besides its request. */
export interface OrderOrigin {
  readonly account: AccountId;
  readonly orderId: string;
  /** The limit price; for a market order, the worst price at which it may trade. */
  readonly price: Ticks;
  readonly lastPrice: Ticks;
  readonly at: number;
}

/** How a trailing stop moves its trigger. */
export interface Trail {
  readonly distance: Ticks;
  /** Price from which it follows; undefined once it does. */
  activation: Ticks | undefined;
}

/** A client’s order: a book order with its history. */
export class ClientOrder extends BookOrder {
  readonly account: AccountId;
  readonly orderId: string;
  readonly request: PlaceRequest;
  readonly stopKind: StopKind;
  quantity: Lots;
  filled: Lots = lots(0);
  filledValue: TickLots = tickLots(0);
  fee: Atoms = atoms(0);
  status: VenueOrderStatus;
  /** Value that the holding counts for it while it rests. */
  counted = 0;
  trigger: Trigger | undefined;
  readonly trail: Trail | undefined;
  smpOrderId = '';
  /** Its index in the account’s open orders. */
  slot = 0;
  readonly #origin: OrderOrigin;
  #cancelType = 'UNKNOWN';
  #rejectReason = 'EC_NoError';
  #updatedAt: number;
  #snapshot: VenueOrder | undefined;

  /** `quantity`: the part of the requested quantity that may be traded. */
  constructor(request: PlaceRequest, quantity: Lots, origin: OrderOrigin, stopKind: StopKind = '', trail?: Trail) {
    super(request.side === 'buy' ? 1 : -1, origin.price, quantity);
    this.owner = origin.account;
    this.selfMatch = request.selfMatch ?? 'None';
    this.request = request;
    this.stopKind = stopKind;
    this.quantity = quantity;
    this.account = origin.account;
    this.orderId = origin.orderId;
    this.status = stopKind === '' ? 'New' : 'Untriggered';
    this.trigger = request.trigger;
    this.trail = trail;
    this.#origin = origin;
    this.#updatedAt = origin.at;
  }

  get isOpen(): boolean {
    return this.status === 'New' || this.status === 'PartiallyFilled' || this.isWaiting || this.status === 'Triggered';
  }

  /** Waiting for a trigger price, outside the book. */
  get isWaiting(): boolean {
    return this.status === 'Untriggered';
  }

  /** `leaves` was already reduced by the engine. */
  fill(price: Ticks, quantity: Lots, fee: Atoms, at: number): void {
    this.filled = lots(this.filled + quantity);
    this.filledValue = tickLots(this.filledValue + price * quantity);
    this.fee = atoms(this.fee + fee);
    this.status = this.leaves === 0 ? 'Filled' : 'PartiallyFilled';
    this.#updatedAt = at;
  }

  amended(quantity: Lots, at: number): void {
    this.quantity = quantity;
    this.#updatedAt = at;
  }

  /** New terms while it waits for its trigger price. */
  amendedWaiting(price: Ticks, quantity: Lots, trigger: Trigger | undefined, at: number): void {
    this.price = price;
    this.leaves = quantity;
    this.trigger = trigger;
    this.amended(quantity, at);
  }

  /** To be called when the trigger price is reached. */
  triggered(at: number): void {
    this.status = 'Triggered';
    this.#updatedAt = at;
  }

  /** Enters the book now, with these terms. */
  enters(price: Ticks, quantity: Lots): void {
    this.status = 'New';
    this.price = price;
    this.quantity = quantity;
    this.leaves = quantity;
  }

  close(status: VenueOrderStatus, cancelType: string, rejectReason: string, at: number): void {
    this.status = status;
    this.leaves = lots(0);
    this.#cancelType = cancelType;
    this.#rejectReason = rejectReason;
    this.#updatedAt = at;
  }

  /** The same object until something changes. */
  snapshot(): VenueOrder {
    const last = this.#snapshot;
    if (last !== undefined && this.#isAsIn(last)) return last;
    this.#snapshot = this.#newSnapshot();
    return this.#snapshot;
  }

  #isAsIn(last: VenueOrder): boolean {
    return (
      last.status === this.status &&
      last.filled === this.filled &&
      last.price === this.price &&
      last.quantity === this.quantity &&
      last.updatedAt === this.#updatedAt &&
      last.cancelType === this.#cancelType &&
      last.rejectReason === this.#rejectReason &&
      last.smpOrderId === this.smpOrderId &&
      last.trigger === this.trigger
    );
  }

  /** Field by field: spreading the request here would make this the slowest part of the exchange. */
  #newSnapshot(): VenueOrder {
    const { symbol, side, type, timeInForce, reduceOnly, orderLinkId } = this.request;
    const { quoteAmount, liquidates, selfMatch, closeOnTrigger, slippage, bookPlace, takeProfit, stopLoss } = this.request;
    return {
      symbol,
      side,
      type,
      timeInForce,
      reduceOnly,
      orderLinkId,
      quoteAmount,
      liquidates,
      selfMatch,
      trigger: this.trigger,
      closeOnTrigger,
      slippage,
      bookPlace,
      takeProfit,
      stopLoss,
      account: this.account,
      orderId: this.orderId,
      price: this.price,
      quantity: this.quantity,
      status: this.status,
      cancelType: this.#cancelType,
      rejectReason: this.#rejectReason,
      stopKind: this.stopKind,
      smpOrderId: this.smpOrderId,
      filled: this.filled,
      filledValue: this.filledValue,
      fee: this.fee,
      lastPriceOnCreated: this.#origin.lastPrice,
      createdAt: this.#origin.at,
      updatedAt: this.#updatedAt,
    };
  }
}
