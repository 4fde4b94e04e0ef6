import { describe, expect, test } from 'vitest';
import { NO_LATENCY } from '../../../../src/simulator/bybit-api/latency.ts';
import { listIn, objectIn, type JsonObject } from '../../../../src/util/json.ts';
import { randomInt, seededRandom } from '../../../../src/util/random.ts';
import { testExchange, type TestExchange, type TestSocket } from '../../../support/exchange/exchange-client.ts';

const ITEM = { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.001', price: '64900', timeInForce: 'PostOnly' };
const ORDER = { category: 'linear', ...ITEM };
const BUCKETS = ['create', 'amend', 'cancel', 'cancel-all', 'create-batch', 'amend-batch', 'cancel-batch'] as const;

/** Requests are one each to whichever bucket: most are about orders that do not exist, and count all the same. */
const bodyOf = (bucket: (typeof BUCKETS)[number]): object =>
  bucket.endsWith('-batch') ? { category: 'linear', request: [{ ...ITEM, orderId: 'none' }] } : { ...ORDER, orderId: 'none' };

const exchange = (): TestExchange => testExchange({ latency: NO_LATENCY });

/** What a client reads off a reply, the same over HTTP and over the trade socket. */
interface Answer {
  readonly code: unknown;
  readonly limit: number;
  readonly left: number;
  readonly resetAt: number;
}

const answerOf = (code: unknown, headers: Readonly<Record<string, unknown>>): Answer => ({
  code,
  limit: Number(headers['X-Bapi-Limit']),
  left: Number(headers['X-Bapi-Limit-Status']),
  resetAt: Number(headers['X-Bapi-Limit-Reset-Timestamp']),
});

const overHttp = async ({ post }: TestExchange, path: string, body: object): Promise<Answer> => {
  const { json, headers } = await post(path, body);
  const codes = listIn(objectIn(json['retExtInfo'])['list']).map((item) => objectIn(item)['code']);
  return answerOf(codes.includes(10006) ? 10006 : json['retCode'], headers);
};

async function overSocket({ clock, pass }: TestExchange, socket: TestSocket, op: string, args: JsonObject): Promise<Answer> {
  socket.send({ op, header: { 'X-BAPI-TIMESTAMP': String(clock.now()) }, args: [args] });
  // In, and out again.
  await pass(0);
  await pass(0);
  const reply = objectIn(socket.messages.at(-1));
  return answerOf(reply['retCode'], objectIn(reply['header']));
}

describe('the limiter', () => {
  test.each(BUCKETS)('%s: bursts of ten in each second are never refused, the eleventh in a rolling second is', async (bucket) => {
    const client = exchange();
    const { clock, pass } = client;
    const random = seededRandom(bucket);
    const path = `/v5/order/${bucket}`;
    const sent: number[] = [];
    const rolling = (): number => sent.filter((at) => at > clock.monotonic() - 1000).length;
    for (let burst = 0; burst < 40; burst += 1) {
      await pass(randomInt(random, 700));
      const room = 10 - rolling();
      for (let i = 0; i < Math.min(room, 1 + randomInt(random, 10)); i += 1) {
        sent.push(clock.monotonic());
        const answer = await overHttp(client, path, bodyOf(bucket));
        expect(answer).toMatchObject({ limit: 10, left: 10 - rolling(), resetAt: clock.now() });
        expect(answer.code).not.toBe(10006);
      }
      if (rolling() < 10) continue;
      const oldest = sent.at(-10) ?? 0;
      const refused = await overHttp(client, path, bodyOf(bucket));
      expect(refused).toEqual({ code: 10006, limit: 10, left: 0, resetAt: clock.now() + oldest + 1000 - clock.monotonic() });
    }
    const [counts, ...others] = client.embedded.venue.ledger(0).counts().buckets;
    expect(counts).toMatchObject({ endpoint: path, product: 'futures', limit: 10, passed: sent.length });
    expect(counts?.worstRollingSecond).toBeGreaterThan(10);
    expect(others).toEqual([]);
  });

  test('HTTP and the trade socket share a bucket, endpoints do not', async () => {
    const client = exchange();
    const socket = await client.authenticated('/v5/trade');
    for (let i = 0; i < 5; i += 1) {
      expect(await overHttp(client, '/v5/order/create', ORDER)).toMatchObject({ code: 0, left: 9 - 2 * i });
      expect(await overSocket(client, socket, 'order.create', ORDER)).toMatchObject({ code: 0, limit: 10, left: 8 - 2 * i });
    }
    const resetAt = client.clock.now() + 1000;
    expect(await overSocket(client, socket, 'order.create', ORDER)).toEqual({ code: 10006, limit: 10, left: 0, resetAt });
    expect(await overHttp(client, '/v5/order/create', ORDER)).toEqual({ code: 10006, limit: 10, left: 0, resetAt });
    const batch = { category: 'linear', request: [ITEM] };
    expect(await overSocket(client, socket, 'order.create-batch', batch)).toMatchObject({ code: 0, left: 9 });
    expect(await overHttp(client, '/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT' })).toMatchObject({ code: 0, left: 9 });
    await client.pass(1000);
    expect(await overSocket(client, socket, 'order.create', ORDER)).toMatchObject({ code: 0, left: 9 });
  });

  test('a batch takes one for each of its orders, and passes as far as it fits', async () => {
    const client = exchange();
    const codesOf = async (size: number): Promise<unknown[]> => {
      const { json } = await client.post('/v5/order/create-batch', {
        category: 'linear',
        request: Array.from({ length: size }, () => ITEM),
      });
      expect(json['retCode']).toBe(0);
      return listIn(objectIn(json['retExtInfo'])['list']).map((item) => objectIn(item)['code']);
    };
    expect(await codesOf(7)).toEqual(Array.from({ length: 7 }, () => 0));
    expect(await codesOf(5)).toEqual([0, 0, 0, 10006, 10006]);
    expect(client.embedded.venue.openOrders(0)).toHaveLength(10);
    expect(client.embedded.venue.ledger(0).counts()).toMatchObject({
      rateLimited: 2,
      buckets: [{ endpoint: '/v5/order/create-batch', arrived: 12, passed: 10, refused: 2, worstRollingSecond: 12 }],
    });
  });

  test('a level raises the limit that the headers tell', async () => {
    const client = testExchange({ latency: NO_LATENCY, limits: 'mm2' });
    for (let i = 0; i < 25; i += 1) {
      expect(await overHttp(client, '/v5/order/create', ORDER)).toMatchObject({ code: 0, limit: 800, left: 799 - i });
    }
  });

  test('more than 600 requests in five seconds shut an address out for ten minutes', async () => {
    const client = exchange();
    const time = () => client.http({ method: 'GET', path: '/v5/market/time' });
    for (let i = 0; i < 600; i += 1) expect((await time()).status).toBe(200);
    expect(await time()).toMatchObject({ status: 403, body: '403, access too frequent' });
    // The orders of the address go the same way; its sockets do not.
    expect((await client.post('/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT' })).status).toBe(403);
    const socket = await client.authenticated('/v5/trade');
    expect(await overSocket(client, socket, 'order.create', ORDER)).toMatchObject({ code: 0 });
    await client.pass(600_000 - 500 - 1);
    expect((await time()).status).toBe(403);
    await client.pass(1);
    expect((await time()).status).toBe(200);
  });
});
