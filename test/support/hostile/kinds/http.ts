import type { WireResponse } from '../../../../src/exchange/bybit/wire/wire.ts';
import { isObject, parseJson } from '../../../../src/util/json.ts';
import { isWithin, pause } from '../hostility.ts';
import type { Call, DealCall, Kind, Tools } from '../kind.ts';

/** What may happen to a request of HTTP. */
const every = (): boolean => true;
export const isRead = ({ request, path }: Call): boolean => request.method === 'GET' && path !== 'v5/market/time';
export const never = (): Promise<WireResponse> => new Promise(() => undefined);
export const RARE = [0.03, 0.1, 0.3];

export function http(
  group: string,
  name: string,
  does: string,
  deal: DealCall,
  more: Partial<Pick<Kind, 'rates'>> & { at?: (call: Call) => boolean } = {},
): Kind {
  const { at = every, ...rest } = more;
  return { name, group, does, deals: 'call', at, deal, ...rest };
}

export const reply = (status: number, body: string): WireResponse => ({ status, statusText: '', headers: {}, body });
export const json = (body: object, status = 200): WireResponse => reply(status, JSON.stringify(body));
export const code = (retCode: number, retMsg: string): WireResponse =>
  json({ retCode, retMsg, result: {}, retExtInfo: {}, time: 1_767_225_600_000 });
export const HTML = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** The exchange acts, and something else is answered. */
export const instead =
  (answer: (tools: Tools) => WireResponse): DealCall =>
  async (next, tools) => {
    await next();
    return answer(tools);
  };
/** The exchange never hears of it. */
export const without =
  (answer: (tools: Tools) => WireResponse): DealCall =>
  async (_, tools) => {
    await pause(tools, 5, 50);
    return answer(tools);
  };
export const rewritten =
  (change: (body: string, tools: Tools) => string): DealCall =>
  async (next, tools) => {
    const response = await next();
    return { ...response, body: change(response.body, tools) };
  };
export const field = (change: (body: Record<string, unknown>, tools: Tools) => Record<string, unknown>): DealCall =>
  rewritten((body, tools) => {
    const parsed = parseJson(body);
    return isObject(parsed) ? JSON.stringify(change({ ...parsed }, tools)) : body;
  });

/** From the first strike of a phase on, for so many seconds, every request is answered so. */
export const shutFor = (least: number, most: number, answer: WireResponse): DealCall => {
  return async (next, tools) => {
    if (!isWithin(tools, least, most)) return next();
    await pause(tools, 2, 20);
    return answer;
  };
};
