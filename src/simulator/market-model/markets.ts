/** Parameters of a simulated market; printed with every result obtained in it. */
export interface MarketKnobs {
  /** Share of a sweep’s depth that permanently moves the price: decides whether market making is profitable. */
  readonly psi: number;
  /** Intensity of the takers that hit quotes behind the efficient price: 0 none, 1 sixty a second. */
  readonly phi: number;
  /** Volatility of the efficient price in each regime, bps per square root of a second. */
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
  psi: 0.3,
  phi: 0.05,
  quietSigma: 0.35,
  normalSigma: 0.5,
  wildSigma: 1,
  marketCorrelation: 0.9,
  jumpsPerHour: 6,
  jumpBps: 3,
  takersPerSecond: 6,
  sweepRatio: 0.18,
  sweepBps: 0.9,
  refillsPerSecond: 150,
  flashesPerHour: 0,
  flashBps: 0,
};

const MARKETS = {
  btc: BTC,
  calm: { ...BTC, psi: 0.15, phi: 0.02, quietSigma: 0.2, normalSigma: 0.35, wildSigma: 0.7, jumpsPerHour: 0 },
  benign: { ...BTC, psi: 0, phi: 0, quietSigma: 0.5, normalSigma: 0.8, wildSigma: 1.6 },
  toxic: { ...BTC, psi: 0.5, quietSigma: 0.35, normalSigma: 0.5, wildSigma: 1 },
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
