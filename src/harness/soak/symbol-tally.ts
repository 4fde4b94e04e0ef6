import type { BotEvent } from '../../execution/events.ts';
import { stepsToNumber } from '../../model/grid.ts';
import { notional, type Instrument } from '../../model/instrument.ts';
import { sign, type Order, type Side } from '../../model/order.ts';
import { FLAT, type Position } from '../../model/position.ts';
import { ATOMS_PER_COIN, type Ticks } from '../../model/units.ts';
import { Markouts } from '../measures/markouts.ts';
import { Selection } from '../measures/selection.ts';
import { isResting, sideState, type SideState } from '../measures/side-state.ts';
import { SideTimes } from '../measures/side-times.ts';
import { SymbolSeries, type Observation, type SymbolColumns, type Trace } from '../series/symbol-series.ts';

type TurnEvent = Extract<BotEvent, { type: 'turn' }>;
type FundingEvent = Extract<BotEvent, { type: 'funding' }>;
type FillEvent = Extract<BotEvent, { type: 'fill' }>;

/** The last turn. */
interface Last {
  readonly at: number;
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  readonly buy: SideState;
  readonly sell: SideState;
  readonly guard: string | undefined;
}

/** Prices at which our orders rest, in quote coin, best first. */
interface Resting {
  readonly orders: readonly Order[];
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** The result of one symbol so far. Estimates in settle coin; the exact figures are in the order store. */
export class SymbolTally {
  readonly instrument: Instrument;
  fills = 0;
  makerFills = 0;
  turnoverUsd = 0;
  /** Distance from the mid at the moment of each fill; positive is in our favor. */
  spreadUsd = 0;
  position: Position;
  /** The position at the start. */
  readonly opening: Position;
  /** The last known mid, ticks. */
  mid: number | undefined;
  riskRatio: number | undefined;
  /** Largest position of either sign, coins, and the largest value of one at the mid. */
  largestPosition = 0;
  largestPositionUsd = 0;
  twoSidedMs = 0;
  observedMs = 0;
  /** How long each side was in which state. */
  readonly sides: Readonly<Record<Side, SideTimes>> = { buy: new SideTimes(), sell: new SideTimes() };
  readonly markouts = new Markouts();
  readonly #selection: Selection;
  readonly #levels = new Map<string, number>();
  readonly #series = new SymbolSeries();
  #last: Last | undefined;
  #resting: Resting | undefined;
  /** What the position held at the start had gained at the first mid, tick-lots. */
  #gainedBefore = 0;
  /** Funding of the time before the run, atoms. */
  #paidBefore = 0;

  /** `horizonMs`: of adverse selection. `position`: held at the start. */
  constructor(instrument: Instrument, horizonMs: number, position: Position = FLAT) {
    this.instrument = instrument;
    this.position = position;
    this.opening = position;
    this.#selection = new Selection(horizonMs);
  }

  /** What each side is doing since the last turn; undefined before the first. */
  get sidesNow(): Readonly<Record<Side, SideState>> | undefined {
    return this.#last;
  }

  get feesUsd(): number {
    return this.position.fees / ATOMS_PER_COIN;
  }

  /** Funding paid for the position; negative if received. */
  get fundingUsd(): number {
    return (this.position.funding - this.#paidBefore) / ATOMS_PER_COIN;
  }

  /**
   * Before fees and funding. The open position is valued at the mid, or at cost before there is a mid. What a position had gained before the run
   * does not count.
   */
  get grossUsd(): number {
    return this.#usd(this.position.realized + this.#unrealized(this.position) - this.#gainedBefore);
  }

  /** Tick-lots. */
  #unrealized({ quantity, cost }: Position): number {
    return quantity === 0 || this.mid === undefined ? 0 : quantity * this.mid - cost;
  }

  /** Price moves against (negative) or for the positions of the fills, each up to the horizon after its fill. */
  get selectionUsd(): number {
    return this.#usd(this.#selection.tickLots);
  }

  /** Value of the position at the mid, signed. */
  get positionUsd(): number {
    return this.mid === undefined ? 0 : this.#usd(this.position.quantity * this.mid);
  }

  get netUsd(): number {
    return this.grossUsd - this.feesUsd - this.fundingUsd;
  }

  turn(event: TurnEvent, atMs: number): void {
    const { bid, ask, mid, explanation } = event;
    if (mid !== undefined) this.#moved(mid, atMs);
    this.riskRatio = explanation.riskRatio ?? this.riskRatio;
    if (this.#last !== undefined) this.#passed(this.#last, atMs);
    this.#last = { at: atMs, bid, ask, buy: sideState(event, 'buy'), sell: sideState(event, 'sell'), guard: explanation.guard };
    this.#learnLevels(event);
    const { bids, asks } = this.#restingIn(event.orders);
    if (bids.length > 1) this.#series.addOrders('bids', bids, atMs);
    if (asks.length > 1) this.#series.addOrders('asks', asks, atMs);
    this.sample(atMs);
  }

  /** Computed only when the orders have changed. */
  #restingIn(orders: readonly Order[]): Resting {
    if (this.#resting?.orders === orders) return this.#resting;
    const prices = (side: Side): number[] => restingPrices(orders, side).map((price) => this.#price(price));
    this.#resting = { orders, bids: prices('buy'), asks: prices('sell') };
    return this.#resting;
  }

  filled({ fill, position, mid }: FillEvent, atMs: number): void {
    this.fills += 1;
    if (fill.maker) this.makerFills += 1;
    this.position = position;
    const { side, price, quantity } = fill;
    this.turnoverUsd += this.#usd(notional(price, quantity));
    if (mid !== undefined) {
      this.spreadUsd += this.#usd(sign(side) * (mid - price) * quantity);
      this.#selection.filled({ atMs, signed: sign(side) * quantity, mid });
      this.markouts.filled({ atMs, side, price, level: this.#levels.get(fill.clientOrderId) });
    }
    this.#series.addFill(side, this.#price(price), atMs);
    this.sample(atMs);
  }

  closed(clientOrderId: string): void {
    this.#levels.delete(clientOrderId);
  }

  /** A payment that was settled before the run, `startedAt` (ms since the epoch), does not count. */
  funded({ payment, position }: FundingEvent, startedAt: number): void {
    this.position = position;
    if (payment.at < startedAt) this.#paidBefore += payment.amount;
  }

  #moved(mid: number, atMs: number): void {
    const isFirst = this.mid === undefined;
    this.mid = mid;
    if (isFirst) this.#gainedBefore = this.#unrealized(this.opening);
    this.#selection.moved(mid, atMs);
    this.markouts.moved(mid, atMs);
  }

  /** The states of the last turn held until now. */
  #passed({ at, buy, sell, guard }: Last, atMs: number): void {
    const ms = atMs - at;
    const twoSided = isResting(buy) && isResting(sell);
    this.observedMs += ms;
    if (twoSided) this.twoSidedMs += ms;
    this.sides.buy.add(buy, ms);
    this.sides.sell.add(sell, ms);
    const inventory = guard === 'inventory_soft' ? 'soft' : guard === 'inventory_hard' ? 'hard' : 'none';
    this.#series.addQuoting({ isTwoSided: twoSided, inventory }, ms, atMs);
  }

  /** Of the orders that this turn creates or moves: prices tell their quotes, because each level has its own. */
  #learnLevels({ plan, explanation: { quotes } }: TurnEvent): void {
    for (const { clientOrderId, price } of [...plan.places, ...plan.amends]) {
      const quote = quotes.find((candidate) => candidate.price === price);
      if (quote !== undefined) this.#levels.set(clientOrderId, quote.level);
    }
  }

  /** To be called at least once a second, because a quiet market causes no turns. */
  sample(atMs: number): void {
    const { now } = this;
    this.largestPosition = Math.max(this.largestPosition, Math.abs(now.position ?? 0));
    this.largestPositionUsd = Math.max(this.largestPositionUsd, Math.abs(this.positionUsd));
    this.#series.observe(now, atMs);
  }

  trace(name: keyof Observation): Trace {
    return this.#series.trace(name);
  }

  columns(endMs: number): SymbolColumns {
    return this.#series.columns(this.instrument.symbol, this.now, endMs);
  }

  /** The current values, prices in quote coin. */
  get now(): Observation {
    const price = (steps: number | undefined): number | undefined => (steps === undefined ? undefined : this.#price(steps));
    const { grossUsd, spreadUsd, feesUsd, fundingUsd } = this;
    return {
      mid: price(this.mid),
      bid: price(this.#last?.bid),
      ask: price(this.#last?.ask),
      position: stepsToNumber(this.position.quantity, this.instrument.lot),
      spreadUsd,
      adverseUsd: grossUsd - spreadUsd,
      feesUsd,
      fundingUsd,
      netUsd: grossUsd - feesUsd - fundingUsd,
      riskRatio: this.riskRatio,
    };
  }

  #price(steps: number): number {
    return stepsToNumber(steps, this.instrument.tick);
  }

  #usd(tickLots: number): number {
    return (tickLots * this.instrument.atomsPerTickLot) / ATOMS_PER_COIN;
  }
}

/** Prices at which our orders rest, best first; more than one of a price is possible. */
function restingPrices(orders: readonly Order[], side: Side): readonly Ticks[] {
  const prices = orders.filter((order) => order.side === side && order.state.tag === 'open').map(({ price }) => price);
  return prices.sort((a, b) => (side === 'buy' ? b - a : a - b));
}
