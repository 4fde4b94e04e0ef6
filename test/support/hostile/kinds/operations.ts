import { randomInt } from '../../../../src/util/random.ts';
import type { JsonObject } from '../../../../src/util/json.ts';
import { textIn } from '../../../../src/util/json.ts';
import { isWithin, pause } from '../hostility.ts';
import type { DealOperation, Kind, Operation, Tools } from '../kind.ts';

/** Creates, amends and cancels, whichever way they take: what is answered and what is done. */
const RARE = [0.03, 0.1, 0.3];

function on(
  names: Operation['name'] | readonly Operation['name'][],
  name: string,
  does: string,
  deal: DealOperation,
  more: Partial<Kind> = {},
): Kind {
  const list = typeof names === 'string' ? [names] : names;
  return {
    name,
    group: 'orders',
    does,
    rates: RARE,
    ...more,
    deals: 'operation',
    at: (operation) => list.includes(operation.name),
    deal,
  };
}

const lost: DealOperation = () => Promise.resolve(undefined);
const muted: DealOperation = (next) => next().then(() => undefined);
const delayed =
  (least: number, most: number): DealOperation =>
  async (next, tools) => {
    await pause(tools, least, most);
    return next();
  };
const answered =
  (retCode: number, retMsg: string): DealOperation =>
  async (_, tools, operation) => {
    await pause(tools, 5, 60);
    return operation.answer(retCode, retMsg);
  };
const acted =
  (retCode: number, retMsg: string): DealOperation =>
  async (next, _, operation) => {
    await next();
    return operation.answer(retCode, retMsg);
  };
const claimed: DealOperation = async (_, tools, operation) => {
  await pause(tools, 5, 60);
  return operation.answer(0, 'OK', named(operation, tools));
};

function named({ parameters }: Operation, { random }: Tools): JsonObject {
  const orderId = textIn(parameters['orderId']) || `f${randomInt(random, 1e9).toString(16)}-0000`;
  return { orderId, orderLinkId: textIn(parameters['orderLinkId']) };
}

/** Taken in words, then rejected in fact. */
const rejected: DealOperation = async (_, tools, operation) => {
  await pause(tools, 5, 60);
  const names = named(operation, tools);
  const at = tools.clock.now();
  tools.clock.schedule(tools.between(5, 500), () => {
    tools.say('private', { id: 'x', topic: 'order', creationTime: at, data: [rejectedRow(operation, names, at)] });
  });
  return operation.answer(0, 'OK', names);
};

function rejectedRow({ parameters }: Operation, names: JsonObject, at: number): JsonObject {
  return {
    category: 'linear',
    ...names,
    symbol: parameters['symbol'],
    side: parameters['side'],
    price: parameters['price'],
    qty: parameters['qty'],
    cumExecQty: '0',
    leavesQty: '0',
    timeInForce: parameters['timeInForce'],
    orderType: 'Limit',
    orderStatus: 'Rejected',
    rejectReason: 'EC_PostOnlyWillTakeLiquidity',
    cancelType: 'UNKNOWN',
    stopOrderType: '',
    createdTime: String(at),
    updatedTime: String(at),
  };
}

const orderId =
  (change: (id: string, tools: Tools) => string): DealOperation =>
  async (next, tools) => {
    const reply = await next();
    if (reply === undefined) return undefined;
    const change_ = (value: unknown): unknown => {
      const row = value as JsonObject | undefined;
      return row !== undefined && typeof row['orderId'] === 'string' ? { ...row, orderId: change(row['orderId'], tools) } : value;
    };
    return { ...reply, ...('data' in reply ? { data: change_(reply['data']) } : { result: change_(reply['result']) }) };
  };

/** From the first strike of a phase on, for a time. */
const forSeconds =
  (least: number, most: number, deal: DealOperation): DealOperation =>
  (next, tools, operation) =>
    isWithin(tools, least, most) ? deal(next, tools, operation) : next();
const EVERY = ['create', 'amend', 'cancel', 'cancel-all', 'cancel-batch'] as const;

export const OPERATIONS: readonly Kind[] = [
  on('create', 'create-lost', 'a create never arrives', lost),
  on('create', 'create-answer-lost', 'a create is accepted, its answer is lost', muted),
  on('create', 'create-acked-and-gone', 'a create is acknowledged and never arrives, no word of it', claimed, { rates: [0.03, 0.1] }),
  on('create', 'create-acked-then-rejected', 'a create is acknowledged, then the stream says that it was rejected', rejected),
  on('create', 'create-slow', 'a create arrives up to 1.9 s later', delayed(100, 1900)),
  on('create', 'create-late', 'a create arrives 2 to 6 s later', delayed(2000, 6000)),
  on('create', 'create-twice', 'a create is delivered twice; the second answer counts', async (next) => {
    await next();
    return next();
  }),
  on('create', 'create-error-but-accepted', 'a create is answered 10016 and rests', acted(10_016, 'Internal System Error.')),
  on(
    'create',
    'create-duplicate-code',
    '110072, duplicate id, to a first create that never arrives',
    answered(110_072, 'OrderLinkedID is duplicate'),
  ),
  on('create', 'create-refused-in-row', 'creates are refused for margin', answered(110_007, 'ab not enough for new order')),
  on('create', 'create-unlisted-code', 'creates are refused with a code that no table has', answered(110_132, 'account in liquidation')),
  on(
    'create',
    'ack-without-id',
    'an accepted create is answered without an order id',
    orderId(() => ''),
  ),
  on(
    'create',
    'ack-of-another',
    'an accepted create is answered with another order’s id',
    orderId((id) => `${id.slice(0, -4)}beef`),
    { rates: [0.03, 0.1] },
  ),
  on('create', 'create-answer-late', 'a create’s answer comes after our deadline', async (next, tools) => {
    const reply = await next();
    await pause(tools, 1600, 6000);
    return reply;
  }),
  on('create', 'create-answer-twice-out', 'a create’s answer is overtaken by 2 s of everything else', async (next, tools) => {
    const reply = await next();
    await pause(tools, 300, 1400);
    return reply;
  }),
  on('cancel', 'cancel-lost', 'a cancel never arrives', lost),
  on('cancel', 'cancel-acked-not-done', 'a cancel is acknowledged and never done: the order may fill', claimed),
  on('cancel', 'cancel-answer-lost', 'a cancel is done, its answer is lost', muted),
  on('cancel', 'cancel-slow', 'a cancel arrives up to 1.9 s later', delayed(100, 1900)),
  on('cancel', 'cancel-late', 'a cancel arrives 2 to 6 s later', delayed(2000, 6000)),
  on('cancel', 'cancel-error', 'a cancel is answered 10000 and not done', answered(10_000, 'Server Timeout')),
  on('cancel', 'cancel-error-but-done', 'a cancel is answered 10016 and done', acted(10_016, 'Internal System Error.')),
  on('cancel', 'cancel-said-gone', '110001 to a cancel whose order rests', answered(110_001, 'order not exists or too late to cancel'), {
    rates: [0.03, 0.1],
  }),
  on('amend', 'amend-lost', 'an amend never arrives', lost),
  on('amend', 'amend-acked-not-done', 'an amend is acknowledged and never done', claimed),
  on('amend', 'amend-answer-lost', 'an amend is done, its answer is lost', muted),
  on('amend', 'amend-late', 'an amend arrives 1 to 4 s later', delayed(1000, 4000)),
  on('amend', 'amend-error-but-done', 'an amend is answered 10016 and done', acted(10_016, 'Internal System Error.')),
  on('amend', 'amend-refused', 'amends are refused', answered(110_079, 'The order is processing and can not be operated')),
  on(
    'cancel-all',
    'bulk-lies',
    'the bulk call says success and does nothing',
    async (_, tools, operation) => {
      await pause(tools, 5, 60);
      return operation.answer(0, 'OK', { list: [], success: '1' });
    },
    { rates: [0.3, 1] },
  ),
  on('cancel-all', 'bulk-fails', 'the bulk call does nothing and says 10000', answered(10_000, 'Server Timeout'), { rates: [0.3, 1] }),
  on(
    'cancel-all',
    'bulk-denies',
    'the bulk call cancels and says success 0',
    async (next) => {
      const reply = await next();
      return reply === undefined ? undefined : { ...reply, result: { list: [], success: '0' } };
    },
    { rates: [0.3, 1] },
  ),
  on(
    'cancel-batch',
    'batch-lies',
    'a batch of cancels is accepted and not done',
    async (_, tools, operation) => {
      await pause(tools, 5, 60);
      const request = operation.parameters['request'];
      const list = (Array.isArray(request) ? request : []).map(() => ({ code: 0, msg: 'OK' }));
      return { ...operation.answer(0, 'OK', { list: [] }), retExtInfo: { list } };
    },
    { rates: [0.3, 1], scenario: 'cancel-all' },
  ),
  on(['create', 'cancel', 'amend'], 'order-entry-throttled', '10006 to creates, amends and cancels', answered(10_006, 'Too many visits!')),
  on(
    ['create', 'cancel', 'amend'],
    'order-entry-restarts',
    '10019: the trade service restarts',
    answered(10_019, 'service is restarting'),
    { rates: [0.03] },
  ),
  on(
    ['create', 'cancel', 'amend'],
    'order-entry-banned',
    '10403: the trade socket is over its limit',
    answered(10_403, 'exceeds the IP limit'),
    { rates: [0.03] },
  ),
  on(
    ['cancel', 'cancel-all', 'cancel-batch'],
    'cancels-fail',
    'no cancel works by any way for 5 to 30 s: 10016',
    forSeconds(5, 30, answered(10_016, 'Internal System Error.')),
    { rates: [1] },
  ),
  on(EVERY, 'order-entry-silent', 'no create, amend or cancel is answered or done for 5 to 30 s', forSeconds(5, 30, lost), { rates: [1] }),
];
