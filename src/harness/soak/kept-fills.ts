import { sign, type Fill } from '../../model/order.ts';
import type { Instrument } from '../../model/instrument.ts';
import { ATOMS_PER_COIN } from '../../model/units.ts';
import type { Standpoint } from './order-trails.ts';

/** Times after a fill at which its price is compared with the mid, ms. */
export const FILL_HORIZONS_MS = [1000, 10_000, 60_000] as const;

/** A fill of the run, with its order as it was then. */
export interface OwnFill extends Standpoint {
  readonly fill: Fill;
  readonly instrument: Instrument;
  /** When it happened, ms since the start. */
  readonly atMs: number;
  /** When the bot learned of it. The mids are those from then on, as in the markouts of all fills. */
  readonly learnedAtMs: number;
  /** Ticks, just before the fill was learned. */
  readonly mid: number | undefined;
  /** The mid at each horizon, ticks; undefined until then, and for good when the run ends before. */
  readonly later: (number | undefined)[];
}

/** The mid of the latest horizon that was reached. */
export function lastLater({ later }: OwnFill): { readonly horizonMs: number; readonly mid: number } | undefined {
  const index = later.findLastIndex((mid) => mid !== undefined);
  const [horizonMs, mid] = [FILL_HORIZONS_MS[index], later[index]];
  return horizonMs === undefined || mid === undefined ? undefined : { horizonMs, mid };
}

/** Markout at that horizon times size, in settle coin; negative is a loss. Undefined before the first horizon. */
export function resultUsd(own: OwnFill): number | undefined {
  const then = lastLater(own);
  const { side, price, quantity } = own.fill;
  return then === undefined ? undefined : (sign(side) * (then.mid - price) * quantity * own.instrument.atomsPerTickLot) / ATOMS_PER_COIN;
}

const MOST_LATEST = 1000;
const MOST_WORST = 1000;

/** The latest fills, and of those before them the ones that lost most. */
export class KeptFills {
  readonly #mostLatest: number;
  readonly #mostWorst: number;
  readonly #latest: OwnFill[] = [];
  #earlier: readonly OwnFill[] = [];
  #leaving: OwnFill[] = [];
  #count = 0;

  constructor(mostLatest = MOST_LATEST, mostWorst = MOST_WORST) {
    this.#mostLatest = mostLatest;
    this.#mostWorst = mostWorst;
  }

  add(fill: OwnFill): void {
    this.#count += 1;
    this.#latest.push(fill);
    if (this.#latest.length <= this.#mostLatest) return;
    this.#leaving.push(...this.#latest.splice(0, 1));
    // Many at a time, because each time they are sorted.
    if (this.#leaving.length >= this.#mostWorst) this.#select();
  }

  /** In the order in which they were learned. */
  all(): readonly OwnFill[] {
    this.#select();
    return [...this.#earlier, ...this.#latest];
  }

  /** Number of fills that are not kept. */
  get dropped(): number {
    return Math.max(0, this.#count - this.#mostLatest - this.#mostWorst);
  }

  /** A fill whose result is not known yet may be the worst. */
  #select(): void {
    const earlier = [...this.#earlier, ...this.#leaving];
    const results = new Map(earlier.map((fill) => [fill, resultUsd(fill) ?? -Infinity]));
    const worst = new Set(
      [...results]
        .sort(([, a], [, b]) => (a === b ? 0 : a - b))
        .slice(0, this.#mostWorst)
        .map(([fill]) => fill),
    );
    this.#earlier = earlier.filter((fill) => worst.has(fill));
    this.#leaving = [];
  }
}
