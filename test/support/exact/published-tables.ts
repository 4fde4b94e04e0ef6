import { avellanedaStoikovForm } from '../../../src/strategy/models/avellaneda-stoikov.ts';
import type { AvellanedaStoikovMarket, Distances, MakerView } from './avellaneda-stoikov.ts';
import { mean, variance } from '../../../src/statistics/moments.ts';

/** Avellaneda and Stoikov 2008, section 3.3. */
export const AS_MARKET: AvellanedaStoikovMarket = { price: 100, sigma: 2, horizon: 1, step: 0.005, intensity: 140, decay: 1.5 };
const STEPS = AS_MARKET.horizon / AS_MARKET.step;

/** Our own closed form, quoted around the reservation price. */
export const inventoryQuotes =
  (gamma: number) =>
  ({ inventory, timeLeft }: MakerView): Distances => {
    const { half, skewPerUnit } = avellanedaStoikovForm({ gamma, sigma: AS_MARKET.sigma, decay: AS_MARKET.decay, horizon: timeLeft });
    return { bid: half + skewPerUnit * inventory, ask: half - skewPerUnit * inventory };
  };

/** The paper's benchmark: the time average of the same spread, around the price. */
export function symmetricHalf(gamma: number): number {
  const at = (i: number): number => avellanedaStoikovForm({ gamma, ...AS_MARKET, horizon: AS_MARKET.horizon - i * AS_MARKET.step }).half;
  return mean(Array.from({ length: STEPS }, (_, i) => at(i)));
}

/** What the symmetric maker must earn, in closed form (simulation.md §3.1). */
export function symmetricClosedForm(gamma: number): Ends {
  const { sigma, step, intensity, decay } = AS_MARKET;
  const half = symmetricHalf(gamma);
  const p = intensity * Math.exp(-decay * half) * step;
  const n = 2 * STEPS;
  const drift = Array.from({ length: STEPS }, (_, j) => 2 * (j + 1) * p * (1 - p)).reduce((sum, term) => sum + term, 0);
  return {
    profit: n * p * half,
    profitSd: Math.sqrt(half ** 2 * n * p * (1 - p) + sigma ** 2 * step * drift),
    inventorySd: Math.sqrt(n * p * (1 - p)),
  };
}

export interface Ends {
  readonly profit: number;
  readonly profitSd: number;
  readonly inventorySd: number;
}

export function endsOf(paths: readonly { readonly profit: number; readonly inventory: number }[]): Ends {
  return {
    profit: mean(paths.map(({ profit }) => profit)),
    profitSd: Math.sqrt(variance(paths.map(({ profit }) => profit))),
    inventorySd: Math.sqrt(variance(paths.map(({ inventory }) => inventory))),
  };
}

/** Cont, Stoikov and Talreja 2010: the fit to Sky Perfect Communications, per minute, at the touch. */
export const CST_RATES = { limit: 1.85, market: 0.94, cancel: 0.71 };

/** Their table 3: probability that the mid goes up; rows are units at the bid, columns at the ask, 1 to 5. */
export const CST_TABLE_3 = [
  '.500 .336 .259 .216 .188',
  '.664 .500 .407 .348 .307',
  '.741 .593 .500 .437 .391',
  '.784 .652 .563 .500 .452',
  '.812 .693 .609 .548 .500',
].map((row) => row.split(' ').map(Number));

/** Diagonal of their table 5: probability that both of our orders trade before the mid moves. */
export const CST_TABLE_5_DIAGONAL = [0.266, 0.386, 0.441, 0.471, 0.491] as const;

/** Monte Carlo tolerance of a printed probability (simulation.md §3.2). */
export function tolerance(p: number, runs: number): number {
  return 3 * Math.sqrt((p * (1 - p)) / runs) + 0.001;
}
