import { ATOMS_PER_COIN, atoms, type Atoms } from '../../../model/units.ts';
import { isObject, listIn, numberIn, parseJson, textIn, type JsonObject } from '../../../util/json.ts';
import { feeIn } from './decimal-fields.ts';

/** The documents name the field and what kind of tax an entry is, and not where its amount stands: any of these is one. */
const AMOUNTS = ['fee', 'extraFee', 'feeAmount', 'amount', 'execFee'];
const RATES = ['feeRate', 'rate'];
const COINS = ['feeCoin', 'feeCurrency', 'coin', 'currency'];

/**
 * What taxes (GST, VAT and the like) an execution cost beside its fee, in the settle coin: a list, or the same as text. What is in
 * another coin, or has no amount, costs what its rate says; what has neither cannot be told and is no reason to lose the execution.
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

/** The first of these fields that is a number, or a word. */
function first(entry: JsonObject, names: readonly string[]): unknown {
  const name = names.find((each) => textIn(entry[each]) !== '');
  return name === undefined ? undefined : entry[name];
}

/** Rounded up; to the float where it is not written as a plain decimal. */
function exactly(amount: unknown): number {
  try {
    return feeIn(amount, 'extra fee');
  } catch {
    return Math.ceil((numberIn(amount) ?? 0) * ATOMS_PER_COIN);
  }
}
