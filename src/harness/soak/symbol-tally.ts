import type { BotEvent } from '../../execution/events.ts';
import { stepsToNumber } from '../../model/grid.ts';
import { notional, type Instrument } from '../../model/instrument.ts';
import { sign } from '../../model/order.ts';
import { FLAT, type Position } from '../../model/position.ts';
import { ATOMS_PER_COIN } from '../../model/units.ts';
import { SymbolSeries, type Observation, type SymbolColumns, type Trace } from '../series/symbol-series.ts';

type TurnEvent = Extract<BotEvent, { type: 'turn' }>;
type FillEvent = Extract<BotEvent, { type: 'fill' }>;

/** The result of one symbol so far. Estimates in settle coin; the exact figures are in the order store. */
export class SymbolTally {
  readonly instrument: Instrument;
  fills = 0;
  makerFills = 0;
  turnoverUsd = 0;
  /** Distance from the mid at the moment of each fill; positive is in our favor. */
  spreadUsd = 0;
  position: Position;
  /** The last known mid, ticks. */
  mid: number | undefined;
  riskRatio: number | undefined;
  twoSidedMs = 0;
  observedMs = 0;
  readonly #series = new SymbolSeries();
  #last: { at: number; twoSided: boolean; bid: number | undefined; ask: number | undefined } | undefined;

  /** `position`: held at the start. */
  constructor(instrument: Instrument, position: Position = FLAT) {
    this.instrument = instrument;
    this.position = position;
  }

  get feesUsd(): number {
    return this.position.fees / ATOMS_PER_COIN;
  }

  /** Funding paid for the position; negative if received. */
  get fundingUsd(): number {
    return this.position.funding / ATOMS_PER_COIN;
  }

  /** Before fees and funding. The open position is valued at the mid, or at cost before there is a mid. */
  get grossUsd(): number {
    const { realized, quantity, cost } = this.position;
    const open = quantity === 0 || this.mid === undefined ? 0 : quantity * this.mid - cost;
    return this.#usd(realized + open);
  }

  get netUsd(): number {
    return this.grossUsd - this.feesUsd - this.fundingUsd;
  }

  turn({ bid, ask, mid, explanation }: TurnEvent, atMs: number): void {
    this.mid = mid ?? this.mid;
    this.riskRatio = explanation.riskRatio ?? this.riskRatio;
    if (this.#last !== undefined) {
      const ms = atMs - this.#last.at;
      this.observedMs += ms;
      if (this.#last.twoSided) this.twoSidedMs += ms;
      this.#series.addQuoting(this.#last.twoSided, ms, atMs);
    }
    this.#last = { at: atMs, twoSided: bid !== undefined && ask !== undefined, bid, ask };
    this.sample(atMs);
  }

  filled({ fill, position, mid }: FillEvent, atMs: number): void {
    this.fills += 1;
    if (fill.maker) this.makerFills += 1;
    this.position = position;
    const value = this.#usd(notional(fill.price, fill.quantity));
    this.turnoverUsd += value;
    if (mid !== undefined) this.spreadUsd += this.#usd(sign(fill.side) * (mid - fill.price) * fill.quantity);
    this.#series.addFill(fill.side, this.#price(fill.price), atMs);
    this.sample(atMs);
  }

  funded(position: Position): void {
    this.position = position;
  }

  /** To be called at least once a second, because a quiet market causes no turns. */
  sample(atMs: number): void {
    this.#series.observe(this.now, atMs);
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
