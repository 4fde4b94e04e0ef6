import { objectIn, listIn, textIn, type JsonObject } from '../../util/json.ts';
import type { Outcome, Venue, VenueOrder, VenueScope } from '../venue.ts';
import { optionalText, readAmend, readCategory, readOrderRef, readPlace } from './params.ts';
import { failure, parameterError, refusal, RET, succeeded, type Refusal, type Reply } from './replies.ts';
import { signedPost, type Call, type Route, type Routes } from './routes.ts';

const MAX_BATCH = 20;

/** What one order of a request led to. */
type Operation = (item: JsonObject) => Outcome;
type ItemText = (order: VenueOrder | undefined, item: JsonObject) => object;

/** Order entry: the same for REST and for the trade socket. */
export function orderRoutes(venue: Venue): Routes {
  const create =
    (call: Call): Operation =>
    (item) => {
      const request = readPlace(item, venue);
      return request.ok ? venue.place(call.account, request.value) : request;
    };
  const amend =
    (call: Call): Operation =>
    (item) => {
      const request = readAmend(item, venue);
      return request.ok ? venue.amend(call.account, request.value) : request;
    };
  const cancel =
    (call: Call): Operation =>
    (item) => {
      const request = readOrderRef(item, venue);
      return request.ok ? venue.cancel(call.account, request.value) : request;
    };
  return {
    '/v5/order/create': single(create),
    '/v5/order/amend': single(amend),
    '/v5/order/cancel': single(cancel),
    '/v5/order/create-batch': batch(create, createdItem),
    '/v5/order/amend-batch': batch(amend, item),
    '/v5/order/cancel-batch': batch(cancel, item),
    '/v5/order/cancel-all': signedPost((call) => cancelAll(venue, call)),
  };
}

function single(operation: (call: Call) => Operation): Route {
  return signedPost((call) => {
    const invalid = linearOnly(call.params);
    if (invalid !== undefined) return failure(invalid);
    const outcome = operation(call)(call.params);
    return outcome.ok ? succeeded(ids(outcome.order)) : failure(outcome);
  });
}

/** Each item succeeds or fails alone; the reply as a whole succeeds. */
function batch(operation: (call: Call) => Operation, itemText: ItemText): Route {
  const answer = (call: Call): Reply => {
    const items = listIn(call.params['request']).map(objectIn);
    const invalid = linearOnly(call.params) ?? checkSize(items.length);
    if (invalid !== undefined) return failure(invalid);
    const run = operation(call);
    const outcomes = items.map((item, index) => (index < call.granted ? run(item) : refusal(RET.tooManyVisits)));
    return succeeded(
      { list: outcomes.map((outcome, index) => itemText(outcome.ok ? outcome.order : undefined, items[index] ?? {})) },
      { list: outcomes.map((outcome) => (outcome.ok ? { code: 0, msg: 'OK' } : { code: outcome.code, msg: outcome.message })) },
    );
  };
  return { ...signedPost(answer), sizeOf: (params) => listIn(params['request']).length };
}

function cancelAll(venue: Venue, { account, params }: Call): Reply {
  const category = readCategory(params);
  if (typeof category === 'object') return failure(category);
  if (category === 'empty') return canceledReply([]);
  const scope = readScope(params);
  if (scope === undefined) return failure(parameterError('one of symbol, baseCoin, settleCoin is required'));
  if (scope.symbol !== undefined && venue.market(scope.symbol) === undefined) return failure(parameterError('symbol invalid'));
  return canceledReply(holdsPlainOrders(params) ? venue.cancelAll(account, scope) : []);
}

/** Only the first of symbol, baseCoin, settleCoin counts; undefined when none is given. */
export function readScope(params: JsonObject): VenueScope | undefined {
  const symbol = optionalText(params, 'symbol');
  if (symbol !== undefined) return { symbol };
  const baseCoin = optionalText(params, 'baseCoin');
  if (baseCoin !== undefined) return { baseCoin };
  const settleCoin = optionalText(params, 'settleCoin');
  return settleCoin === undefined ? undefined : { settleCoin };
}

/** Whether `orderFilter` lets plain orders through: the only kind that exists here. */
export function holdsPlainOrders(params: JsonObject): boolean {
  const filter = textIn(params['orderFilter']);
  return filter === '' || filter === 'Order' || filter === 'OpenOrder';
}

function canceledReply(orders: readonly VenueOrder[]): Reply {
  return succeeded({ list: orders.map(ids), success: '1' });
}

function ids({ orderId, orderLinkId }: VenueOrder): object {
  return { orderId, orderLinkId };
}

function item(order: VenueOrder | undefined, request: JsonObject): object {
  return {
    category: 'linear',
    symbol: textIn(request['symbol']),
    orderId: order?.orderId ?? '',
    orderLinkId: order?.orderLinkId ?? textIn(request['orderLinkId']),
  };
}

function createdItem(order: VenueOrder | undefined, request: JsonObject): object {
  return { ...item(order, request), createAt: order === undefined ? '' : String(order.createdAt) };
}

function checkSize(size: number): Refusal | undefined {
  return size >= 1 && size <= MAX_BATCH ? undefined : parameterError(`a batch has 1 to ${MAX_BATCH} orders`);
}

function linearOnly(params: JsonObject): Refusal | undefined {
  const category = readCategory(params);
  if (typeof category === 'object') return category;
  return category === 'linear' ? undefined : parameterError('only category linear is traded here');
}
