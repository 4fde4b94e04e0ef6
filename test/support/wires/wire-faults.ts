import type { WireRequest, WireResponse } from '../../../src/exchange/bybit/wire/wire.ts';
import type { Random } from '../../../src/util/random.ts';

/** What the wire does with one request: pass it on, or something that Bybit or the network could do. */
export type Fault = (request: WireRequest, pass: () => Promise<WireResponse>, random: Random) => Promise<WireResponse>;

export const json = (body: object, status = 200): WireResponse => ({ status, statusText: '', headers: {}, body: JSON.stringify(body) });
export const pathOf = ({ url }: WireRequest): string => url.replace(/^http:\/\/[^/]*\/(v5\/[^?]*).*$/, '$1');

export const isCancel = (path: string): boolean => path.startsWith('v5/order/cancel');
export const THROTTLED = json({ retCode: 10_006, retMsg: 'Too many visits!', result: {}, retExtInfo: {}, time: 1_767_225_600_000 });

/** The exchange's own answers of one path, changed. */
export function answering(path: string, change: (result: Record<string, unknown>) => object): Fault {
  return async (request, pass) => {
    const answer = await pass();
    if (pathOf(request) !== path) return answer;
    const body = JSON.parse(answer.body) as { result: Record<string, unknown> };
    return { ...answer, body: JSON.stringify({ ...body, result: { ...body.result, ...change(body.result) } }) };
  };
}
