import { sign } from '../../../src/simulator/bybit-api/signature.ts';
import type { RunningExchange } from '../program/running.ts';

interface Row {
  readonly [field: string]: string;
}

const BATCH = 10;
let ids = 0;

/** Rests `count` bids 0.5% under the mark, spread over `symbols`, through the exchange's public API. Its rate limits must be off. */
export async function restOrders(exchange: RunningExchange, count: number, symbols: readonly string[], prefix = 'mm-rest-'): Promise<void> {
  const terms = await Promise.all(symbols.map((symbol) => termsOf(exchange.restUrl, symbol)));
  const orders = Array.from({ length: count }, (_, i) => {
    const { symbol, tick, tickText, mark, lot, lotText, least } = terms[i % terms.length] ?? never();
    const price = Math.floor((mark * 0.995) / tick) - Math.floor(i / terms.length);
    const quantity = Math.ceil(Math.max(least / lot, 6 / (price * tick) / lot));
    return {
      symbol,
      side: 'Buy',
      orderType: 'Limit',
      timeInForce: 'PostOnly',
      qty: (quantity * lot).toFixed(decimalsOf(lotText)),
      price: (price * tick).toFixed(decimalsOf(tickText)),
      orderLinkId: `${prefix}${(ids += 1)}`,
    };
  });
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, i) => orders.slice(i * BATCH, (i + 1) * BATCH));
  for (const request of batches) {
    const reply = await signedPost(exchange, '/v5/order/create-batch', { category: 'linear', request });
    const codes = (reply.retExtInfo?.list ?? []).map(({ code }) => code);
    if (reply.retCode !== 0 || codes.some((code) => code !== 0))
      throw new Error(`an order was refused: ${JSON.stringify(reply).slice(0, 500)}`);
  }
  while ((await exchange.openOrders()).length < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

interface Reply {
  readonly retCode: number;
  readonly retExtInfo?: { readonly list?: readonly { readonly code: number }[] };
}

async function signedPost({ restUrl, env }: RunningExchange, path: string, content: object): Promise<Reply> {
  const { BYBIT_API_KEY: apiKey = '', BYBIT_API_SECRET: secret = '' } = env;
  const [body, timestamp] = [JSON.stringify(content), String(Date.now())];
  const headers = {
    'content-type': 'application/json',
    'X-BAPI-API-KEY': apiKey,
    'X-BAPI-TIMESTAMP': timestamp,
    'X-BAPI-RECV-WINDOW': '5000',
    'X-BAPI-SIGN': sign(secret, `${timestamp}${apiKey}5000${body}`),
  };
  return (await (await fetch(`${restUrl}${path}`, { method: 'POST', headers, body })).json()) as Reply;
}

/** What an order on this symbol needs. */
export async function termsOf(restUrl: string, symbol: string) {
  const ask = async (path: string): Promise<Record<string, unknown>> => {
    const reply = (await (await fetch(`${restUrl}/v5/market/${path}?category=linear&symbol=${symbol}`)).json()) as {
      result: { list: Record<string, unknown>[] };
    };
    return reply.result.list[0] ?? never();
  };
  const [ticker, instrument] = await Promise.all([ask('tickers'), ask('instruments-info')]);
  const { tickSize = '' } = instrument['priceFilter'] as Row;
  const { qtyStep = '', minOrderQty = '' } = instrument['lotSizeFilter'] as Row;
  const sizes = { tick: Number(tickSize), tickText: tickSize, lot: Number(qtyStep), lotText: qtyStep, least: Number(minOrderQty) };
  return { symbol, mark: Number(ticker['markPrice']), ...sizes };
}

export function decimalsOf(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}

function never(): never {
  throw new Error('an answer without a row');
}
