import { isCancel, json, pathOf, THROTTLED, type Fault } from './cancel-scene.ts';

export const TEN_SYMBOLS = [
  'BTCUSDT',
  'ETHUSDT',
  'SOLUSDT',
  'XRPUSDT',
  'DOGEUSDT',
  'BNBUSDT',
  'ADAUSDT',
  'AVAXUSDT',
  'LINKUSDT',
  'LTCUSDT',
];

export const ORDER_COUNTS = [50, 499, 1200];

/** One way in which canceling everything is made hard. */
export interface CancelCell {
  readonly name: string;
  /** A new one for each run: it may remember. */
  readonly fault: () => Fault;
  readonly perOrder?: boolean;
  readonly deadSockets?: boolean;
  /** Nobody can read the exchange's list at the end: then exit 4 is the truth. */
  readonly unreadable?: boolean;
}

const passes: Fault = (_, pass) => pass();
const isBulk = (path: string): boolean => path === 'v5/order/cancel-all';
const BANNED = { status: 403, statusText: 'Forbidden', headers: {}, body: '403, access too frequent' };

export const CANCEL_CELLS: readonly CancelCell[] = [
  { name: 'clean', fault: () => passes },
  {
    name: 'bulk failing',
    fault: () => (request, pass) =>
      isBulk(pathOf(request)) ? Promise.resolve(json({ retCode: 10_000, retMsg: 'Server Timeout' })) : pass(),
  },
  {
    name: 'bulk lying',
    fault: () => (request, pass) =>
      isBulk(pathOf(request)) ? Promise.resolve(json({ retCode: 0, retMsg: 'OK', result: { list: [], success: '1' }, time: 1 })) : pass(),
  },
  { name: '10006 storm', fault: () => (_, pass, random) => (random.uniform() < 0.7 ? Promise.resolve(THROTTLED) : pass()) },
  { name: '403 from the first cancel', fault: bannedFromFirstCancel, unreadable: true },
  { name: 'streams dead', fault: () => passes, deadSockets: true },
  {
    name: 'half time out after effect',
    perOrder: true,
    fault: () => async (request, pass, random) => {
      const answer = await pass();
      return isCancel(pathOf(request)) && random.uniform() < 0.5 ? new Promise(() => undefined) : answer;
    },
  },
];

function bannedFromFirstCancel(): Fault {
  let isBanned = false;
  return (request, pass) => {
    isBanned ||= isCancel(pathOf(request));
    return isBanned ? Promise.resolve(BANNED) : pass();
  };
}
