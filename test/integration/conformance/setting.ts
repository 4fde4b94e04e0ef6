import { atoms } from '../../../src/model/units.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer, type RunningServer } from '../../../src/simulator/server.ts';
import type { KeyPair } from '../../../src/simulator/bybit-api/keys.ts';
import { steadyLatency } from '../../../src/simulator/bybit-api/latency.ts';
import { sign } from '../../../src/simulator/bybit-api/signature.ts';
import { at } from '../../../src/util/array.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { listIn, objectIn, parseJson, textIn, type JsonObject } from '../../../src/util/json.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { WireTap } from '../../support/wires/tapped-surface.ts';

export const CLIENTS = ['ccxt', 'bybit-api'] as const;
export type ClientName = (typeof CLIENTS)[number];

/** A client's own way to the exchange: every byte of it passes the tap. */
export interface Seat {
  readonly keys: KeyPair;
  readonly server: RunningServer;
  readonly tap: WireTap;
  /**
   * Places an order that is to rest close to the best price, and has the rest of the market trade with it until it is filled; again
   * where the price came first and a PostOnly order was canceled. Resolves to the id of the one that was filled.
   */
  fillOne(category: Category, place: (attempt: number) => Promise<string>): Promise<string>;
}

export type Category = 'linear' | 'spot';

export interface Setting {
  readonly seats: Readonly<Record<ClientName, Seat>>;
  close(): Promise<void>;
}

/** The third account: whoever fills what the clients place. */
const COUNTERPARTY = 2;
const MOST_ATTEMPTS = 10;
/** More than waits before an order close to the best price. */
const SIZE: Readonly<Record<Category, string>> = { linear: '60', spot: '20' };

/** One exchange with a market that hardly moves, and a server for each client. */
export async function openSetting(): Promise<Setting> {
  const embedded = createEmbeddedExchange({
    clock: systemClock,
    random: seededRandom('conformance'),
    symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT'],
    spotSymbols: ['BTCUSDT'],
    market: 'calm',
    accounts: 3,
    limits: 'mm1',
    dcp: true,
    latency: steadyLatency(1, 0),
    deposit: atoms(10_000_000 * 1e8),
  });
  const seat = async (account: number): Promise<Seat> => {
    const tap = new WireTap();
    const server = await startServer(tap.around(embedded.surface), { host: '127.0.0.1', port: 0 });
    return { keys: at(embedded.keys, account), server, tap, fillOne: (...order) => fillOne(embedded, account, ...order) };
  };
  const seats = { ccxt: await seat(0), 'bybit-api': await seat(1) };
  embedded.start();
  return {
    seats,
    async close() {
      embedded.stop();
      for (const { server } of Object.values(seats)) await server.close();
    },
  };
}

async function fillOne(
  embedded: EmbeddedExchange,
  account: number,
  category: Category,
  place: (attempt: number) => Promise<string>,
): Promise<string> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const orderId = await place(attempt);
    if ((await fill(embedded, account, category, orderId)) === 'Filled') return orderId;
  }
  throw new Error(`no order rested long enough to be filled in ${MOST_ATTEMPTS} attempts`);
}

/** How it ended. */
async function fill(embedded: EmbeddedExchange, account: number, category: Category, orderId: string): Promise<string> {
  for (;;) {
    const query = `category=${category}&${category === 'linear' ? 'settleCoin=USDT&' : ''}orderId=${orderId}`;
    const { result } = await call(embedded, account, { method: 'GET', path: '/v5/order/realtime', query });
    const row = objectIn(listIn(objectIn(result)['list'])[0]);
    const status = textIn(row['orderStatus']);
    if (status !== 'New' && status !== 'PartiallyFilled') return status;
    const terms = { category, symbol: row['symbol'], price: row['price'], qty: SIZE[category], orderType: 'Limit', timeInForce: 'IOC' };
    const body = JSON.stringify({ ...terms, side: row['side'] === 'Buy' ? 'Sell' : 'Buy' });
    const { retCode, retMsg } = await call(embedded, COUNTERPARTY, { method: 'POST', path: '/v5/order/create', body });
    if (retCode !== 0) throw new Error(`the counterparty was refused: ${textIn(retCode)} ${textIn(retMsg)}`);
  }
}

interface SignedCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: string;
  readonly body?: string;
}

/** Past the taps. */
async function call({ surface, keys }: EmbeddedExchange, account: number, request: SignedCall): Promise<JsonObject> {
  const { method, path, query = '', body = '' } = request;
  const { apiKey, secret } = at(keys, account);
  const timestamp = String(systemClock.now());
  const headers = {
    'x-bapi-api-key': apiKey,
    'x-bapi-timestamp': timestamp,
    'x-bapi-recv-window': '5000',
    'x-bapi-sign': sign(secret, `${timestamp}${apiKey}5000${method === 'GET' ? query : body}`),
  };
  const response = await surface.http({ method, path, query, headers, body, address: 'counterparty' });
  return objectIn(parseJson(response.body));
}
