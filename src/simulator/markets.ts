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
  readonly jumpsPerHour: number;
  /** Mean size of a jump, either way. */
  readonly jumpBps: number;
  /** Market orders in a normal regime. */
  readonly takersPerSecond: number;
  /** Share of them that sweep the book to some depth. */
  readonly sweepRatio: number;
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
  normalSigma: 0.8,
  wildSigma: 2,
  jumpsPerHour: 8,
  jumpBps: 4,
  takersPerSecond: 2.5,
  sweepRatio: 0.2,
  sweepBps: 1.5,
  refillsPerSecond: 150,
  flashesPerHour: 0,
  flashBps: 0,
};

const MARKETS = {
  btc: BTC,
  calm: { ...BTC, psi: 0.15, phi: 0.02, quietSigma: 0.2, normalSigma: 0.35, wildSigma: 0.7, jumpsPerHour: 0 },
  benign: { ...BTC, psi: 0, phi: 0, quietSigma: 0.5, normalSigma: 1, wildSigma: 2.2 },
  toxic: { ...BTC, psi: 0.5, quietSigma: 0.3, normalSigma: 0.6, wildSigma: 1.8 },
  flash: { ...BTC, flashesPerHour: 6, flashBps: 120 },
} as const satisfies Record<string, MarketKnobs>;

export type MarketName = keyof typeof MARKETS;

export const MARKET_NAMES: readonly MarketName[] = ['btc', 'calm', 'benign', 'toxic', 'flash'];

export function knobsOf(market: MarketName): MarketKnobs {
  return MARKETS[market];
}
