import { presetOf } from '../instruments.ts';
import { knobsOf, type MarketModelName } from './markets.ts';

/** What reports say of a market: its parameters for BTCUSDT, and how far the prices of other symbols move relative to it. */
export function reportedKnobs(market: MarketModelName, symbols: readonly string[]): Readonly<Record<string, number>> {
  const ratios = symbols.map((symbol) => [`${symbol} volatility`, presetOf(symbol).volatilityRatio] as const);
  return { ...knobsOf(market), ...Object.fromEntries(ratios.filter(([, ratio]) => ratio !== 1)) };
}
