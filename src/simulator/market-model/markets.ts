/** What decides how a simulated market behaves; printed with every result that was earned in it. */
export interface MarketKnobs {
  /** Share of a sweep's depth that stays in the price: decides whether market making pays. */
  readonly psi: number;
  /** Intensity of the snipers that hit quotes behind the efficient price: 0 none, 1 sixty a second. */
  readonly phi: number;
  /** Diffusion of the efficient price in each regime, bps per square root of a second. */
  readonly quietSigma: number;
  readonly normalSigma: number;
  readonly wildSigma: number;
  /** Of the efficient price with what moves all symbols together. */
  readonly marketCorrelation: number;
  readonly jumpsPerHour: number;
  /** Mean size of a jump, either way. */
  readonly jumpBps: number;
  /** Market orders in a normal regime. */
  readonly takersPerSecond: number;
  /** Share of them that sweep the book to some depth. */
  readonly sweepRatio: number;
  /** Typical depth: some 63 % go less far. */
  readonly sweepBps: number;
  /** Limit orders of each side. */
  readonly refillsPerSecond: number;
  /** Crashes and rallies that mostly come back. */
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

/** A market with a crowd in it. */
export type CrowdedMarketName = keyof typeof MARKETS;

/** `none`: an empty book that only clients fill. */
export type MarketName = CrowdedMarketName | 'none';

export const CROWDED_MARKET_NAMES: readonly CrowdedMarketName[] = ['btc', 'calm', 'benign', 'toxic', 'flash'];

export const MARKET_NAMES: readonly MarketName[] = [...CROWDED_MARKET_NAMES, 'none'];

export function knobsOf(market: CrowdedMarketName): MarketKnobs {
  return MARKETS[market];
}
