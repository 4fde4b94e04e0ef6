import type { JsonObject } from '../../util/json.ts';
import type { Category } from '../cancel-port.ts';
import { ExchangeError } from '../errors.ts';
import { rowsIn } from './codec.ts';
import type { Rest } from './rest.ts';

/** Whether the exchange lists instruments of this category, and not this one. */
export async function isUnlisted(rest: Rest, category: Category, symbol: string): Promise<boolean> {
  try {
    // Where nothing at all is listed, nobody has said anything of this symbol.
    const [named, any] = await Promise.all([listed(rest, { category, symbol }), listed(rest, { category, limit: 1 })]);
    return any.length > 0 && !named.some((row) => row['symbol'] === symbol);
  } catch (error) {
    if (error instanceof ExchangeError) return false;
    throw error;
  }
}

/** Bybit answers the question for one that it does not have with an empty list, or with a code. */
async function listed(rest: Rest, parameters: JsonObject): Promise<readonly JsonObject[]> {
  try {
    const { result } = await rest.getPublic('v5/market/instruments-info', parameters);
    return rowsIn(result['list'], 'instruments-info');
  } catch (error) {
    if (error instanceof ExchangeError && error.kind === 'rejected' && error.retCode !== undefined) return [];
    throw error;
  }
}
