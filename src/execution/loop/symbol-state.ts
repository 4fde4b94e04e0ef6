import type { Settings } from '../../config/fields.ts';
import { touchOf, type BookView, type MarketView, type Touch } from '../../model/book.ts';
import type { Ticker, Trade } from '../../exchange/exchange.ts';
import { gridOf, isSameGrid, type FeeRates, type Instrument } from '../../model/instrument.ts';
import type { Fill, Order, Side } from '../../model/order.ts';
import { unrealized, type Position } from '../../model/position.ts';
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
/**
 * The replaces per minute are granted in portions of about this size. Used up at once, they would leave the quotes unchanged for
 * the rest of the minute.
 */
const PORTION = 10;
const PORTION_MS = 2_000;
/** Changes of a portion that amends must leave for creates: a fill may remove a side at any moment. */
const RESERVE = 2;
const LATENCY_SAMPLES = 2_000;
/** A price that differs by this share from the book, or from the last price, is treated as an error of the sender. */
const IMPLAUSIBLE = 0.1;
/** After a pause of the book, the first ticker may take this long; normally tickers arrive ten times a second. */
const TICKER_GRACE_MS = 1000;
/** How long a side keeps the post-only offset from the opposite side after a post-only order was refused. */
const SHY_MS = 2_000;
const NONE: readonly Order[] = [];

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
  #others: { readonly book: BookView; readonly shown: readonly Order[]; readonly market: MarketView } | undefined;
  /** The mid at the last ticker: while the mid is unchanged, no new ticker is expected. */
  #tickerMid: number | undefined;
  /** Since when the book arrives without a pause. */
  #bookSince = Number.NEGATIVE_INFINITY;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #lastChangeAt = Number.NEGATIVE_INFINITY;
  #memory: TurnMemory = { guards: CALM, adaptive: undefined };
  readonly #markPrice: AgedPrice;
  readonly #lastPrice: AgedPrice;

  /** `own`: our orders in the book, which are removed from it for pricing; undefined when the book contains none of ours. */
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

  /** Undefined when it is too old or was never received. */
  get markPrice(): Ticks | undefined {
    return this.#markPrice.value;
  }

  /** True when the mark price is old although the book is current. After a pause of both, the book may return first: then false. */
  get isMarkPriceOld(): boolean {
    const isBookAlive = this.bookAgeMs <= this.#staleBookMs && this.#clock.monotonic() - this.#bookSince >= TICKER_GRACE_MS;
    return isBookAlive && this.#markPrice.isOld;
  }

  get lastPrice(): Ticks | undefined {
    return this.#lastPrice.value;
  }

  /** Undefined without a reliable book. The object is updated in place, so read it immediately. */
  get book(): BookView | undefined {
    return this.#book;
  }

  /** Time since the last book update, ms; Infinity before the first. */
  get bookAgeMs(): number {
    return this.#clock.monotonic() - this.#bookAt;
  }

  /** False when the tick or lot size has changed: all stored numbers are then wrong. */
  isCountedLike(instrument: Instrument): boolean {
    return isSameGrid(gridOf(this.#instrument), gridOf(instrument));
  }

  /** Takes new limits and fee rates of the exchange, with the same tick and lot size. */
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

  /** Trades of one message, oldest first. Consecutive ones with the same side and time are one market order, as deep as its last trade. */
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

  /** Ignores implausible prices: a wrong mark price would show a large loss and freeze trading. */
  priced({ markPrice, lastPrice }: Pick<Ticker, 'markPrice' | 'lastPrice'>): void {
    const reference = this.#reference();
    this.#tickerMid = this.mid();
    if (markPrice !== undefined && isPlausible(markPrice, reference)) this.#markPrice.heard(markPrice);
    if (lastPrice !== undefined && isPlausible(lastPrice, reference)) this.#lastPrice.heard(lastPrice);
  }

  /** The reference for plausible prices; old prices do not count. */
  #reference(): number | undefined {
    const mid = this.bookAgeMs <= this.#staleBookMs ? this.mid() : undefined;
    return mid ?? this.markPrice ?? this.lastPrice;
  }

  /** Called when one of our orders has changed; `at`: exchange time of the change, ms. */
  ownChanged(before: Order, after: Order, at: number): void {
    this.#lingering.changed(before, after, at);
  }

  bookLost(): void {
    this.#book = undefined;
  }

  /** Undefined without a reliable book. */
  touch(): Touch | undefined {
    return this.#book === undefined ? undefined : touchOf(this.#book);
  }

  #shown(): readonly Order[] {
    if (this.#own === undefined) return NONE;
    const { orders } = this.#lingering;
    return orders.length === 0 ? this.#own() : [...this.#own(), ...orders];
  }

  /** The mid of the book without our orders, in ticks; undefined without a reliable book. */
  mid(): number | undefined {
    const market = this.#market();
    const touch = market === undefined ? undefined : touchOf(market);
    return touch === undefined ? undefined : midPrice(touch);
  }

  /** The book without our orders. Kept while both are the same objects, because it is asked for several times between their changes. */
  #market(): MarketView | undefined {
    const book = this.#book;
    if (book === undefined) return undefined;
    const shown = this.#shown();
    if (this.#others?.book !== book || this.#others.shown !== shown) this.#others = { book, shown, market: withoutOwn(book, shown) };
    return this.#others.market;
  }

  /** Called when a create or an amend was sent. */
  changed(): void {
    this.#lastChangeAt = this.#clock.monotonic();
    this.#changes.add(this.#lastChangeAt);
  }

  /** `mid`: in ticks, just before the fill arrived. */
  filled(fill: Fill, mid: number | undefined): void {
    const now = this.#clock.monotonic();
    this.#fills.add(now);
    if (!fill.maker) this.#takerFills.add(now);
    if (mid !== undefined) this.#edge.filled(now, fill, mid, this.#instrument.atomsPerTickLot);
  }

  /** Called when an order of this side was first seen resting. */
  rested(side: Side): void {
    this.#rejectsInRow[side] = 0;
  }

  /** Called when an order was refused. `wouldTake`: because it was post-only and would have taken liquidity. */
  refused(side: Side, wouldTake: boolean): void {
    this.#rejectsInRow[side] += 1;
    if (wouldTake) this.#shyUntil[side] = this.#clock.monotonic() + SHY_MS;
  }

  /** Stores the state that the last decision passes to the next one. */
  remember(memory: TurnMemory): void {
    this.#memory = memory;
  }

  answered(latencyMs: number): void {
    this.#latencies.add(this.#clock.monotonic(), latencyMs);
  }

  /** The price for valuing a position: the exchange's mark price, else the last trade price. */
  get price(): Ticks | undefined {
    return this.markPrice ?? this.lastPrice;
  }

  /** The price at which a position enters the day's PnL. A wrong one would distort it until midnight, so the book must confirm it. */
  get entryPrice(): Ticks | undefined {
    const mid = this.mid();
    return mid !== undefined && this.price !== undefined && isPlausible(this.price, mid) ? this.price : undefined;
  }

  /** Realized + unrealized - fees - funding of this run, settle coin; undefined without a price for the position. */
  pnlUsd(position: Position): number | undefined {
    const { price } = this;
    if (position.quantity !== 0 && price === undefined) return undefined;
    const open = price === undefined ? 0 : unrealized(position, price);
    return ((position.realized + open) * this.instrument.atomsPerTickLot - position.fees - position.funding) / ATOMS_PER_COIN;
  }

  view({ orders, position, ...rest }: ViewParts): SymbolView {
    const at = this.#clock.monotonic();
    const changeRoom = this.#changesAllowed - this.#changes.count(at);
    const amendRoom = changeRoom - Math.min(RESERVE, Math.floor(this.#changesAllowed / 4));
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
      others: this.#market(),
      orders: orders.map((order) => ({ order, agedMs: at - order.updatedAt })),
      activity: {
        lastChangeAt: this.#lastChangeAt,
        inFlight: rest.inFlight,
        placeRoom: Math.min(rest.placeRoom, changeRoom),
        amendRoom: Math.min(rest.amendRoom, amendRoom),
        isLaneScarce: { place: rest.placeRoom < changeRoom, amend: rest.amendRoom < amendRoom },
        takerFills: this.#takerFills.count(at),
        fillsInBurst: this.#fills.count(at),
        rejectsInRow: { ...this.#rejectsInRow },
        postOnlyBackoff: { buy: at < this.#shyUntil.buy, sell: at < this.#shyUntil.sell },
        latencyP95Ms: this.#p95(at),
      },
      account: rest.account,
      trading: rest.trading,
      heldBy: rest.heldBy,
      memory: this.#memory,
    };
  }

  /** Cached for a second: sorting the window on every turn would be too slow. */
  #p95(now: number): number {
    if (now - this.#latencyP95.at >= 1000) this.#latencyP95 = { at: now, value: this.#latencies.quantile(now, 0.95) ?? 0 };
    return this.#latencyP95.value;
  }
}

function isPlausible(price: number, reference: number | undefined): boolean {
  return reference === undefined || Math.abs(price - reference) <= reference * IMPLAUSIBLE;
}
