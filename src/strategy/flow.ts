import { at } from '../util/array.ts';

/** How deep market orders reach: per second, `perSecond · e^(-decayPerBps · distance)` of them reach a quote at that distance in bps. */
export interface FlowReading {
  /** The A of the model: market orders per second on one side. */
  readonly perSecond: number;
  /** The k of the model. */
  readonly decayPerBps: number;
  /** Market orders in the estimate; older ones count less. */
  readonly samples: number;
  /** True with too few samples: A and k are then those of a BTC perpetual on an ordinary day. */
  readonly isDefault: boolean;
}

/** BTCUSDT perpetual: rate of market orders that trade beyond the touch, and its decay with the distance. */
export const DEFAULT_FLOW: FlowReading = { perSecond: 0.7, decayPerBps: 1.3, samples: 0, isDefault: true };

/** Distances in bps from the mid at which market orders are counted. The touch itself is left out: its count is a spike. */
const DISTANCES = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48] as const;
const MIN_SAMPLES = 50;
const MIN_SECONDS = 30;
/** A bucket with fewer orders says nothing about the slope. */
const MIN_IN_BUCKET = 3;
/** Time constant of the decay of old orders' weight. */
const MEMORY_MS = 600_000;
const BOUNDS = { perSecond: [0.001, 100], decayPerBps: [0.05, 20] } as const;
/** The line is fitted on reading, at most once in this time. */
const REFIT_MS = 1000;

/** A and k of one symbol, estimated from the market's trades: counts per distance that decay over time, so memory is bounded. */
export class Flow {
  readonly #counts: number[] = DISTANCES.map(() => 0);
  #orders = 0;
  /** Seconds of observation, decayed like the counts. */
  #seconds = 0;
  #fadedAt: number | undefined;
  #fittedAt = Number.NEGATIVE_INFINITY;
  #reading = DEFAULT_FLOW;

  /** One market order that traded as far as `reachBps` from the mid before it. `now`: monotonic ms. */
  traded(now: number, reachBps: number): void {
    if (!Number.isFinite(reachBps)) return;
    this.#fade(now);
    this.#orders += 1;
    for (let i = 0; i < DISTANCES.length && at(DISTANCES, i) <= reachBps; i += 1) this.#counts[i] = at(this.#counts, i) + 1;
  }

  reading(now: number): FlowReading {
    if (now - this.#fittedAt < REFIT_MS) return this.#reading;
    this.#fittedAt = now;
    this.#fade(now);
    this.#reading = this.#fit();
    return this.#reading;
  }

  #fade(now: number): void {
    const elapsed = this.#fadedAt === undefined ? 0 : Math.max(0, now - this.#fadedAt);
    this.#fadedAt = now;
    const kept = Math.exp(-elapsed / MEMORY_MS);
    for (let i = 0; i < this.#counts.length; i += 1) this.#counts[i] = at(this.#counts, i) * kept;
    this.#orders *= kept;
    this.#seconds = this.#seconds * kept + (MEMORY_MS / 1000) * (1 - kept);
  }

  /** Least squares of ln(rate) over distance, each distance weighted by its count (the variance of ln N is 1/N). */
  #fit(): FlowReading {
    const samples = Math.round(this.#orders);
    let [weight, sumX, sumY, sumXX, sumXY, buckets] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < DISTANCES.length; i += 1) {
      const count = at(this.#counts, i);
      if (count < MIN_IN_BUCKET) continue;
      const [x, y] = [at(DISTANCES, i), Math.log(count / 2 / this.#seconds)];
      weight += count;
      sumX += count * x;
      sumY += count * y;
      sumXX += count * x * x;
      sumXY += count * x * y;
      buckets += 1;
    }
    const spread = weight * sumXX - sumX * sumX;
    if (samples < MIN_SAMPLES || this.#seconds < MIN_SECONDS || buckets < 3 || spread <= 0) return { ...DEFAULT_FLOW, samples };
    const slope = (weight * sumXY - sumX * sumY) / spread;
    const decayPerBps = within(-slope, BOUNDS.decayPerBps);
    const perSecond = within(Math.exp((sumY - slope * sumX) / weight), BOUNDS.perSecond);
    return { perSecond, decayPerBps, samples, isDefault: false };
  }
}

function within(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
