import { answering, json, pathOf, type Fault } from './wire-faults.ts';

const REALTIME = 'v5/order/realtime';

export const isById = ({ url }: { readonly url: string }): boolean => /order(Link)?Id=/.test(url);
const isList = (request: Parameters<Fault>[0]): boolean => pathOf(request) === REALTIME && !isById(request);
export type Row = Record<string, unknown>;

export function without(row: Row, field: string): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== field));
}

/** The rows of every list of open orders, changed. */
export function rows(change: (list: readonly Row[]) => readonly unknown[]): Fault {
  const changed = answering(REALTIME, (result) => ({ list: change(result['list'] as Row[]) }));
  return (request, pass, random) => (isList(request) ? changed(request, pass, random) : pass());
}

/** Lists of open orders show what was there so long ago; at first nothing, or what was there when they were first asked for. */
export function lateBy(lateMs: number, now: () => number, atFirst: 'nothing' | 'all' = 'nothing'): Fault {
  const past: { readonly at: number; readonly body: string; readonly url: string }[] = [];
  const empty = json({ retCode: 0, retMsg: 'OK', result: { list: [], nextPageCursor: '' }, retExtInfo: {}, time: 1_767_225_600_000 });
  return async (request, pass) => {
    if (!isList(request)) return pass();
    const answer = await pass();
    const scope = request.url.replace(/[?&]cursor=[^&]*/, '');
    past.push({ at: now(), body: answer.body, url: scope });
    const then = past.findLast(({ at, url }) => at <= now() - lateMs && url === scope);
    const shown = then ?? (atFirst === 'all' ? past.find(({ url }) => url === scope) : undefined);
    return shown === undefined ? empty : { ...answer, body: shown.body };
  };
}
