import type { Instrument, OrderGrid } from '../../model/instrument.ts';
import { sign } from '../../model/order.ts';
import type { FundingPayment } from '../../model/position.ts';
import { ATOMS_PER_COIN } from '../../model/units.ts';
import { unreachable } from '../../util/assert.ts';
import { NO_DAY, type AccountDay, type SymbolDay } from './day.ts';
import type { JournalRecord } from '../journal.ts';

const DAY_MS = 86_400_000;
/** After a change of the lot size, converted quantities need not be whole lots: they are rounded to this fraction of a lot. */
const LOT_PARTS = 1e6;

/** Days since the epoch, UTC. `at`: exchange time, ms. */
export const dayOf = (at: number): number => Math.floor(at / DAY_MS);

/** As far back as one query for executions reaches. */
const LOOK_BACK_MS = 7 * DAY_MS;

/**
 * Since when funding payments must be queried, because some may have been settled while no bot ran; `startedAt` without a history.
 * `journaledTo`: time of the last record, when it is known.
 */
export function fundingUnknownFrom(startedAt: number, { day, since }: AccountDay = NO_DAY, journaledTo = startedAt): number {
  const today = day === 0 ? startedAt : Math.max(since, dayOf(startedAt) * DAY_MS - 1);
  return Math.min(today, Math.max(journaledTo, startedAt - LOOK_BACK_MS));
}

const UNTOUCHED: SymbolDay = { grid: null, opening: null, bought: 0, received: 0, paid: 0, firstPrice: null, lastPrice: null };

type FillRecord = Extract<JournalRecord, { type: 'fill' }>;
type Counted = Extract<JournalRecord, { type: 'placeIntent' | 'answer' | 'fill' | 'funding' }>;

/**
 * The day, computed from journal records, so that a run and the next one that reads its journal get the same result. Days only
 * advance: a clock that is set back over midnight does not start a day again.
 */
export class DayFold {
  #day: number;
  #since: number;
  #orders: number;
  readonly #symbols: Map<string, SymbolDay>;
  readonly #payments: Set<string>;
  /** True when `day` records state where days begin; otherwise the dates of the other records do. */
  #isTold: boolean;

  constructor({ day, since, orders, symbols, payments }: AccountDay = NO_DAY) {
    this.#day = day;
    this.#since = since;
    this.#orders = orders;
    this.#symbols = new Map(Object.entries(symbols));
    this.#payments = new Set(payments);
    this.#isTold = day > 0;
  }

  get day(): number {
    return this.#day;
  }

  get orders(): number {
    return this.#orders;
  }

  get state(): AccountDay {
    return {
      day: this.#day,
      since: this.#since,
      orders: this.#orders,
      symbols: Object.fromEntries(this.#symbols),
      payments: [...this.#payments],
    };
  }

  get symbols(): ReadonlyMap<string, SymbolDay> {
    return this.#symbols;
  }

  of(symbol: string): SymbolDay {
    return this.#symbols.get(symbol) ?? UNTOUCHED;
  }

  /** Begins a new day when it is later than the present one. `at`: exchange time, ms. */
  turn(at: number): void {
    this.#turnTo(dayOf(at), at);
  }

  add(record: JournalRecord): void {
    if (record.type === 'start') this.#isTold = false;
    else if (record.type === 'day') {
      this.#isTold = true;
      this.#turnTo(record.day, record.at);
      this.#symbols.set(record.symbol, record.of);
    } else if (record.type === 'placeIntent' || record.type === 'answer' || record.type === 'fill' || record.type === 'funding') {
      if (!this.#isTold) this.turn(record.at);
      this.#count(record);
    }
  }

  #turnTo(day: number, at: number): void {
    if (day <= this.#day) return;
    this.#day = day;
    this.#since = at;
    this.#orders = 0;
    this.#symbols.clear();
    this.#payments.clear();
  }

  #count(record: Counted): void {
    switch (record.type) {
      case 'placeIntent':
        this.#orders += 1;
        return;
      case 'answer':
        if (record.outcome === 'dropped') this.#orders = Math.max(0, this.#orders - 1);
        return;
      case 'fill':
        return this.#executed(record);
      case 'funding':
        return this.#paid(record.payment);
      default:
        return unreachable(record);
    }
  }

  #executed({ fill: { symbol, side, fee, ...counted }, grid }: FillRecord): void {
    const known = this.of(symbol);
    const before = known.grid === null && grid !== undefined ? { ...known, grid: stepsOf(grid) } : known;
    const { price, quantity } = grid === undefined || before.grid === null ? counted : inSteps(counted, stepsOf(grid), before.grid);
    this.#symbols.set(symbol, {
      ...before,
      bought: before.bought + sign(side) * quantity,
      received: before.received - sign(side) * price * quantity,
      paid: before.paid + fee,
      firstPrice: before.firstPrice ?? price,
      lastPrice: price,
    });
  }

  #paid({ paymentId, symbol, amount, at }: FundingPayment): void {
    // A payment of yesterday may be listed late.
    if (this.#payments.has(paymentId) || dayOf(at) < this.#day) return;
    this.#payments.add(paymentId);
    const before = this.of(symbol);
    this.#symbols.set(symbol, { ...before, paid: before.paid + amount });
  }
}

/**
 * The day of a symbol for a run that finds a position of `quantity` lots at a price of `price` ticks. A position from before the day is
 * valued at the first known price of the day, so that losses of earlier days do not count. Unrecorded trades (such as manual ones while
 * no bot ran) are assumed to have been made at `price`. Undefined when a price is needed and none is known.
 */
export function entered(earlier: SymbolDay, instrument: Instrument, quantity: number, price: number | undefined): SymbolDay | undefined {
  const before = onGrid(earlier, instrument);
  if (before.opening === null) {
    const held = quantity - before.bought;
    const entry = before.firstPrice ?? price;
    if (held !== 0 && entry === undefined) return undefined;
    return { ...before, opening: { quantity: held, price: held === 0 ? 0 : (entry ?? 0) } };
  }
  const unrecorded = quantity - heldAfter(before);
  if (unrecorded === 0) return before;
  if (price === undefined) return undefined;
  return { ...before, bought: before.bought + unrecorded, received: before.received - unrecorded * price };
}

/** The position according to the records, lots. */
export function heldAfter({ opening, bought }: SymbolDay): number {
  return (opening?.quantity ?? 0) + bought;
}

/** Realized + unrealized - fees - funding since the beginning of the day, settle coin; undefined without a price for the position. */
export function dayPnl({ grid, opening, received, paid }: SymbolDay, quantity: number, price: number | undefined): number | undefined {
  if (quantity !== 0 && price === undefined) return undefined;
  const began = opening === null ? 0 : opening.quantity * opening.price;
  const gained = (price === undefined ? 0 : quantity * price) + received - began;
  return gained * (grid === null ? 0 : grid.tick * grid.lot) - paid / ATOMS_PER_COIN;
}

/** Day PnL of a symbol that is no longer traded, at its last execution price. */
export function pnlLeft(day: SymbolDay): number {
  return dayPnl(day, heldAfter(day), day.lastPrice ?? day.opening?.price ?? 0) ?? 0;
}

interface Steps {
  readonly tick: number;
  readonly lot: number;
}

function stepsOf({ tick, lot }: OrderGrid): Steps {
  return { tick: Number(tick), lot: Number(lot) };
}

interface Amounts {
  readonly price: number;
  readonly quantity: number;
}

function inSteps({ price, quantity }: Amounts, from: Steps, to: Steps): Amounts {
  if (from.tick === to.tick && from.lot === to.lot) return { price, quantity };
  return { price: (price * from.tick) / to.tick, quantity: rescaled(quantity, from.lot / to.lot) };
}

function rescaled(quantity: number, by: number): number {
  return Math.round(quantity * by * LOT_PARTS) / LOT_PARTS;
}

/** Converts the amounts to the current steps: tick and lot size may have changed since they were written. */
export function onGrid(day: SymbolDay, { tick, lot }: Instrument): SymbolDay {
  const grid = { tick: tick.size, lot: lot.size };
  if (day.grid === null || (day.grid.tick === grid.tick && day.grid.lot === grid.lot)) return { ...day, grid };
  const byPrice = day.grid.tick / grid.tick;
  const byQuantity = day.grid.lot / grid.lot;
  const priced = (price: number | null): number | null => (price === null ? null : price * byPrice);
  const counted = (quantity: number): number => rescaled(quantity, byQuantity);
  return {
    grid,
    opening: day.opening === null ? null : { quantity: counted(day.opening.quantity), price: day.opening.price * byPrice },
    bought: counted(day.bought),
    received: day.received * byPrice * byQuantity,
    paid: day.paid,
    firstPrice: priced(day.firstPrice),
    lastPrice: priced(day.lastPrice),
  };
}
