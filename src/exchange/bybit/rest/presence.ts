import { textIn, type JsonObject } from '../../../util/json.ts';
import type { CancelScope, Category, Presence } from '../../cancel-port.ts';
import { isComplete, type Listing } from '../../complete.ts';
import { ExchangeError } from '../../errors.ts';
import { rowsIn } from '../codec/codec.ts';
import { readPages } from './pages.ts';
import type { Rest } from './rest.ts';

const PATH = 'v5/market/instruments-info';
const PER_PAGE = 1000;

/** Whether the exchange lists any instrument of this scope. */
export async function presenceOf(rest: Rest, { category, symbol, settleCoin }: CancelScope): Promise<Presence> {
  try {
    if (symbol !== undefined) return await presenceOfSymbol(rest, category, symbol);
    return settleCoin === undefined ? 'listed' : await presenceOfCoin(rest, category, settleCoin);
  } catch (error) {
    if (error instanceof ExchangeError) return 'unknown';
    throw error;
  }
}

async function presenceOfSymbol(rest: Rest, category: Category, symbol: string): Promise<Presence> {
  const [named, any] = await Promise.all([listedByName(rest, { category, symbol }), listed(rest, { category, limit: 1 })]);
  if (named.some((row) => row['symbol'] === symbol)) return 'listed';
  return any.length > 0 ? 'unlisted' : 'nothing_listed';
}

/** Settle coins of the instruments, as far as the list can be read. Rejects with ExchangeError when no page can be read. */
export async function settleCoins(rest: Rest, category: Category): Promise<readonly string[]> {
  const { value: rows } = await allListed(rest, category);
  return [...new Set(rows.map((row) => textIn(row['settleCoin'])))].filter((coin) => coin !== '');
}

/** Instruments cannot be queried by settle coin, so the whole list is read. */
async function presenceOfCoin(rest: Rest, category: Category, coin: string): Promise<Presence> {
  const list = await allListed(rest, category);
  if (list.value.some((row) => textIn(row['settleCoin']) === coin)) return 'listed';
  // For options, Bybit lists only BTC unless another coin is named.
  if (!isComplete(list) || category === 'option') return 'unknown';
  return list.value.length > 0 ? 'unlisted' : 'nothing_listed';
}

function allListed(rest: Rest, category: Category): Promise<Listing<JsonObject>> {
  return readPages({ path: PATH, limit: PER_PAGE }, (page) => rest.getPublic(PATH, { category, ...page }));
}

/** For a symbol that it does not have, Bybit returns an empty list or an error code. */
async function listedByName(rest: Rest, parameters: JsonObject): Promise<readonly JsonObject[]> {
  try {
    return await listed(rest, parameters);
  } catch (error) {
    if (error instanceof ExchangeError && error.isExchangesWord) return [];
    throw error;
  }
}

async function listed(rest: Rest, parameters: JsonObject): Promise<readonly JsonObject[]> {
  const { result } = await rest.getPublic(PATH, parameters);
  return rowsIn(result['list'], 'instruments-info');
}
