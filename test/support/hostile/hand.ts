import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { sign } from '../../../src/simulator/bybit-api/signature.ts';
import type { Clock } from '../../../src/util/clock.ts';
import { listIn, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../../../src/util/json.ts';

/** Another client of the same account: a person, or a bot that nobody told us of. Its own way is never damaged. */
export interface Hand {
  /** Rests an order far from the market, or takes from it; resolves with whether it was taken. */
  place(order: { readonly orderLinkId: string; readonly side: 'Buy' | 'Sell'; readonly takes?: boolean }): Promise<boolean>;
  cancel(orderLinkId: string): Promise<void>;
  /** What it has placed so far: when, exchange time, by id. */
  readonly placed: ReadonlyMap<string, number>;
}

interface HandParts {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly restUrl: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly symbol: string;
}

export function createHand({ wire, clock, restUrl, apiKey, secret, symbol }: HandParts): Hand {
  const placed = new Map<string, number>();
  const request = async (method: string, path: string, query: string, body: string): Promise<JsonObject> => {
    const timestamp = String(clock.now());
    const headers = {
      'content-type': 'application/json',
      'X-BAPI-API-KEY': apiKey,
      'X-BAPI-TIMESTAMP': timestamp,
      'X-BAPI-RECV-WINDOW': '10000',
      'X-BAPI-SIGN': sign(secret, `${timestamp}${apiKey}10000${query}${body}`),
    };
    const url = `${restUrl}/${path}${query === '' ? '' : `?${query}`}`;
    const answer = await wire.request({ method, url, headers, body }).catch(() => undefined);
    return objectIn(parseJson(answer?.body ?? ''));
  };
  let terms: { readonly tick: string; readonly lot: string } | undefined;
  const row = async (path: string): Promise<JsonObject> => {
    const { result } = await request('GET', path, `category=linear&symbol=${symbol}`, '');
    return objectIn(listIn(objectIn(result)['list'])[0]);
  };
  return {
    placed,
    async place({ orderLinkId, side, takes = false }) {
      if (terms === undefined) {
        const instrument = await row('v5/market/instruments-info');
        terms = {
          tick: textIn(objectIn(instrument['priceFilter'])['tickSize']),
          lot: textIn(objectIn(instrument['lotSizeFilter'])['minOrderQty']),
        };
      }
      const mark = numberIn((await row('v5/market/tickers'))['markPrice']);
      if (mark === undefined) return false;
      const tick = Number(terms.tick);
      const away = takes ? -0.002 : 0.006;
      const price = Math.round((mark * (side === 'Buy' ? 1 - away : 1 + away)) / tick) * tick;
      const lot = Number(terms.lot);
      const quantity = Math.ceil(60 / price / lot) * lot;
      const body = JSON.stringify({
        category: 'linear',
        symbol,
        side,
        orderType: 'Limit',
        timeInForce: takes ? 'IOC' : 'PostOnly',
        price: price.toFixed(decimals(terms.tick)),
        qty: quantity.toFixed(decimals(terms.lot)),
        orderLinkId,
      });
      placed.set(orderLinkId, clock.now());
      return (await request('POST', 'v5/order/create', '', body))['retCode'] === 0;
    },
    async cancel(orderLinkId) {
      await request('POST', 'v5/order/cancel', '', JSON.stringify({ category: 'linear', symbol, orderLinkId }));
    },
  };
}

function decimals(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}
