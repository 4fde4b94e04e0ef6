import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { isRemembered } from '../../accounts/closed-orders.ts';
import { isOfKind } from '../../orders/order-kinds.ts';
import type { AccountId } from '../../venue/account-state.ts';
import type { VenueExecution, VenueOrder } from '../../venue/orders.ts';
import type { VenueScope } from '../../venue/requests.ts';
import type { OrderVenue } from '../../venue/venue.ts';
import type { OrderLine } from '../rows/order-line.ts';
import { feeRateOf, instrumentFor } from '../rows/order-rows.ts';
import { readKinds, readScope } from './order-routes.ts';
import { pageOf } from './pages.ts';
import { optionalText, readCategory, readLimit } from '../params/params.ts';
import { failure, parameterError, succeeded, type Refusal, type Reply } from './replies.ts';
import { signedGet, type Call, type Routes } from './routes.ts';

const MAX_WINDOW_MS = 7 * 86_400_000;
const RECENT_CLOSED = 500;

export function orderQueries(venue: OrderVenue, line: OrderLine): Routes {
  return {
    '/v5/order/realtime': signedGet((call) => realtime(venue, line, call)),
    '/v5/order/history': signedGet((call) => history(venue, line, call)),
    '/v5/execution/list': signedGet((call) => executions(venue, line, call)),
  };
}

/** Open orders; with `openOnly=1` the last closed ones; by id, either kind. */
function realtime(venue: OrderVenue, line: OrderLine, { account, params }: Call): Reply {
  const category = readCategory(params, line.category);
  if (typeof category === 'object') return failure(category);
  if (category === 'empty') return emptyList(params);
  const scope = readScope(params) ?? (line.needsScope ? undefined : {});
  if (scope === undefined) return failure(parameterError('one of symbol, baseCoin, settleCoin is required'));
  const recent = (): readonly VenueOrder[] => venue.closedOrders(account).slice(0, RECENT_CLOSED);
  if (namesOrder(params)) {
    const open = venue.openOrders(account).filter(byId(params));
    return orderPage(venue, line, params, open.length > 0 ? open : recent().filter(byId(params)));
  }
  const kinds = readKinds(params);
  if (kinds === 'none') return emptyList(params);
  const orders = textIn(params['openOnly']) === '1' ? recent() : venue.openOrders(account);
  const isWanted = within(venue, scope);
  return orderPage(
    venue,
    line,
    params,
    orders.filter((order) => (kinds === undefined || isOfKind(order, kinds)) && isWanted(order)),
  );
}

function history(venue: OrderVenue, line: OrderLine, { account, params, now }: Call): Reply {
  const category = readCategory(params, line.category);
  if (typeof category === 'object') return failure(category);
  const kinds = readKinds(params);
  if (category === 'empty' || kinds === 'none') return emptyList(params);
  const window = readWindow(params, now);
  if ('code' in window) return failure(window);
  const status = optionalText(params, 'orderStatus');
  const matches = filterOf(venue, params, window);
  const orders = venue.closedOrders(account).filter((order) => {
    const isWanted = (status === undefined || order.status === status) && (kinds === undefined || isOfKind(order, kinds));
    return isWanted && isRemembered(order, now) && matches(order, order.createdAt);
  });
  return orderPage(venue, line, params, orders);
}

function executions(venue: OrderVenue, line: OrderLine, { account, params, now }: Call): Reply {
  const category = readCategory(params, line.category);
  if (typeof category === 'object') return failure(category);
  if (category === 'empty') return emptyList(params);
  const window = readWindow(params, now);
  if ('code' in window) return failure(window);
  const limit = readLimit(params, 50, 100);
  if (typeof limit === 'object') return failure(limit);
  const matches = filterOf(venue, params, window);
  const execType = optionalText(params, 'execType');
  const found = executionsSince(venue, account, window.from).filter((execution) => {
    return (execType ?? execution.execType) === execution.execType && matches(execution, execution.at);
  });
  const { items, nextPageCursor } = pageOf(found, limit, textIn(params['cursor']), ({ execId, at }) => ({ id: execId, at }));
  const list = items.map((execution) => line.executionRow(execution, instrumentFor(venue, execution.symbol), feeRateOf(venue, execution)));
  return succeeded({ category: line.category, nextPageCursor, list });
}

/** Newest first. Executions older than `from` may be left out. */
function executionsSince(venue: OrderVenue, account: AccountId, from: number): readonly VenueExecution[] {
  const all = venue.executions(account);
  const end = all.findIndex(({ at }) => at < from);
  return end < 0 ? all : all.slice(0, end);
}

function orderPage(venue: OrderVenue, line: OrderLine, params: JsonObject, orders: readonly VenueOrder[]): Reply {
  const limit = readLimit(params, 20, 50);
  if (typeof limit === 'object') return failure(limit);
  const { items, nextPageCursor } = pageOf(orders, limit, textIn(params['cursor']), ({ orderId, createdAt }) => ({
    id: orderId,
    at: createdAt,
  }));
  const list = items.map((order) => line.orderRow(order, instrumentFor(venue, order.symbol)));
  return succeeded({ category: line.category, nextPageCursor, list });
}

type Named = Pick<VenueOrder, 'symbol' | 'orderId' | 'orderLinkId'>;

/** By id alone if one is given, otherwise by symbol or coin and time. */
function filterOf(venue: OrderVenue, params: JsonObject, window: Window): (item: Named, at: number) => boolean {
  if (namesOrder(params)) return byId(params);
  const inScope = within(venue, readScope(params) ?? {});
  return (item, at) => at >= window.from && at <= window.to && inScope(item);
}

function within(venue: OrderVenue, scope: VenueScope): (item: Named) => boolean {
  const matches = ({ symbol, baseCoin, settleCoin }: Instrument): boolean =>
    (scope.symbol ?? symbol) === symbol && (scope.baseCoin ?? baseCoin) === baseCoin && (scope.settleCoin ?? settleCoin) === settleCoin;
  return ({ symbol }) => matches(instrumentFor(venue, symbol));
}

function namesOrder(params: JsonObject): boolean {
  return optionalText(params, 'orderId') !== undefined || optionalText(params, 'orderLinkId') !== undefined;
}

/** `orderId` wins if both are given. */
function byId(params: JsonObject): (item: Named) => boolean {
  const id = optionalText(params, 'orderId');
  const linkId = optionalText(params, 'orderLinkId');
  const symbol = optionalText(params, 'symbol');
  return (item) => (symbol ?? item.symbol) === item.symbol && (id === undefined ? item.orderLinkId === linkId : item.orderId === id);
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** At most seven days: the last seven, or those from the given bound. */
function readWindow(params: JsonObject, now: number): Window | Refusal {
  const start = numberIn(params['startTime']);
  const end = numberIn(params['endTime']);
  const from = start ?? (end ?? now) - MAX_WINDOW_MS;
  const to = end ?? (start === undefined ? Number.POSITIVE_INFINITY : from + MAX_WINDOW_MS);
  const isTooLong = start !== undefined && end !== undefined && end - start > MAX_WINDOW_MS;
  return isTooLong || to < from ? parameterError('startTime and endTime must span at most 7 days') : { from, to };
}

function emptyList(params: JsonObject): Reply {
  return succeeded({ category: textIn(params['category']), nextPageCursor: '', list: [] });
}
