import { textIn, type JsonObject } from '../../../../src/util/json.ts';
import { randomInt } from '../../../../src/util/random.ts';
import type { DealAnswer, Kind } from '../kind.ts';
import { EXECUTIONS, HISTORY, HELD_AT_START, list, ORDER_ROW, ORDERS, POSITIONS, rows, rowsOf, withRows } from './rows.ts';

/** Lists that are too short, too long, or too old. */
const LONGEST_LAG_MS = 30_000;
/** The answer that was true some time ago. */
const late: DealAnswer = (answer, tools, { request }) => {
  const [, query = ''] = request.url.split('?');
  const now = tools.clock.monotonic();
  const lag = Number(tools.memory.get('lag') ?? tools.between(1000, LONGEST_LAG_MS));
  tools.memory.set('lag', lag);
  const kept = (tools.memory.get(query) as { at: number; answer: JsonObject }[] | undefined) ?? [];
  kept.push({ at: now, answer });
  tools.memory.set(query, kept);
  const then = kept.findLast(({ at }) => at <= now - lag);
  return withRows(answer, then === undefined ? [] : rowsOf(then.answer), { nextPageCursor: '' });
};

export const LISTS: readonly Kind[] = [
  list(
    ORDERS,
    'orders-empty',
    'the list of open orders is empty',
    rows(() => []),
    { blinds: ['orderList'] },
  ),
  list(
    ORDERS,
    'orders-partial',
    'the list of open orders lacks half of them',
    rows((all, { random }) => all.filter(() => random.uniform() < 0.5)),
    { blinds: ['orderList'] },
  ),
  list([...ORDERS, ...HISTORY], 'orders-late', 'open orders and history as they were up to 30 s ago', late, {
    blinds: ['orderList'],
    rates: [1],
  }),
  list(
    ORDERS,
    'orders-endless',
    'every page of open orders has another one after it',
    (answer, { random }) => withRows(answer, rowsOf(answer), { nextPageCursor: `more-${randomInt(random, 1e9)}` }),
    { rates: [0.3, 1] },
  ),
  list(
    ORDERS,
    'orders-looping',
    'the cursors of open orders lead back to the first page',
    (answer) => withRows(answer, rowsOf(answer), { nextPageCursor: 'again' }),
    { rates: [0.3, 1], blinds: ['orderList'] },
  ),
  list(
    ORDERS,
    'orders-cut',
    'the list of open orders ends early: one row, and a cursor that leads to none',
    (answer, _, { parameters }) =>
      textIn(parameters['cursor']) === ''
        ? withRows(answer, rowsOf(answer).slice(0, 1), { nextPageCursor: 'end' })
        : withRows(answer, [], { nextPageCursor: '' }),
    { blinds: ['orderList'] },
  ),
  list(
    ORDERS,
    'orders-cursor-number',
    'the cursor of open orders is a number',
    (answer) => withRows(answer, rowsOf(answer), { nextPageCursor: 7 }),
    { rates: [0.1, 0.3] },
  ),
  list(
    ORDERS,
    'orders-doubled',
    'each open order is listed twice',
    rows((all) => [...all, ...all]),
  ),
  {
    name: 'lookups-empty',
    group: 'lists',
    does: 'an order that is asked for by its id is in no list',
    deals: 'answer',
    at: ({ path, parameters }) => [...ORDERS, ...HISTORY].includes(path) && ('orderLinkId' in parameters || 'orderId' in parameters),
    deal: rows(() => []),
    blinds: ['orderList'],
  },
  list(EXECUTIONS, 'executions-late', 'executions as they were up to 30 s ago', late, { blinds: ['executionList'], rates: [1] }),
  list(
    EXECUTIONS,
    'executions-empty',
    'the list of executions is empty',
    rows(() => []),
    { blinds: ['executionList'] },
  ),
  list(
    EXECUTIONS,
    'executions-partial',
    'the list of executions lacks some',
    rows((all, { random }) => all.filter(() => random.uniform() < 0.6)),
    { blinds: ['executionList'] },
  ),
  list(
    EXECUTIONS,
    'executions-endless',
    'every page of executions has another one after it',
    (answer, { random }) =>
      withRows(
        answer,
        rowsOf(answer).length > 0 ? rowsOf(answer) : [{ ...ORDER_ROW, execId: 'x', execType: 'Settle', execQty: '0', execPrice: '0' }],
        { nextPageCursor: `more-${randomInt(random, 1e9)}` },
      ),
    { rates: [1] },
  ),
  list(
    EXECUTIONS,
    'executions-doubled',
    'each execution is listed twice',
    rows((all) => [...all, ...all]),
  ),
  list(
    EXECUTIONS,
    'executions-reversed',
    'executions in another order',
    rows((all) => all.toReversed()),
  ),
  list(POSITIONS, 'positions-late', 'positions as they were up to 30 s ago', late, { blinds: ['positionList'], rates: [1] }),
  list(
    POSITIONS,
    'positions-empty',
    'no position is listed',
    rows(() => []),
    { blinds: ['positionList'], excuses: { limit: HELD_AT_START } },
  ),
  list(
    POSITIONS,
    'positions-doubled',
    'each position is listed twice',
    rows((all) => [...all, ...all]),
  ),
];
