import { assert } from '../util/assert.ts';
import { decimal, multiply, parseDecimal, unitsAt } from '../util/decimal.ts';
import { grid, stepsToNumber, type Grid } from './grid.ts';
import { ATOMS_SCALE, atoms, lots, tickLots, type Atoms, type Lots, type Ppm, type TickLots, type Ticks } from './units.ts';

/** A linear perpetual with its price and quantity steps: value = price x quantity, settled in `settleCoin`. */
export interface Instrument {
  readonly symbol: string;
  readonly baseCoin: string;
  readonly quoteCoin: string;
  readonly settleCoin: string;
  readonly status: 'trading' | 'other';
  readonly tick: Grid;
  readonly lot: Grid;
  readonly minQuantity: Lots;
  readonly maxQuantity: Lots;
  /** Smallest order value. */
  readonly minNotional: TickLots;
  readonly maxLeverage: number;
  /** Exchange time, ms, at which trading ends; undefined when no end is set. */
  readonly deliveryAt?: number | undefined;
  /** One tick times one lot in settle coin. */
  readonly atomsPerTickLot: number;
}

/** Price step and quantity step of an instrument, as decimal text. */
export interface OrderGrid {
  readonly tick: string;
  readonly lot: string;
}

export function gridOf({ tick, lot }: Pick<Instrument, 'tick' | 'lot'>): OrderGrid {
  return { tick: tick.text, lot: lot.text };
}

export function isSameGrid(a: OrderGrid, b: OrderGrid): boolean {
  return a.tick === b.tick && a.lot === b.lot;
}

/** Fee rates of one symbol for this account. */
export interface FeeRates {
  readonly maker: Ppm;
  readonly taker: Ppm;
}

/** Decimal texts as the exchange writes them. Throws an assertion when they contradict each other. */
export interface InstrumentTerms {
  readonly symbol: string;
  readonly baseCoin: string;
  readonly quoteCoin: string;
  readonly settleCoin: string;
  readonly status: 'trading' | 'other';
  readonly tickSize: string;
  readonly qtyStep: string;
  readonly minQuantity: string;
  readonly maxQuantity: string;
  readonly minNotional: string;
  readonly maxLeverage: string;
  readonly deliveryAt?: number | undefined;
  /** Decimals of prices on the wire. */
  readonly priceDecimals: number;
}

export function instrumentOf(terms: InstrumentTerms): Instrument {
  const tick = grid(terms.tickSize, terms.priceDecimals);
  const lot = grid(terms.qtyStep);
  const atomsPerTickLot = Number(unitsAt(multiply(tick.step, lot.step), ATOMS_SCALE));
  assert(atomsPerTickLot > 0, `${terms.symbol}: one tick times one lot is below 1e-8 ${terms.settleCoin}`);
  assert(Number.isSafeInteger(atomsPerTickLot), `${terms.symbol}: one tick times one lot is beyond all amounts`);
  return {
    symbol: terms.symbol,
    baseCoin: terms.baseCoin,
    quoteCoin: terms.quoteCoin,
    settleCoin: terms.settleCoin,
    status: terms.status,
    tick,
    lot,
    minQuantity: lots(stepsUp(terms.minQuantity, lot)),
    maxQuantity: lots(stepsDown(terms.maxQuantity, lot)),
    minNotional: tickLots(ceilDivide(atomsUp(terms.minNotional), atomsPerTickLot)),
    maxLeverage: Number(terms.maxLeverage),
    deliveryAt: terms.deliveryAt,
    atomsPerTickLot,
  };
}

/** The smallest order that the exchange accepts at `price` in ticks, in lots. */
export function smallestQuantity({ minQuantity, minNotional }: Pick<Instrument, 'minQuantity' | 'minNotional'>, price: number): number {
  return Math.max(minQuantity, Math.ceil(minNotional / price));
}

/** The value of the smallest order that the exchange accepts at this price in ticks, in settle coin. */
export function smallestUsd(instrument: Instrument, price: number): number {
  return stepsToNumber(smallestQuantity(instrument, price), instrument.lot) * stepsToNumber(price, instrument.tick);
}

/** Value of `quantity` at `price`. */
export function notional(price: Ticks, quantity: Lots): TickLots {
  return tickLots(price * quantity);
}

/** Exact. */
export function toAtoms(value: TickLots, instrument: Instrument): Atoms {
  return atoms(value * instrument.atomsPerTickLot);
}

function stepsUp(text: string, { step }: Grid): number {
  const { units, divisor } = ratio(text, step);
  return Number((units + divisor - 1n) / divisor);
}

function stepsDown(text: string, { step }: Grid): number {
  const { units, divisor } = ratio(text, step);
  return Number(units / divisor);
}

function ratio(text: string, step: Grid['step']): { units: bigint; divisor: bigint } {
  const value = decimal(text);
  const scale = Math.max(value.scale, step.scale);
  return { units: unitsAt(value, scale), divisor: unitsAt(step, scale) };
}

function atomsUp(text: string): number {
  const value = parseDecimal(text);
  assert(value !== undefined && value.scale <= ATOMS_SCALE, `'${text}' is not an amount`);
  return Number(unitsAt(value, ATOMS_SCALE));
}

function ceilDivide(a: number, b: number): number {
  return Math.ceil(a / b);
}
