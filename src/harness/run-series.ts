import type { Side } from '../model/order.ts';

/** Enough for a plot as wide as a screen. */
const MOST_POINTS = 1200;
const MOST_FILLS = 2000;

export interface SeriesPoint {
  /** Since the start. */
  readonly atMs: number;
  readonly mid: number | undefined;
  /** Our best resting quotes. */
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  readonly position: number;
  readonly spreadUsd: number;
  readonly grossUsd: number;
  readonly feesUsd: number;
  readonly fundingUsd: number;
  readonly riskRatio: number | undefined;
}

export interface FillMark {
  readonly atMs: number;
  readonly price: number;
  readonly side: Side;
}

/** One symbol over time, in bounded memory: when it is full, every other point goes and the spacing doubles. */
export class RunSeries {
  points: SeriesPoint[] = [];
  fills: FillMark[] = [];
  #stride = 1;
  #offered = 0;
  #fillStride = 1;
  #fillsOffered = 0;

  add(point: SeriesPoint): void {
    if (this.#offered % this.#stride === 0) this.points.push(point);
    this.#offered += 1;
    if (this.points.length <= MOST_POINTS) return;
    this.points = everyOther(this.points);
    this.#stride *= 2;
  }

  addFill(mark: FillMark): void {
    if (this.#fillsOffered % this.#fillStride === 0) this.fills.push(mark);
    this.#fillsOffered += 1;
    if (this.fills.length <= MOST_FILLS) return;
    this.fills = everyOther(this.fills);
    this.#fillStride *= 2;
  }
}

function everyOther<T>(list: readonly T[]): T[] {
  return list.filter((_, index) => index % 2 === 0);
}
