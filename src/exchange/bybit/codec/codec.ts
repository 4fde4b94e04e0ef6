import type { FeeRates, Instrument } from '../../../model/instrument.ts';
import type { Fill, NewOrder, OrderReport, Side } from '../../../model/order.ts';
import type { FundingPayment } from '../../../model/position.ts';
import { ATOMS_PER_COIN, atoms, lots, ticks, type Atoms, type Lots, type Ticks } from '../../../model/units.ts';
import { decimal, parseDecimal, subtract } from '../../../util/decimal.ts';
import { formatSteps } from '../../../model/grid.ts';
import { isObject, listIn, numberIn, objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { Ack, KeyFacts, OrderRef, PositionReport, WalletReport } from '../../exchange.ts';
import { excerpt } from '../../../util/excerpt.ts';
import { balanceIn, feeIn, idIn, instantIn, nearestTicks, rateIn, stepsIn, unreadable, type OffGrid } from './decimal-fields.ts';
import { extraFeesIn } from './extra-fees.ts';
import { PositionLots } from './position-lots.ts';

/** Codec for Bybit's account messages (market data: market-codec.ts). Readers throw ExchangeError for unreadable values. */

const STATUSES: ReadonlyMap<string, OrderReport['status']> = new Map([
  ['Filled', 'filled'],
  ['Cancelled', 'canceled'],
  ['PartiallyFilledCanceled', 'canceled'],
  ['Deactivated', 'canceled'],
  ['Rejected', 'rejected'],
]);

const KINDS: ReadonlyMap<string, OrderReport['kind']> = new Map([
  ['', 'plain'],
  ['UNKNOWN', 'plain'],
  ['TakeProfit', 'tpsl'],
  ['StopLoss', 'tpsl'],
  ['PartialTakeProfit', 'tpsl'],
  ['PartialStopLoss', 'tpsl'],
  ['TrailingStop', 'tpsl'],
  ['tpslOrder', 'tpsl'],
  ['OcoOrder', 'tpsl'],
  ['BidirectionalTpslOrder', 'tpsl'],
]);

/** Of spot orders, which their own filter must name also when they are in the book. */
const SPOT_STOPS = new Set(['tpslOrder', 'OcoOrder', 'BidirectionalTpslOrder']);
const IN_BOOK = new Set(['New', 'PartiallyFilled']);

const POST_ONLY = 'PostOnly';

const NOTHING = decimal('0');

/** Values that mean "no reason". */
const NO_REASON = new Set(['', 'UNKNOWN', 'EC_NoError']);

/** Parameters of `order/create`. */
export function createParameters(order: NewOrder, instrument: Instrument): JsonObject {
  return {
    category: 'linear',
    symbol: order.symbol,
    side: order.side === 'buy' ? 'Buy' : 'Sell',
    orderType: 'Limit',
    qty: formatSteps(order.quantity, instrument.lot),
    price: formatSteps(order.price, instrument.tick),
    timeInForce: order.postOnly ? POST_ONLY : 'GTC',
    positionIdx: 0,
    orderLinkId: order.clientOrderId,
    ...(order.reduceOnly ? { reduceOnly: true } : {}),
  };
}

/** Identifies the order, by the exchange order id when it is known. */
export function refParameters({ symbol, clientOrderId, exchangeOrderId }: OrderRef): JsonObject {
  const id = exchangeOrderId === undefined || exchangeOrderId === '' ? { orderLinkId: clientOrderId } : { orderId: exchangeOrderId };
  return { category: 'linear', symbol, ...id };
}

/** Reads the acknowledgment of an accepted request; it must contain the order id. */
export function ackIn(value: unknown): Ack {
  const row = objectIn(value);
  const exchangeOrderId = idIn(row['orderId']);
  if (exchangeOrderId === '') throw unreadable('accepted without an order id');
  return { exchangeOrderId, clientOrderId: textIn(row['orderLinkId']) };
}

/** Throws when the list is missing: it must never be read as an empty list. */
export function rowsIn(list: unknown, what: string): readonly JsonObject[] {
  if (!Array.isArray(list)) throw unreadable(`${what} without a list`);
  return listIn(list).map((row) => {
    if (!isObject(row)) throw unreadable(`${what} with a row that is no object`);
    return row;
  });
}

/** The data needed to read rows: the symbol and its tick and lot size at the time of the row. */
export type RowInstrument = Pick<Instrument, 'symbol' | 'tick' | 'lot' | 'settleCoin'>;

const unheard: OffGrid = () => undefined;

/**
 * Reads a row of `order/realtime`, `order/history` or the `order` topic. Off-grid values are rounded: price and executed quantity down,
 * the order's quantity up.
 */
export function orderReportIn(row: JsonObject, instrument: RowInstrument, onOffGrid: OffGrid = unheard): OrderReport {
  const exchangeOrderId = idIn(row['orderId']);
  if (exchangeOrderId === '') throw unreadable('order row without orderId');
  const createdAt = instantIn(row['createdTime']) ?? 0;
  const kind = kindIn(row);
  const price = stepsIn(row['price'], instrument.tick, 'order price', 'down', onOffGrid);
  const quantity = stepsIn(row['qty'], instrument.lot, 'order qty', 'up', onOffGrid);
  // Only stops that close a whole position have no quantity; a plain order without one would be read as filled.
  if (quantity === 0 && kind === 'plain') throw unreadable('order row without qty');
  const filled = stepsIn(row['cumExecQty'], instrument.lot, 'order cumExecQty', 'down', onOffGrid);
  if (filled > quantity && kind === 'plain') throw unreadable('order row with more cumExecQty than qty');
  const [status, reason] = [statusIn(row), reasonIn(row)];
  return {
    symbol: instrument.symbol,
    exchangeOrderId,
    clientOrderId: textIn(row['orderLinkId']),
    side: sideIn(row['side']),
    ...reachable(price, quantity, 'order price and qty'),
    filled: lots(filled),
    postOnly: textIn(row['timeInForce']) === POST_ONLY,
    reduceOnly: row['reduceOnly'] === true,
    status,
    kind,
    reason,
    // EC_PostOnlyWillTakeLiquidity.
    ...(status === 'canceled' && reason.includes(POST_ONLY) ? { wouldTake: true } : {}),
    createdAt,
    updatedAt: instantIn(row['updatedTime']) ?? createdAt,
  };
}

/** An unknown status is read as `open`: it does not prove that the order is closed. */
export function statusIn(row: JsonObject): OrderReport['status'] {
  return STATUSES.get(textIn(row['orderStatus'])) ?? 'open';
}

/**
 * An unknown kind is read as `conditional`, because it may protect a position. A triggered stop keeps its type, but it is in the book, filled
 * and canceled like any other order. A stop without a quantity closes the whole position and is never in the book.
 */
export function kindIn(row: JsonObject): OrderReport['kind'] {
  const type = textIn(row['stopOrderType']);
  const isInBook = IN_BOOK.has(textIn(row['orderStatus'])) && !SPOT_STOPS.has(type) && !['', '0'].includes(textIn(row['qty']));
  return isInBook ? 'plain' : (KINDS.get(type) ?? 'conditional');
}

/** Execution types that change a position: our trades and those forced by the exchange. */
const POSITION_CHANGES = new Set(['Trade', 'BustTrade', 'AdlTrade', 'BlockTrade', 'MovePosition', 'FutureSpread']);

/** Whether a row of `execution/list` or the `execution` topic is a trade: not funding, settlement or the like. */
export function isFill(row: JsonObject): boolean {
  return POSITION_CHANGES.has(textIn(row['execType']));
}

/**
 * Reads a row of that list or topic; undefined when it is not a trade. Off-grid values are rounded, the price to the nearest tick and
 * the quantity up, and the original texts are kept in `exact`.
 */
export function fillIn(row: JsonObject, instrument: RowInstrument, onOffGrid: OffGrid = unheard): Fill | undefined {
  if (!isFill(row)) return undefined;
  const fillId = idIn(row['execId']);
  const exchangeOrderId = idIn(row['orderId']);
  const at = instantIn(row['execTime']);
  if (fillId === '' || exchangeOrderId === '' || at === undefined) throw unreadable('execution row without execId, orderId or execTime');
  let isExact = true;
  const noted: OffGrid = (what, text) => {
    isExact = false;
    onOffGrid(what, text);
  };
  const price = stepsIn(row['execPrice'], instrument.tick, 'execPrice', 'nearest', noted);
  const quantity = stepsIn(row['execQty'], instrument.lot, 'execQty', 'up', noted);
  // A price of zero would count as a profit and hide losses from the daily limit.
  if (quantity === 0 || price === 0) throw unreadable('execution row without execPrice or execQty');
  return {
    fillId,
    symbol: instrument.symbol,
    exchangeOrderId,
    clientOrderId: textIn(row['orderLinkId']),
    side: sideIn(row['side']),
    ...reachable(price, quantity, 'execPrice and execQty'),
    ...(isExact ? {} : { exact: { price: textIn(row['execPrice']), quantity: textIn(row['execQty']) } }),
    fee: atoms(executionFee(row, instrument) + extraFeesIn(row, instrument.settleCoin)),
    maker: row['isMaker'] === true,
    at,
    sequence: numberIn(row['seq']),
  };
}

export function isFunding(row: JsonObject): boolean {
  return textIn(row['execType']) === 'Funding';
}

/** Reads a funding row of the same list or topic; undefined for other rows. Its fee is the amount paid. */
export function fundingIn(row: JsonObject, instrument: RowInstrument): FundingPayment | undefined {
  if (!isFunding(row)) return undefined;
  const paymentId = idIn(row['execId']);
  const at = instantIn(row['execTime']);
  if (paymentId === '' || at === undefined) throw unreadable('funding row without execId or execTime');
  return { paymentId, symbol: instrument.symbol, amount: feeIn(row['execFee'], 'execFee'), at };
}

/** Reads a row of `position/list` or the `position` topic. `counted`: how off-grid positions have been rounded so far. */
export function positionIn(row: JsonObject, instrument: RowInstrument, counted = new PositionLots()): PositionReport {
  const size = textIn(row['size']);
  const amount = parseDecimal(size === '' ? '0' : size);
  if (amount === undefined || amount.units < 0n) throw unreadable(`position size is ${size.slice(0, 60)}`);
  const isShort = amount.units !== 0n && sideIn(row['side']) === 'sell';
  const { quantity, isExact } = counted.lotsOf(instrument, isShort ? subtract(NOTHING, amount) : amount);
  // The field is called avgPrice in the query and entryPrice in the stream.
  const entryPrice = numberIn(row['avgPrice']) ?? numberIn(row['entryPrice']) ?? 0;
  if (entryPrice < 0) throw unreadable('avgPrice is negative');
  reachable(Math.round(entryPrice / instrument.tick.size), quantity, 'avgPrice and size');
  return {
    symbol: instrument.symbol,
    quantity: lots(quantity),
    ...(isExact ? {} : { exact: `${isShort ? '-' : ''}${size}` }),
    entryPrice,
    markPrice: nearestTicks(row['markPrice'], instrument.tick),
    sequence: numberIn(row['seq']),
    updatedAt: numberIn(row['updatedTime']),
  };
}

/** Checks the range: price, quantity and also their product must be safe integers. */
function reachable(price: number, quantity: number, what: string): { readonly price: Ticks; readonly quantity: Lots } {
  if (!Number.isSafeInteger(price) || !Number.isSafeInteger(quantity) || !Number.isSafeInteger(price * quantity)) {
    throw unreadable(`${what} are out of range`);
  }
  return { price: ticks(price), quantity: lots(quantity) };
}

/** Reads a row of `wallet-balance` or the `wallet` topic. The account does not hold a coin that is not listed. */
export function walletIn(row: JsonObject, settleCoin: string): WalletReport {
  const coin = rowsIn(row['coin'], 'wallet').find((entry) => entry['coin'] === settleCoin) ?? {};
  const equity = balanceIn(coin['equity'], 'wallet equity');
  const committed = (['locked', 'totalOrderIM', 'totalPositionIM'] as const).map((field) => feeIn(coin[field], `wallet ${field}`));
  const free = Math.max(0, equity - committed.reduce((sum, part) => sum + part, 0));
  const available = textIn(row['totalAvailableBalance']);
  return {
    settleCoin,
    balance: balanceIn(coin['walletBalance'], 'wallet walletBalance'),
    equity,
    available: available === '' ? atoms(free) : balanceIn(available, 'wallet totalAvailableBalance'),
  };
}

/** A row of `account/fee-rate`. */
export function feeRatesIn(row: JsonObject): FeeRates {
  return { maker: rateIn(row['makerFeeRate'], 'makerFeeRate'), taker: rateIn(row['takerFeeRate'], 'takerFeeRate') };
}

function sideIn(value: unknown): Side {
  if (value === 'Buy') return 'buy';
  if (value === 'Sell') return 'sell';
  throw unreadable(`side is ${excerpt(textIn(value), 20)}`);
}

function reasonIn(row: JsonObject): string {
  return ['cancelType', 'rejectReason'].map((field) => textIn(row[field])).find((reason) => !NO_REASON.has(reason)) ?? '';
}

/** Fees may be charged in another coin (MNT): their value in the settle coin is then computed from the rate. */
function executionFee(row: JsonObject, instrument: RowInstrument): Atoms {
  const coin = textIn(row['feeCurrency'] ?? row['feeCoin']);
  if (coin === '' || coin === instrument.settleCoin) return feeIn(row['execFee'], 'execFee');
  const fee = Math.ceil((numberIn(row['execValue']) ?? 0) * (numberIn(row['feeRate']) ?? 0) * ATOMS_PER_COIN);
  if (!Number.isSafeInteger(fee)) throw unreadable('execValue or feeRate');
  return atoms(fee);
}

/** The result of `user/query-api`. */
export function keyFactsIn(result: JsonObject): KeyFacts {
  const permissions = objectIn(result['permissions']);
  const has = (area: string, permission: string): boolean => listIn(permissions[area]).includes(permission);
  const boundAddresses = listIn(result['ips']).filter((address) => address !== '*' && address !== '').length;
  return {
    canTrade: numberIn(result['readOnly']) === 0 && has('ContractTrade', 'Order'),
    canWithdraw: has('Wallet', 'Withdraw'),
    boundAddresses,
    // Only keys without an IP address expire.
    daysLeft: boundAddresses > 0 ? undefined : numberIn(result['deadlineDay']),
    isUnified: numberIn(result['uta']) === 1,
    userId: userIdIn(result),
  };
}

/** The id is a number or its text; 0 means no user. */
export function userIdIn(result: JsonObject): string | undefined {
  const id = result['userID'];
  const text = typeof id === 'number' ? String(id) : textIn(id);
  return /^[1-9]\d*$/.test(text) ? text : undefined;
}
