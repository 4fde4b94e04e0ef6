import { ATOMS_PER_COIN, atoms, type Atoms } from '../../../model/units.ts';
import { isObject, listIn, numberIn, parseJson, textIn, type JsonObject } from '../../../util/json.ts';
import { feeIn } from './decimal-fields.ts';

/** The documentation names the field and the kinds of taxes, but not the name of the amount: all of these are tried. */
const AMOUNTS = ['fee', 'extraFee', 'feeAmount', 'amount', 'execFee'];
const RATES = ['feeRate', 'rate'];
const COINS = ['feeCoin', 'feeCurrency', 'coin', 'currency'];

/**
 * Taxes on an execution (GST, VAT and the like) besides its fee, in the settle coin. The field is a list, or a list as JSON text. An entry
 * in another coin or without an amount is computed from its rate. An entry with neither counts as 0, so that the execution is not lost.
 */
export function extraFeesIn(row: JsonObject, settleCoin: string): Atoms {
  const value = row['extraFees'];
  const list = typeof value === 'string' ? parseJson(value) : value;
  const entries = (Array.isArray(list) ? listIn(list) : [list]).filter(isObject);
  const sum = entries.reduce((total, entry) => total + amountIn(entry, row, settleCoin), 0);
  return atoms(Number.isSafeInteger(sum) ? sum : 0);
}

function amountIn(entry: JsonObject, row: JsonObject, settleCoin: string): number {
  const coin = textIn(first(entry, COINS));
  const amount = first(entry, AMOUNTS);
  if (amount !== undefined && (coin === '' || coin === settleCoin)) return exactly(amount);
  const rate = numberIn(first(entry, RATES)) ?? 0;
  return Math.ceil((numberIn(row['execValue']) ?? 0) * rate * ATOMS_PER_COIN);
}

/** The first of these fields that is not empty. */
function first(entry: JsonObject, names: readonly string[]): unknown {
  const name = names.find((each) => textIn(entry[each]) !== '');
  return name === undefined ? undefined : entry[name];
}

/** The amount, rounded up; read as a float when it is not a plain decimal. */
function exactly(amount: unknown): number {
  try {
    return feeIn(amount, 'extra fee');
  } catch {
    return Math.ceil((numberIn(amount) ?? 0) * ATOMS_PER_COIN);
  }
}
