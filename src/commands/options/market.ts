import { InvalidArgumentError, Option } from 'commander';
import { MARKET_MODEL_NAMES, MARKET_NAMES, type MarketModelName } from '../../simulator/market-model/markets.ts';

const ABOUT = 'market model of the embedded exchange';

/** `--market` of a command that also accepts an empty order book. */
export function marketOption(): Option {
  return new Option('--market <name>', `${ABOUT}; none: an order book with only the orders of clients`)
    .choices(MARKET_NAMES)
    .default('btc');
}

/** `--market` of a command that needs fills, and so simulated traders. */
export function marketModelOption(): Option {
  return new Option('--market <name>', ABOUT).choices(MARKET_MODEL_NAMES).argParser(parseMarketModel).default('btc');
}

/** Parser for commander: a market model with simulated traders, so not `none`. */
export function parseMarketModel(text: string): MarketModelName {
  const name = MARKET_MODEL_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const choices = `Allowed choices are ${MARKET_MODEL_NAMES.join(', ')}.`;
  if (text !== 'none') throw new InvalidArgumentError(choices);
  throw new InvalidArgumentError(`In an empty order book the bot gets no fills; "mmbot exchange --market none" serves one. ${choices}`);
}
