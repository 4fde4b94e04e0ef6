import { isObject, listIn, objectIn, textIn, type JsonObject } from '../../util/json.ts';
import type { Faults } from './faults.ts';

/** Origin of a JSON message. */
export interface Source {
  readonly kind: 'answer' | 'push';
  /** The path of the request, or the topic. */
  readonly path: string;
}

const NUMBER = /^-?\d+(\.\d+)?$/;
/** Fields that may consist of digits but are not numbers. */
const NAMES = new Set(['orderLinkId', 'orderId', 'execId', 'nextPageCursor', 'symbol', 's']);
const HISTORIES = ['/v5/order/history', '/v5/execution/list'];
const HISTORY_LAG_MS = 8000;
const CLOSED = new Set(['Filled', 'Cancelled', 'Rejected', 'Deactivated']);
/** Values that clients do not know. */
const UNKNOWN_WORDS: Readonly<Record<string, string>> = {
  orderStatus: 'Migrated',
  cancelType: 'CancelByMigration',
  rejectReason: 'EC_Migrated',
  positionStatus: 'Migrating',
  createType: 'CreateByMigration',
};
/** Fields that some proxies and some of the exchange’s own services omit. */
const OPTIONAL = ['updatedTime', 'cumExecFee', 'leavesQty', 'avgPrice', 'rejectReason', 'cancelType', 'markPrice', 'isMaker'];

/** `message` with faults injected; the same object if none strikes. */
export function spoiledRows(faults: Faults, source: Source, message: JsonObject): JsonObject {
  let spoiled = message;
  if (source.kind === 'answer') spoiled = spoiledAnswer(faults, source, spoiled);
  if (faults.isOn('unknown-enum'))
    spoiled = onRows(spoiled, (row) => (hasWord(row) && faults.strikes('unknown-enum') ? renamed(row) : row));
  if (faults.isOn('missing-fields')) spoiled = onRows(spoiled, (row) => withoutOne(faults, row));
  if (faults.strikes('numbers-as-numbers')) spoiled = objectIn(asNumbers(spoiled, ''));
  return spoiled;
}

function spoiledAnswer(faults: Faults, { path }: Source, message: JsonObject): JsonObject {
  let spoiled = message;
  if (HISTORIES.includes(path) && faults.strikes('history-lag')) spoiled = withoutNewest(spoiled);
  if (path === '/v5/order/realtime' && faults.strikes('restart-wipes-closed'))
    spoiled = keepRows(spoiled, (row) => !CLOSED.has(textIn(row['orderStatus'])));
  if (Array.isArray(objectIn(spoiled['result'])['list']) && faults.strikes('null-list')) {
    spoiled = { ...spoiled, result: { ...objectIn(spoiled['result']), list: null } };
  }
  if (faults.strikes('code-as-text')) {
    const { retCode, ...rest } = spoiled;
    spoiled = faults.draw('code-as-text') < 0.7 ? { ...spoiled, retCode: textIn(retCode) } : rest;
  }
  return spoiled;
}

/** Changes the rows of an answer (`result.list`) or of a push (`data`). */
function onRows(message: JsonObject, change: (row: JsonObject) => JsonObject): JsonObject {
  const changed = (list: unknown): unknown => (Array.isArray(list) ? listIn(list).map((row) => (isObject(row) ? change(row) : row)) : list);
  if (isObject(message['result'])) return { ...message, result: { ...message['result'], list: changed(message['result']['list']) } };
  return 'data' in message ? { ...message, data: changed(message['data']) } : message;
}

function keepRows(message: JsonObject, isKept: (row: JsonObject) => boolean): JsonObject {
  const result = objectIn(message['result']);
  return { ...message, result: { ...result, list: listIn(result['list']).filter((row) => isKept(objectIn(row))) } };
}

function withoutNewest(message: JsonObject): JsonObject {
  const newest = Number(message['time']) - HISTORY_LAG_MS;
  return keepRows(message, (row) => Number(row['execTime'] ?? row['updatedTime']) <= newest);
}

function hasWord(row: JsonObject): boolean {
  return Object.keys(UNKNOWN_WORDS).some((field) => field in row);
}

function renamed(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([field, value]) => [field, UNKNOWN_WORDS[field] ?? value]));
}

/** Removes one optional field of the row, or sets it to `''`. */
function withoutOne(faults: Faults, row: JsonObject): JsonObject {
  const present = OPTIONAL.filter((field) => field in row);
  if (present.length === 0 || !faults.strikes('missing-fields')) return row;
  const field = present[Math.floor(faults.draw('missing-fields') * present.length)] ?? '';
  const { [field]: _gone, ...rest } = row;
  return faults.draw('missing-fields') < 0.5 ? rest : { ...rest, [field]: '' };
}

function asNumbers(value: unknown, name: string): unknown {
  if (typeof value === 'string') return NUMBER.test(value) && !NAMES.has(name) ? Number(value) : value;
  if (Array.isArray(value)) return listIn(value).map((item) => asNumbers(item, name));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([field, item]) => [field, asNumbers(item, field)])) : value;
}
