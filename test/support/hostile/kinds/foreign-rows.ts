import type { Kind } from '../kind.ts';
import { randomInt } from '../../../../src/util/random.ts';
import { added, eachRow, EXECUTIONS, HELD_AT_START, list, oneRow, ORDER_ROW, ORDERS, POSITIONS, rows } from './rows.ts';

/** Rows that nobody expects. */
const PHANTOM = 'an order that is only in the list can be canceled by nobody: nothing is ever proven';
export const FOREIGN_ROWS: readonly Kind[] = [
  list(
    ORDERS,
    'order-of-delisted',
    'an order of a symbol that no longer exists is listed',
    added({ ...ORDER_ROW, symbol: 'LUNAUSDT', orderLinkId: 'web-1' }),
  ),
  list(
    ORDERS,
    'order-of-person',
    'an order of a person that cannot be read: qty 1e-3',
    added({ ...ORDER_ROW, orderLinkId: 'web-2', qty: '1e-3' }),
  ),
  list(
    ORDERS,
    'order-side-none',
    'one of the orders has side None',
    oneRow((row) => ({ ...row, side: 'None' })),
  ),
  list(
    ORDERS,
    'order-qty-exponent',
    'one of the orders has its quantity as 1e-3',
    oneRow((row) => ({ ...row, qty: '1e-3' })),
  ),
  list(
    ORDERS,
    'order-status-unknown',
    'one of the orders has a status that no table has',
    oneRow((row, { random }) => ({ ...row, orderStatus: ['Pending', 'constructor', '__proto__', ''][randomInt(random, 4)] })),
  ),
  list(
    ORDERS,
    'order-link-controls',
    'a foreign order whose id holds control characters',
    added({ ...ORDER_ROW, symbol: 'XRPUSDT', orderLinkId: 'web\u001b[2J\n3' }),
  ),
  list(
    ORDERS,
    'order-phantom',
    `an own order that does not exist is listed: ${PHANTOM}`,
    added({ ...ORDER_ROW, orderLinkId: 'mm-ghost-1' }),
  ),
  list(
    ORDERS,
    'order-row-null',
    'a row of the open orders is null',
    rows((all) => [...all, null]),
  ),
  list(
    EXECUTIONS,
    'execution-of-delisted',
    'an execution of a symbol that no longer exists, a delivery',
    added({
      ...ORDER_ROW,
      symbol: 'BTC-31DEC25',
      execId: 'delivery-1',
      execType: 'Delivery',
      execPrice: '50000',
      execQty: '1',
      execTime: '1767225600000',
      execFee: '0',
    }),
  ),
  list(
    EXECUTIONS,
    'execution-qty-nan',
    'one execution has quantity NaN',
    oneRow((row) => ({ ...row, execQty: 'NaN' })),
    { blinds: ['executionList'] },
  ),
  list(
    EXECUTIONS,
    'execution-price-off-grid',
    'an older execution is off today’s grid',
    oneRow((row) => ({ ...row, execPrice: '64951.77' })),
  ),
  list(
    EXECUTIONS,
    'execution-id-again',
    'one execution id twice, with another quantity',
    rows((all) => all.flatMap((row, at) => (at === 0 ? [row, { ...row, execQty: '0.001' }] : [row]))),
  ),
  list(
    POSITIONS,
    'position-of-delisted',
    'a position in a symbol that no longer exists',
    added({ symbol: 'LUNAUSDT', side: 'Buy', size: '5', avgPrice: '1', positionIdx: 0 }),
  ),
  list(
    POSITIONS,
    'position-size-nan',
    'a position has size NaN',
    eachRow((row) => ({ ...row, size: 'NaN' })),
    { blinds: ['positionList'] },
  ),
  list(
    POSITIONS,
    'position-size-zero',
    'every position is said to be flat',
    eachRow((row) => ({ ...row, size: '0', side: '' })),
    { blinds: ['positionList'], excuses: { limit: HELD_AT_START } },
  ),
];
