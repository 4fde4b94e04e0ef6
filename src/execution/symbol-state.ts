import type { Settings } from '../config/fields.ts';
import { touchOf, type BookView } from '../model/book.ts';
import type { FeeRates, Instrument } from '../model/instrument.ts';
import type { Order } from '../model/order.ts';
import { unrealised, type Position } from '../model/position.ts';
import { ATOMS_PER_COIN, type Ticks } from '../model/units.ts';
import { midPrice } from '../strategy/fair-value.ts';
import { Volatility } from '../strategy/volatility.ts';
import type { Clock } from '../util/clock.ts';
import { RollingCount, RollingValues } from '../util/rolling.ts';
import type { Activity, SymbolView } from './view.ts';

const MINUTE_MS = 60_000;
/** The minute's allowance is spent in portions of about this size: spent at once, it would leave the quotes standing for the rest of the minute. */
const PORTION = 10;
const PORTION_MS = 2_000;
/** What moves leave of a portion: a fill may take a side away at any moment. */
const RESERVE = 2;
const LATENCY_SAMPLES = 2_000;

/** What a view needs besides the symbol's own state. */
export interface ViewParts
  extends Pick<SymbolView, 'position' | 'account' | 'trading' | 'heldBy'>, Pick<Activity, 'inFlight' | 'placeRoom' | 'amendRoom'> {
  readonly orders: readonly Order[];
}

/** What the loop has observed of one symbol, and its own activity on it. */
export class SymbolState {
  #instrument: Instrument;
  #fees: FeeRates;
  readonly #clock: Clock;
  readonly #volatilitySampleMs: number;
  readonly #volatility = new Volatility();
  readonly #changes: RollingCount;
  readonly #changesAllowed: number;
  readonly #takerFills = new RollingCount(15 * MINUTE_MS);
  readonly #latencies = new RollingValues(MINUTE_MS, LATENCY_SAMPLES);
  #latencyP95 = { at: Number.NEGATIVE_INFINITY, value: 0 };
  #book: BookView | undefined;
  #bookAt = Number.NEGATIVE_INFINITY;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #lastChangeAt = Number.NEGATIVE_INFINITY;
  markPrice: Ticks | undefined;
  lastPrice: Ticks | undefined;

  constructor(instrument: Instrument, fees: FeeRates, clock: Clock, { risk, quoting }: Pick<Settings, 'risk' | 'quoting'>) {
    this.#instrument = instrument;
    this.#fees = fees;
    this.#clock = clock;
    this.#volatilitySampleMs = risk.volatilitySampleMs;
    const windowMs = Math.min(MINUTE_MS, Math.max(PORTION_MS, (MINUTE_MS * PORTION) / quoting.replacesPerMinute));
    this.#changes = new RollingCount(windowMs);
    this.#changesAllowed = Math.floor((quoting.replacesPerMinute * windowMs) / MINUTE_MS + 1e-9);
  }

  get instrument(): Instrument {
    return this.#instrument;
  }

  /** New limits and rates of the exchange. False when prices or quantities lie on another grid now: every number we hold is then wrong. */
  refresh(instrument: Instrument, fees: FeeRates): boolean {
    const { tick, lot } = this.#instrument;
    if (tick.size !== instrument.tick.size || lot.size !== instrument.lot.size) return false;
    this.#instrument = instrument;
    this.#fees = fees;
    return true;
  }

  bookArrived(book: BookView): void {
    const now = this.#clock.monotonic();
    this.#book = book;
    this.#bookAt = now;
    if (now - this.#sampledAt < this.#volatilitySampleMs) return;
    this.#sampledAt = now;
    const mid = this.mid();
    if (mid !== undefined) this.#volatility.sample(mid);
  }

  bookLost(): void {
    this.#book = undefined;
  }

  /** In ticks; undefined without a book to trust. */
  mid(): number | undefined {
    const touch = this.#book === undefined ? undefined : touchOf(this.#book);
    return touch === undefined ? undefined : midPrice(touch);
  }

  /** A create or an amend left for the exchange. */
  changed(): void {
    this.#lastChangeAt = this.#clock.monotonic();
    this.#changes.add(this.#lastChangeAt);
  }

  tookLiquidity(): void {
    this.#takerFills.add(this.#clock.monotonic());
  }

  answered(latencyMs: number): void {
    this.#latencies.add(this.#clock.monotonic(), latencyMs);
  }

  /** Realised + unrealised - fees, settle coin; the mark price is the exchange's. */
  pnlUsd(position: Position): number {
    const price = this.markPrice ?? this.lastPrice;
    const open = position.quantity === 0 || price === undefined ? 0 : unrealised(position, price);
    return ((position.realised + open) * this.instrument.atomsPerTickLot - position.fees) / ATOMS_PER_COIN;
  }

  view({ orders, position, ...rest }: ViewParts): SymbolView {
    const at = this.#clock.monotonic();
    const wallNow = this.#clock.now();
    const changeRoom = this.#changesAllowed - this.#changes.count(at);
    return {
      at,
      instrument: this.#instrument,
      fees: this.#fees,
      book: this.#book,
      bookAgeMs: at - this.#bookAt,
      markPrice: this.markPrice,
      lastPrice: this.lastPrice,
      volatilityBps: this.#volatility.bps,
      position,
      orders: orders.map((order) => ({ order, agedMs: wallNow - order.updatedAt })),
      activity: {
        lastChangeAt: this.#lastChangeAt,
        inFlight: rest.inFlight,
        placeRoom: Math.min(rest.placeRoom, changeRoom),
        amendRoom: Math.min(rest.amendRoom, changeRoom - Math.min(RESERVE, Math.floor(this.#changesAllowed / 4))),
        takerFills: this.#takerFills.count(at),
        latencyP95Ms: this.#p95(at),
      },
      account: rest.account,
      trading: rest.trading,
      heldBy: rest.heldBy,
    };
  }

  /** Sorting the window is worth doing once a second, not once a turn. */
  #p95(now: number): number {
    if (now - this.#latencyP95.at >= 1000) this.#latencyP95 = { at: now, value: this.#latencies.quantile(now, 0.95) ?? 0 };
    return this.#latencyP95.value;
  }
}
