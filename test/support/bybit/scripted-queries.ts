import { Instruments } from '../../../src/exchange/bybit/rest/instruments.ts';
import { OddRows } from '../../../src/exchange/bybit/codec/odd-rows.ts';
import { PositionLots } from '../../../src/exchange/bybit/codec/position-lots.ts';
import { Queries } from '../../../src/exchange/bybit/rest/queries.ts';
import { Rest } from '../../../src/exchange/bybit/rest/rest.ts';
import { ServerTime } from '../../../src/exchange/bybit/server-time.ts';
import type { WireResponse } from '../../../src/exchange/bybit/wire/wire.ts';
import type { OddRow } from '../../../src/exchange/exchange.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { listIn, objectIn, type JsonObject } from '../../../src/util/json.ts';
import { fixtureJson } from './fixtures.ts';
import { answer, scriptedWire } from './scripted-wire.ts';

export const START = 1_700_000_000_000;
const INSTRUMENTS = listIn(objectIn(fixtureJson('bybit-capture/instruments_info_linear_10.json')['result'])['list']).map(objectIn);

type Answers = Readonly<Record<string, (query: Readonly<Record<string, string>>) => Partial<WireResponse>>>;

/** Queries over a wire whose answers are written in the test, by path. Instruments are those of the capture. */
export function queries(answers: Answers) {
  const clock = new VirtualClock(START);
  const asked: string[] = [];
  const wire = scriptedWire(
    () => clock.monotonic(),
    ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      const path = pathname.slice(4);
      const query = Object.fromEntries(searchParams);
      asked.push(path);
      if (path === 'market/instruments-info') return answer({ list: INSTRUMENTS.filter((row) => row['symbol'] === query['symbol']) });
      const script = answers[path];
      if (script === undefined) throw new Error(`unexpected ${path}`);
      return script(query);
    },
  );
  const serverTime = new ServerTime(clock);
  serverTime.sample(0, START);
  const rest = new Rest({
    wire,
    clock,
    serverTime,
    recvWindowMs: 2000,
    requestTimeoutMs: 3000,
    url: 'http://x',
    credentials: { apiKey: 'k', secret: 's' },
    beforeQuery: undefined,
    onLimit: () => undefined,
    redact: (text: string) => text,
  });
  const instruments = new Instruments(rest, clock);
  const told: OddRow[] = [];
  const odd = new OddRows((row) => {
    told.push(row);
    return true;
  });
  const parts = { rest, clock, serverTime, instruments, odd, positions: new PositionLots() };
  return { sut: new Queries({ ...parts, tellsFees: true }), rest, clock, asked, wire, instruments, told };
}

export const order = (orderId: string, changes: JsonObject = {}): JsonObject => ({
  orderId,
  orderLinkId: `link-${orderId}`,
  symbol: 'BTCUSDT',
  side: 'Buy',
  price: '50000.10',
  qty: '0.010',
  orderStatus: 'New',
  ...changes,
});
export const execution = (execId: string, execTime: number, changes: JsonObject = {}): JsonObject => ({
  execId,
  orderId: 'o',
  symbol: 'BTCUSDT',
  side: 'Buy',
  execPrice: '50000.10',
  execQty: '0.010',
  execType: 'Trade',
  execTime,
  ...changes,
});
