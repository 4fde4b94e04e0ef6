import { InvalidArgumentError } from 'commander';
import { CROWDED_MARKET_NAMES, type CrowdedMarketName } from '../../simulator/market-model/markets.ts';

/** A market in which somebody trades with the bot. For commander. */
export function parseCrowdedMarket(text: string): CrowdedMarketName {
  const name = CROWDED_MARKET_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const choices = `Allowed choices are ${CROWDED_MARKET_NAMES.join(', ')}.`;
  if (text !== 'none') throw new InvalidArgumentError(choices);
  throw new InvalidArgumentError(`In an empty book nobody trades with the bot; "mmbot exchange --market none" serves one. ${choices}`);
}
