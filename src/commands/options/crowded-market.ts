import { InvalidArgumentError } from 'commander';
import { CROWDED_MARKET_NAMES, type CrowdedMarketName } from '../../simulator/market-model/markets.ts';

/** Parser for commander: a market model with simulated traders, so not `none`. */
export function parseCrowdedMarket(text: string): CrowdedMarketName {
  const name = CROWDED_MARKET_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const choices = `Allowed choices are ${CROWDED_MARKET_NAMES.join(', ')}.`;
  if (text !== 'none') throw new InvalidArgumentError(choices);
  throw new InvalidArgumentError(`In an empty order book the bot gets no fills; "mmbot exchange --market none" serves one. ${choices}`);
}
