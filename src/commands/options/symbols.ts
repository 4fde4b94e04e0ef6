import { InvalidArgumentError, Option } from 'commander';
import { isSymbolName } from '../../config/keys.ts';

/** `what`: what the symbols are for. */
export function symbolsOption(what: string): Option {
  return new Option('--symbols <list>', `${what}, comma-separated`).argParser(parseSymbols);
}

/** The same for a command that runs the market of BTCUSDT without it. */
export function marketSymbolsOption(what: string): Option {
  return symbolsOption(what).default(['BTCUSDT'], 'BTCUSDT');
}

/** Parser for commander: symbols like `BTCUSDT,ETHUSDT`, in upper case, without duplicates. */
export function parseSymbols(text: string): readonly string[] {
  const symbols = text.split(',').map((word) => word.trim());
  const wrong = symbols.find((symbol) => !isSymbolName(symbol));
  if (wrong !== undefined) throw new InvalidArgumentError(`Expected symbols like BTCUSDT,ETHUSDT in upper case, was '${wrong}'.`);
  refuseRepeated(symbols);
  return symbols;
}

/** For lists in which a repetition must be a mistake. */
export function refuseRepeated(words: readonly string[]): void {
  const twice = words.find((word, index) => words.indexOf(word) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`${twice} is given twice.`);
}
