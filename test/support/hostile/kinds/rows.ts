import { listIn, objectIn, type JsonObject } from '../../../../src/util/json.ts';
import { randomInt } from '../../../../src/util/random.ts';
import type { Call, DealAnswer, Kind, Tools } from '../kind.ts';

/** What may happen to a list of the exchange. */
export const ORDERS = ['v5/order/realtime'];
export const HISTORY = ['v5/order/history'];
export const EXECUTIONS = ['v5/execution/list'];
export const POSITIONS = ['v5/position/list'];

type Rows = readonly JsonObject[];

export const rowsOf = (answer: JsonObject): Rows => listIn(objectIn(answer['result'])['list']).map(objectIn);
export const withRows = (answer: JsonObject, list: readonly unknown[], more: JsonObject = {}): JsonObject => ({
  ...answer,
  result: { ...objectIn(answer['result']), list, ...more },
});

export function list(paths: readonly string[], name: string, does: string, deal: DealAnswer, more: Partial<Kind> = {}): Kind {
  return { name, group: 'lists', does, ...more, deals: 'answer', at: ({ path }: Call) => paths.includes(path), deal };
}

export const rows =
  (change: (rows: Rows, tools: Tools) => readonly unknown[]): DealAnswer =>
  (answer, tools) =>
    withRows(answer, change(rowsOf(answer), tools));
export const eachRow = (change: (row: JsonObject, tools: Tools) => JsonObject): DealAnswer =>
  rows((all, tools) => all.map((row) => change(row, tools)));
export const oneRow = (change: (row: JsonObject, tools: Tools) => JsonObject): DealAnswer =>
  rows((all, tools) => {
    const at = randomInt(tools.random, Math.max(1, all.length));
    return all.map((row, index) => (index === at ? change(row, tools) : row));
  });
export const added = (row: JsonObject): DealAnswer => rows((all) => [...all, row]);

/** What was held before the start only this list tells, until the next fill. */
export const HELD_AT_START = 'the position at a start is known from the list of positions alone';

export const ORDER_ROW: JsonObject = {
  orderId: 'feed0000-0000-0000-0000-000000000001',
  orderLinkId: '',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  price: '50000.00',
  qty: '0.010',
  cumExecQty: '0.000',
  leavesQty: '0.010',
  timeInForce: 'GTC',
  orderStatus: 'New',
  stopOrderType: '',
  reduceOnly: false,
  createdTime: '1767225600000',
  updatedTime: '1767225600000',
};
