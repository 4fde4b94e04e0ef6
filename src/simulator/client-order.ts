import { atoms, lots, tickLots, type Atoms, type Lots, type TickLots, type Ticks } from '../model/units.ts';
import { BookOrder } from './matching-engine.ts';
import type { AccountId, PlaceRequest, VenueOrder, VenueOrderStatus } from './venue.ts';

/** What a new order starts with, beside what was asked for. */
export interface OrderOrigin {
  readonly account: AccountId;
  readonly orderId: string;
  /** The limit; of a market order, the worst price that it may trade at. */
  readonly price: Ticks;
  readonly lastPrice: Ticks;
  readonly at: number;
}

/** A client's order: a book order with its history. */
export class ClientOrder extends BookOrder {
  readonly account: AccountId;
  readonly orderId: string;
  readonly request: PlaceRequest;
  quantity: Lots;
  filled: Lots = lots(0);
  filledValue: TickLots = tickLots(0);
  fee: Atoms = atoms(0);
  status: VenueOrderStatus = 'New';
  /** Value that its holding counts for it while it rests. */
  counted = 0;
  readonly #origin: OrderOrigin;
  #cancelType = 'UNKNOWN';
  #rejectReason = 'EC_NoError';
  #updatedAt: number;

  /** `quantity`: what of the requested quantity may be traded. */
  constructor(request: PlaceRequest, quantity: Lots, origin: OrderOrigin) {
    super(request.side === 'buy' ? 1 : -1, origin.price, quantity);
    this.request = request;
    this.quantity = quantity;
    this.account = origin.account;
    this.orderId = origin.orderId;
    this.#origin = origin;
    this.#updatedAt = origin.at;
  }

  get isOpen(): boolean {
    return this.status === 'New' || this.status === 'PartiallyFilled';
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

  close(cancelType: string, rejectReason: string, at: number): void {
    this.status = 'Cancelled';
    this.leaves = lots(0);
    this.#cancelType = cancelType;
    this.#rejectReason = rejectReason;
    this.#updatedAt = at;
  }

  /** Field by field: spreading the request would make this the slowest part of the exchange. */
  snapshot(): VenueOrder {
    const { symbol, side, type, timeInForce, reduceOnly, orderLinkId } = this.request;
    return {
      symbol,
      side,
      type,
      timeInForce,
      reduceOnly,
      orderLinkId,
      account: this.account,
      orderId: this.orderId,
      price: this.price,
      quantity: this.quantity,
      status: this.status,
      cancelType: this.#cancelType,
      rejectReason: this.#rejectReason,
      filled: this.filled,
      filledValue: this.filledValue,
      fee: this.fee,
      lastPriceOnCreated: this.#origin.lastPrice,
      createdAt: this.#origin.at,
      updatedAt: this.#updatedAt,
    };
  }
}
