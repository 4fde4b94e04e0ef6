import type { Settings } from '../../config/fields.ts';
import { touchOf, type BookView, type Touch } from '../../model/book.ts';
import type { Ticker, Trade } from '../../exchange/exchange.ts';
import { gridOf, isSameGrid, type FeeRates, type Instrument } from '../../model/instrument.ts';
import type { Fill, Order, Side } from '../../model/order.ts';
import { unrealised, type Position } from '../../model/position.ts';
import { ATOMS_PER_COIN, type Ticks } from '../../model/units.ts';
import { Edge } from '../../risk/edge.ts';
import { CALM } from '../../risk/guards.ts';
import { assert } from '../../util/assert.ts';
import { midPrice } from '../../strategy/fair-value.ts';
import { Flow } from '../../strategy/flow.ts';
import { Move } from '../../strategy/move.ts';
import { withoutOwn } from '../../strategy/others-book.ts';
import { Volatility } from '../../strategy/volatility.ts';
import type { Clock } from '../../util/clock.ts';
import { RollingCount, RollingValues } from '../../util/rolling.ts';
import { AgedPrice } from './aged-price.ts';
import { LingeringOrders } from './lingering.ts';
import type { TurnMemory } from '../decide/decision.ts';
import type { Activity, SymbolView } from '../decide/view.ts';

const MINUTE_MS = 60_000;
/** The minute's allowance is spent in portions of about this size: spent at once, it would leave the quotes standing for the rest of the minute. */
const PORTION = 10;
const PORTION_MS = 2_000;
/** What moves leave of a portion: a fill may take a side away at any moment. */
const RESERVE = 2;
const LATENCY_SAMPLES = 2_000;
/** A price that is this much away from the book, or from the one before it, is an error of whoever sent it. */
const IMPLAUSIBLE = 0.1;
/** Tickers come ten times a second. */
const TICKER_GRACE_MS = 1000;
/** How long a side stays away from the opposite one after a post-only order of it was refused. */
const SHY_MS = 2_000;

/** What a view needs besides the symbol's own state. */
export interface ViewParts
  extends Pick<SymbolView, 'position' | 'held' | 'account' | 'trading' | 'heldBy'>, Pick<Activity, 'inFlight' | 'placeRoom' | 'amendRoom'> {
  readonly orders: readonly Order[];
}

/** What the loop has observed of one symbol, and its own activity on it. */
export class SymbolState {
  #instrument: Instrument;
  #fees: FeeRates;
  readonly #clock: Clock;
  readonly #own: (() => readonly Order[]) | undefined;
  readonly #lingering: LingeringOrders;
  readonly #staleBookMs: number;
  readonly #move: Move;
  readonly #volatilitySampleMs: number;
  readonly #volatility: Volatility;
  readonly #flow = new Flow();
  readonly #edge: Edge;
  readonly #fills: RollingCount;
  readonly #rejectsInRow = { buy: 0, sell: 0 };
  readonly #shyUntil = { buy: Number.NEGATIVE_INFINITY, sell: Number.NEGATIVE_INFINITY };
  readonly #changes: RollingCount;
  readonly #changesAllowed: number;
  readonly #takerFills = new RollingCount(15 * MINUTE_MS);
  readonly #latencies = new RollingValues(MINUTE_MS, LATENCY_SAMPLES);
  #latencyP95 = { at: Number.NEGATIVE_INFINITY, value: 0 };
  #book: BookView | undefined;
  #bookAt = Number.NEGATIVE_INFINITY;
  /** At the last ticker: while it is the same, no ticker is due. */
  #tickerMid: number | undefined;
  /** Since when it comes without a pause. */
  #bookSince = Number.NEGATIVE_INFINITY;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #lastChangeAt = Number.NEGATIVE_INFINITY;
  #memory: TurnMemory = { guards: CALM, adaptive: undefined };
  readonly #markPrice: AgedPrice;
  readonly #lastPrice: AgedPrice;

  /** `own`: our orders that the book shows, which are no part of the market; undefined where it shows none of ours. */
  constructor(
    instrument: Instrument,
    fees: FeeRates,
    clock: Clock,
    { risk, quoting }: Pick<Settings, 'risk' | 'quoting'>,
    own?: () => readonly Order[],
  ) {
    this.#own = own;
    this.#lingering = new LingeringOrders(clock);
    this.#instrument = instrument;
    this.#fees = fees;
    this.#clock = clock;
    this.#staleBookMs = risk.staleBookMs;
    this.#markPrice = new AgedPrice(clock, risk.stalePriceMs);
    this.#lastPrice = new AgedPrice(clock, risk.stalePriceMs);
    this.#move = new Move(risk.moveWindowMs);
    this.#volatilitySampleMs = risk.volatilitySampleMs;
    this.#volatility = new Volatility(risk.volatilitySampleMs);
    this.#edge = new Edge(risk.edgeMarkoutMs, 2 * risk.minEdgeFills);
    this.#fills = new RollingCount(risk.fillBurstMs);
    const windowMs = Math.min(MINUTE_MS, Math.max(PORTION_MS, (MINUTE_MS * PORTION) / quoting.replacesPerMinute));
    this.#changes = new RollingCount(windowMs);
    this.#changesAllowed = Math.floor((quoting.replacesPerMinute * windowMs) / MINUTE_MS + 1e-9);
  }

  get instrument(): Instrument {
    return this.#instrument;
  }

  /** Undefined when it is too old, or was never there. */
  get markPrice(): Ticks | undefined {
    return this.#markPrice.value;
  }

  /** Nothing has confirmed the mark price for too long, although the book goes on; after a pause of both the book may be back first. */
  get isMarkPriceOld(): boolean {
    const isBookAlive = this.bookAgeMs <= this.#staleBookMs && this.#clock.monotonic() - this.#bookSince >= TICKER_GRACE_MS;
    return isBookAlive && this.#markPrice.isOld;
  }

  get lastPrice(): Ticks | undefined {
    return this.#lastPrice.value;
  }

  /** Undefined without a book to trust. Live: read it now. */
  get book(): BookView | undefined {
    return this.#book;
  }

  /** Since the book last arrived, ms; Infinity before the first. */
  get bookAgeMs(): number {
    return this.#clock.monotonic() - this.#bookAt;
  }

  /** False when prices or quantities lie on another grid now: every number we hold is then wrong. */
  isCountedLike(instrument: Instrument): boolean {
    return isSameGrid(gridOf(this.#instrument), gridOf(instrument));
  }

  /** New limits and rates of the exchange, on the same grid. */
  refresh(instrument: Instrument, fees: FeeRates): void {
    assert(this.isCountedLike(instrument), `${instrument.symbol} is counted in other steps`);
    this.#instrument = instrument;
    this.#fees = fees;
  }

  /** `at`: exchange time, ms. */
  bookArrived(book: BookView, at = Number.POSITIVE_INFINITY): void {
    const now = this.#clock.monotonic();
    this.#lingering.bookArrived(at);
    if (this.bookAgeMs > this.#staleBookMs) this.#bookSince = now;
    this.#book = book;
    this.#bookAt = now;
    const mid = this.mid();
    if (mid === undefined) return;
    if (mid === this.#tickerMid) for (const price of [this.#markPrice, this.#lastPrice]) price.confirmed();
    this.#edge.marked(now, mid);
    this.#move.sample(now, mid);
    if (now - this.#sampledAt < this.#volatilitySampleMs) return;
    this.#sampledAt = now;
    this.#volatility.sample(mid);
  }

  /** Trades of one message, oldest first; those of one side and instant are one market order, as deep as its last. */
  traded(trades: readonly Trade[]): void {
    const mid = this.mid();
    const reference = this.#reference();
    const plausible = trades.filter(({ price }) => isPlausible(price, reference));
    const last = plausible.at(-1);
    if (last !== undefined) this.#lastPrice.heard(last.price);
    if (mid === undefined) return;
    plausible.forEach(({ side, price, at }, i) => {
      const next = plausible[i + 1];
      if (next !== undefined && next.side === side && next.at === at) return;
      this.#flow.traded(this.#clock.monotonic(), (Math.abs(price - mid) / mid) * 10_000);
    });
  }

  /** An absurd mark price would turn into an absurd loss, and freeze. */
  priced({ markPrice, lastPrice }: Pick<Ticker, 'markPrice' | 'lastPrice'>): void {
    const reference = this.#reference();
    this.#tickerMid = this.mid();
    if (markPrice !== undefined && isPlausible(markPrice, reference)) this.#markPrice.heard(markPrice);
    if (lastPrice !== undefined && isPlausible(lastPrice, reference)) this.#lastPrice.heard(lastPrice);
  }

  /** What a price must not be far away from: old prices are no measure. */
  #reference(): number | undefined {
    const mid = this.bookAgeMs <= this.#staleBookMs ? this.mid() : undefined;
    return mid ?? this.markPrice ?? this.lastPrice;
  }

  /** One of our orders; `at`: exchange time of the change, ms. */
  ownChanged(before: Order, after: Order, at: number): void {
    this.#lingering.changed(before, after, at);
  }

  bookLost(): void {
    this.#book = undefined;
  }

  /** Undefined without a book to trust. */
  touch(): Touch | undefined {
    return this.#book === undefined ? undefined : touchOf(this.#book);
  }

  #shown(): readonly Order[] {
    return this.#own === undefined ? [] : [...this.#own(), ...this.#lingering.orders];
  }

  /** Of the market without us, in ticks; undefined without a book to trust. */
  mid(): number | undefined {
    const touch = this.#book === undefined ? undefined : touchOf(withoutOwn(this.#book, this.#shown()));
    return touch === undefined ? undefined : midPrice(touch);
  }

  /** A create or an amend left for the exchange. */
  changed(): void {
    this.#lastChangeAt = this.#clock.monotonic();
    this.#changes.add(this.#lastChangeAt);
  }

  /** `mid`: just before the fill was known. */
  filled(fill: Fill, mid: number | undefined): void {
    const now = this.#clock.monotonic();
    this.#fills.add(now);
    if (!fill.maker) this.#takerFills.add(now);
    if (mid !== undefined) this.#edge.filled(now, fill, mid, this.#instrument.atomsPerTickLot);
  }

  /** An order of this side was seen to rest, for the first time. */
  rested(side: Side): void {
    this.#rejectsInRow[side] = 0;
  }

  /** `wouldTake`: because it was post-only and would have taken. */
  refused(side: Side, wouldTake: boolean): void {
    this.#rejectsInRow[side] += 1;
    if (wouldTake) this.#shyUntil[side] = this.#clock.monotonic() + SHY_MS;
  }

  /** What the last decision leaves for the next one. */
  remember(memory: TurnMemory): void {
    this.#memory = memory;
  }

  answered(latencyMs: number): void {
    this.#latencies.add(this.#clock.monotonic(), latencyMs);
  }

  /** What a position is worth by: the exchange's mark price, else the last one that was traded at. */
  get price(): Ticks | undefined {
    return this.markPrice ?? this.lastPrice;
  }

  /** At which a position may enter the books of a day: a wrong one would be a gain or a loss until midnight, so the book has to agree. */
  get entryPrice(): Ticks | undefined {
    const mid = this.mid();
    return mid !== undefined && this.price !== undefined && isPlausible(this.price, mid) ? this.price : undefined;
  }

  /** Realised + unrealised - fees - funding of this run, settle coin; undefined while the worth of what is held is unknown. */
  pnlUsd(position: Position): number | undefined {
    const { price } = this;
    if (position.quantity !== 0 && price === undefined) return undefined;
    const open = price === undefined ? 0 : unrealised(position, price);
    return ((position.realised + open) * this.instrument.atomsPerTickLot - position.fees - position.funding) / ATOMS_PER_COIN;
  }

  view({ orders, position, ...rest }: ViewParts): SymbolView {
    const at = this.#clock.monotonic();
    const changeRoom = this.#changesAllowed - this.#changes.count(at);
    return {
      at,
      instrument: this.#instrument,
      fees: this.#fees,
      book: this.#book,
      bookAgeMs: this.bookAgeMs,
      markPrice: this.markPrice,
      lastPrice: this.lastPrice,
      volatility: this.#volatility.reading,
      moveBps: this.#move.bps(at),
      flow: this.#flow.reading(at),
      edge: this.#edge.reading,
      position,
      held: rest.held,
      shown: this.#shown(),
      orders: orders.map((order) => ({ order, agedMs: at - order.updatedAt })),
      activity: {
        lastChangeAt: this.#lastChangeAt,
        inFlight: rest.inFlight,
        placeRoom: Math.min(rest.placeRoom, changeRoom),
        amendRoom: Math.min(rest.amendRoom, changeRoom - Math.min(RESERVE, Math.floor(this.#changesAllowed / 4))),
        takerFills: this.#takerFills.count(at),
        fillsInBurst: this.#fills.count(at),
        rejectsInRow: { ...this.#rejectsInRow },
        isShy: { buy: at < this.#shyUntil.buy, sell: at < this.#shyUntil.sell },
        latencyP95Ms: this.#p95(at),
      },
      account: rest.account,
      trading: rest.trading,
      heldBy: rest.heldBy,
      memory: this.#memory,
    };
  }

  /** Sorting the window is worth doing once a second, not once a turn. */
  #p95(now: number): number {
    if (now - this.#latencyP95.at >= 1000) this.#latencyP95 = { at: now, value: this.#latencies.quantile(now, 0.95) ?? 0 };
    return this.#latencyP95.value;
  }
}

function isPlausible(price: number, reference: number | undefined): boolean {
  return reference === undefined || Math.abs(price - reference) <= reference * IMPLAUSIBLE;
}
