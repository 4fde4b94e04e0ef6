import { isCancel, json, pathOf, THROTTLED, type Fault } from '../wires/wire-faults.ts';

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

/** One difficulty for a cancel-all. */
export interface CancelCell {
  readonly name: string;
  /** A new one for each run: it may remember. */
  readonly fault: () => Fault;
  readonly perOrder?: boolean;
  readonly deadSockets?: boolean;
  /** Runs until its deadline and ends with exit 4: the exchange's list cannot be read, or an order cannot be canceled. */
  readonly endless?: boolean;
  /** Orders that nothing can cancel, by exchange order id; none unless given. */
  readonly stays?: (exchangeOrderId: string) => boolean;
}

const passes: Fault = (_, pass) => pass();
const isBulk = (path: string): boolean => path === 'v5/order/cancel-all';
const ERROR = json({ retCode: 10_000, retMsg: 'Server Timeout' });
const BANNED = { status: 403, statusText: 'Forbidden', headers: {}, body: '403, access too frequent' };

export const CANCEL_CELLS: readonly CancelCell[] = [
  { name: 'clean', fault: () => passes },
  {
    name: 'bulk failing',
    fault: () => (request, pass) => (isBulk(pathOf(request)) ? Promise.resolve(ERROR) : pass()),
  },
  {
    name: 'bulk lying',
    fault: () => (request, pass) =>
      isBulk(pathOf(request)) ? Promise.resolve(json({ retCode: 0, retMsg: 'OK', result: { list: [], success: '1' }, time: 1 })) : pass(),
  },
  { name: '10006 storm', fault: () => (_, pass, random) => (random.uniform() < 0.7 ? Promise.resolve(THROTTLED) : pass()) },
  { name: '403 from the first cancel', fault: bannedFromFirstCancel, endless: true },
  { name: '403 from the first cancel, streams dead', fault: bannedFromFirstCancel, deadSockets: true, endless: true, stays: () => true },
  { name: 'every other order not to be canceled', fault: () => stubborn, deadSockets: true, endless: true, stays: isStubborn },
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

const MOST_ORDERS = Math.max(...ORDER_COUNTS);
/** Cells that are tested with the most orders also where there is little time. */
const QUICK = ['clean', 'bulk lying', '10006 storm', 'streams dead'];

/** Every cell with every count; `isLong`: what takes long, and is the same with fewer orders. */
export const MATRIX = CANCEL_CELLS.flatMap((cell) =>
  ORDER_COUNTS.map((count) => ({ ...cell, count, isLong: count === MOST_ORDERS && !QUICK.includes(cell.name) })),
);

function bannedFromFirstCancel(): Fault {
  let isBanned = false;
  return (request, pass) => {
    isBanned ||= isCancel(pathOf(request));
    return isBanned ? Promise.resolve(BANNED) : pass();
  };
}

function isStubborn(exchangeOrderId: string): boolean {
  return /[13579bdf]$/.test(exchangeOrderId);
}

/** Only single cancels work, and not all of those. */
const stubborn: Fault = (request, pass) => {
  if (!isCancel(pathOf(request))) return pass();
  const { orderId } = JSON.parse(request.body) as { orderId?: string };
  return orderId === undefined || isStubborn(orderId) ? Promise.resolve(ERROR) : pass();
};
