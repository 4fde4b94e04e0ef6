import { InvalidArgumentError } from 'commander';

/** Dated contracts and options have several parts: `BTCUSDT-26DEC26`, `BTC-26DEC26-100000-C`. */
const SYMBOL = /^(?=.{2,40}$)[A-Z0-9]{2,30}(-[A-Z0-9]{1,20}){0,4}$/;

/** Parser for commander: symbols like `BTCUSDT,ETHUSDT`, in upper case, without duplicates. */
export function parseSymbols(text: string): readonly string[] {
  const symbols = text.split(',').map((word) => word.trim());
  const wrong = symbols.find((symbol) => !SYMBOL.test(symbol));
  if (wrong !== undefined) throw new InvalidArgumentError(`Expected symbols like BTCUSDT,ETHUSDT in upper case, was '${wrong}'.`);
  const twice = symbols.find((symbol, index) => symbols.indexOf(symbol) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`${twice} is given twice.`);
  return symbols;
}
