/** Parameters of a simulated market, for BTCUSDT; printed with every result obtained in it. */
export interface MarketKnobs {
  /** Permanent move of the price by a sweep, for each unit of its depth and of the surprise in its side: decides whether market making is profitable. */
  readonly psi: number;
  /** Intensity of the takers that hit quotes far behind the efficient price: 0 none, 1 sixty a second. */
  readonly phi: number;
  /** How far behind. */
  readonly snipeBps: number;
  /** The makers leave their quotes where they are until the price has moved by more than this. */
  readonly bandBps: number;
  /** Volatility of the efficient price, without what sweeps add, in each regime, bps per square root of a second. */
  readonly quietSigma: number;
  readonly normalSigma: number;
  readonly wildSigma: number;
  /** Correlation of the efficient price with the factor common to all symbols. */
  readonly marketCorrelation: number;
  readonly jumpsPerHour: number;
  /** Mean size of a jump, up or down. */
  readonly jumpBps: number;
  /** Market orders per second in a normal regime. */
  readonly takersPerSecond: number;
  /** Share of the market orders that sweep the book to some depth. */
  readonly sweepRatio: number;
  /** Typical depth of a sweep: about 63 % are shallower. */
  readonly sweepBps: number;
  /** Limit orders per second on each side. */
  readonly refillsPerSecond: number;
  /** Crashes and rallies, most of which is reversed. */
  readonly flashesPerHour: number;
  readonly flashBps: number;
}

const BTC: MarketKnobs = {
  psi: 0.7,
  phi: 0.15,
  snipeBps: 0.65,
  bandBps: 0.75,
  quietSigma: 0.45,
  normalSigma: 0.65,
  wildSigma: 1.3,
  marketCorrelation: 0.9,
  jumpsPerHour: 6,
  jumpBps: 3,
  takersPerSecond: 6,
  sweepRatio: 0.06,
  sweepBps: 0.8,
  refillsPerSecond: 150,
  flashesPerHour: 0,
  flashBps: 0,
};

const MARKETS = {
  btc: BTC,
  calm: { ...BTC, psi: 0.35, phi: 0.07, quietSigma: 0.25, normalSigma: 0.4, wildSigma: 0.8, jumpsPerHour: 0 },
  benign: { ...BTC, psi: 0, phi: 0, quietSigma: 0.5, normalSigma: 0.8, wildSigma: 1.6 },
  toxic: { ...BTC, psi: 1.3 },
  flash: { ...BTC, flashesPerHour: 6, flashBps: 120 },
} as const satisfies Record<string, MarketKnobs>;

/** A market model: parameters of the background flow. */
export type MarketModelName = keyof typeof MARKETS;

/** `none`: an empty book that only clients fill. */
export type MarketName = MarketModelName | 'none';

export const MARKET_MODEL_NAMES: readonly MarketModelName[] = ['btc', 'calm', 'benign', 'toxic', 'flash'];

export const MARKET_NAMES: readonly MarketName[] = [...MARKET_MODEL_NAMES, 'none'];

export function knobsOf(market: MarketModelName): MarketKnobs {
  return MARKETS[market];
}

/** The same market for a symbol whose price moves `ratio` times as far. */
export function scaled(knobs: MarketKnobs, ratio: number): MarketKnobs {
  const names = ['snipeBps', 'bandBps', 'quietSigma', 'normalSigma', 'wildSigma', 'jumpBps', 'sweepBps'] as const;
  return { ...knobs, ...Object.fromEntries(names.map((name) => [name, ratio * knobs[name]])) };
}
