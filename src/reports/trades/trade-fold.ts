import { dayOf, heldAfter } from '../../execution/account/account-day.ts';
import type { JournalRecord } from '../../execution/journal.ts';
import type { OrderGrid } from '../../model/instrument.ts';
import type { Fill, Side } from '../../model/order.ts';
import type { FundingPayment } from '../../model/position.ts';
import { ATOMS_PER_COIN } from '../../model/units.ts';
import { decimal, decimalOf, multiply, toNumber, toText, type Decimal } from '../../util/decimal.ts';
import { HeldSymbol } from './held-symbol.ts';
import { SnapshotCheck } from './snapshot-check.ts';
import { RunLog, type RecordedRun } from './run-log.ts';
import type { Step } from './trade-history.ts';
import { fillRow, fundingRow, tradeOf, type Row } from './trade-row.ts';
import { TradeSums } from './trade-sums.ts';

/** What a report covers. Times: ms since the epoch; `to` itself is not covered. */
export interface TradeScope {
  readonly from: number;
  readonly to: number;
  /** Undefined: all. */
  readonly symbols?: readonly string[] | undefined;
  /** The exchange ended with each run, and its positions with it. */
  readonly isNewEachRun?: boolean;
}

/** A position that changed without a recorded execution. */
export interface Unrecorded {
  readonly at: number;
  readonly symbol: string;
  /** In base coin. */
  readonly change: number;
}

/** `paid`: fee or funding, atoms. */
interface Happened {
  readonly at: number;
  readonly symbol: string;
  readonly gainUsd: number;
  readonly paid: number;
  readonly held: HeldSymbol;
  readonly side: Side | undefined;
}

type DayRecord = Extract<JournalRecord, { type: 'day' }>;

/** Adds up the executions and payments of an account. Records may come twice. */
export class TradeFold {
  readonly total = new TradeSums();
  readonly symbols = new Map<string, TradeSums>();
  /** By day since the epoch. */
  readonly days = new Map<number, TradeSums>();
  readonly held = new Map<string, HeldSymbol>();
  readonly runs = new RunLog();
  readonly rows: Row[] = [];
  /** Executions, payments and new valuations, as they were recorded. */
  readonly steps: Step[] = [];
  readonly unrecorded: Unrecorded[] = [];
  /** Compares what was read with what the journal says of itself. */
  readonly snapshots = new SnapshotCheck();
  /** Executions of older versions whose price steps no record states. */
  unreadable = 0;
  /** Times of the first and of the last record, up to the end of the scope. */
  firstAt: number | undefined;
  lastAt: number | undefined;
  readonly #scope: TradeScope;
  readonly #known = new Set<string>();
  readonly #grids = new Map<string, OrderGrid>();
  readonly #markedDay = new Map<string, number>();

  constructor(scope: TradeScope) {
    this.#scope = scope;
  }

  readonly add = (record: JournalRecord): void => {
    this.firstAt ??= record.at;
    if (record.at < this.#scope.to) this.lastAt = Math.max(this.lastAt ?? 0, record.at);
    if (this.#isRepeated(record)) return;
    this.snapshots.add(record);
    this.runs.add(record);
    if (record.type === 'fill') this.#filled(record.fill, record.grid);
    else if (record.type === 'funding') this.#paid(record.payment);
    else if (record.type === 'day') this.#stated(record);
  };

  #filled(fill: Fill, stated: OrderGrid | undefined): void {
    const { symbol, at, fee, maker, clientOrderId } = fill;
    if (at >= this.#scope.to) return;
    const grid = stated ?? this.#grids.get(symbol);
    if (grid === undefined) {
      if (this.#covers(at, symbol)) this.unreadable += 1;
      return;
    }
    const trade = tradeOf(fill, grid);
    const held = this.#heldOf(symbol);
    const gainUsd = held.trade(trade);
    const sums = this.#sumsAt(symbol, at, this.runs.ofOrder(clientOrderId));
    if (sums === undefined) return;
    const valueUsd = toNumber(multiply(trade.price, trade.quantity));
    for (const sum of sums) {
      sum.fills += 1;
      if (maker) sum.makerFills += 1;
      sum.turnoverUsd += valueUsd;
      sum.feeAtoms += fee;
      sum.grossUsd += gainUsd;
    }
    this.rows.push(fillRow(trade));
    this.#step({ at, symbol, gainUsd, paid: fee, held, side: fill.side });
  }

  #paid(payment: FundingPayment): void {
    const { symbol, at, amount } = payment;
    if (at >= this.#scope.to) return;
    const sums = this.#sumsAt(symbol, at, this.runs.last);
    if (sums === undefined) return;
    for (const sum of sums) sum.fundingAtoms += amount;
    this.rows.push(fundingRow(payment));
    this.#step({ at, symbol, gainUsd: 0, paid: amount, held: this.#heldOf(symbol), side: undefined });
  }

  /** The position and its price when a day or a run began. */
  #stated({ at, day, symbol, of }: DayRecord): void {
    const { grid, opening } = of;
    if (grid === null || opening === null || at >= this.#scope.to) return;
    this.#grids.set(symbol, { tick: plain(grid.tick), lot: plain(grid.lot) });
    const position = multiply(decimalOf(Math.round(heldAfter(of)), 0), decimal(plain(grid.lot)));
    const openingPrice = opening.price > 0 ? opening.price * grid.tick : undefined;
    const isNewDay = day > (this.#markedDay.get(symbol) ?? 0);
    this.#markedDay.set(symbol, day);
    const held = this.held.get(symbol);
    if (held === undefined) {
      this.held.set(symbol, new HeldSymbol(position, openingPrice));
      return;
    }
    // First what was held is valued, then what was added.
    if (isNewDay && openingPrice !== undefined && of.bought === 0) this.#gained(at, symbol, held, held.mark(openingPrice));
    const change = held.restate(position);
    if (Math.abs(toNumber(change)) >= grid.lot) this.#noteChange(at, symbol, change);
  }

  #noteChange(at: number, symbol: string, change: Decimal): void {
    if (this.#covers(at, symbol) && this.#scope.isNewEachRun !== true) this.unrecorded.push({ at, symbol, change: toNumber(change) });
  }

  #gained(at: number, symbol: string, held: HeldSymbol, gainUsd: number): void {
    const sums = gainUsd === 0 ? undefined : this.#sumsAt(symbol, at, this.runs.last);
    if (sums === undefined) return;
    for (const sum of sums) sum.grossUsd += gainUsd;
    this.#step({ at, symbol, gainUsd, paid: 0, held, side: undefined });
  }

  #step({ at, symbol, gainUsd, paid, held, side }: Happened): void {
    const costUsd = paid / ATOMS_PER_COIN;
    this.steps.push({ at, symbol, netUsd: gainUsd - costUsd, costUsd, position: toNumber(held.position), price: held.price, side });
  }

  /** The sums to which something counts; undefined when it lies outside the scope. */
  #sumsAt(symbol: string, at: number, run: RecordedRun | undefined): readonly TradeSums[] | undefined {
    if (!this.#covers(at, symbol)) return undefined;
    return [this.total, ofKey(this.symbols, symbol), ofKey(this.days, dayOf(at)), ...(run === undefined ? [] : [run.sums])];
  }

  #covers(at: number, symbol: string): boolean {
    const { from, to, symbols } = this.#scope;
    return at >= from && at < to && symbols?.includes(symbol) !== false;
  }

  #heldOf(symbol: string): HeldSymbol {
    const held = this.held.get(symbol) ?? HeldSymbol.flat();
    this.held.set(symbol, held);
    return held;
  }

  /** A segment repeats executions that were not safe when it began. */
  #isRepeated(record: JournalRecord): boolean {
    if (record.type !== 'fill' && record.type !== 'funding') return false;
    const id = record.type === 'fill' ? `fill ${record.fill.fillId}` : `funding ${record.payment.paymentId}`;
    const isKnown = this.#known.has(id);
    this.#known.add(id);
    return isKnown;
  }
}

function ofKey<Key>(map: Map<Key, TradeSums>, key: Key): TradeSums {
  const sums = map.get(key) ?? new TradeSums();
  map.set(key, sums);
  return sums;
}

/** A step as decimal text: 1e-7 would not be read. */
function plain(step: number): string {
  return toText(decimal(step.toFixed(12)));
}
