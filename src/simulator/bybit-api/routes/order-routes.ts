import { objectIn, listIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { Outcome, VenueOrder } from '../../venue/orders.ts';
import type { KindFilter, VenueScope } from '../../venue/requests.ts';
import type { OrderVenue } from '../../venue/venue.ts';
import type { OrderLine } from '../rows/order-line.ts';
import { optionalText, readCategory } from '../params/params.ts';
import { failure, parameterError, refusal, RET, succeeded, type Refusal, type Reply } from './replies.ts';
import { signedPost, type Call, type Route, type Routes } from './routes.ts';

/** Executes one order of a request. */
type Operation = (item: JsonObject) => Outcome;
type ItemText = (order: VenueOrder | undefined, item: JsonObject, line: OrderLine) => object;

/** Order entry, the same for REST and for the trade socket. */
export function orderRoutes(venue: OrderVenue, line: OrderLine): Routes {
  const create =
    (call: Call): Operation =>
    (item) => {
      const request = line.readPlace(item, venue);
      return request.ok ? venue.place(call.account, request.value) : request;
    };
  const amend =
    (call: Call): Operation =>
    (item) => {
      const request = line.readAmend(item, venue);
      return request.ok ? venue.amend(call.account, request.value) : request;
    };
  const cancel =
    (call: Call): Operation =>
    (item) => {
      const request = line.readOrderRef(item, venue);
      return request.ok ? venue.cancel(call.account, request.value, call.receivedAt) : request;
    };
  const amendInBatch =
    (call: Call): Operation =>
    (item) => {
      const which = line.readOrderRef(item, venue);
      const isWaiting = which.ok && venue.findOrder(call.account, which.value)?.status === 'Untriggered';
      return isWaiting ? parameterError('conditional orders cannot be amended in a batch') : amend(call)(item);
    };
  return {
    '/v5/order/create': single(line, create),
    '/v5/order/amend': single(line, amend),
    '/v5/order/cancel': single(line, cancel),
    '/v5/order/create-batch': batch(line, create, createdItem),
    '/v5/order/amend-batch': batch(line, amendInBatch, item),
    '/v5/order/cancel-batch': batch(line, cancel, item),
    '/v5/order/cancel-all': signedPost((call) => cancelAll(venue, line, call)),
  };
}

function single(line: OrderLine, operation: (call: Call) => Operation): Route {
  return signedPost((call) => {
    const invalid = only(line, call.params);
    if (invalid !== undefined) return failure(invalid);
    const outcome = operation(call)(call.params);
    return outcome.ok ? succeeded(ids(outcome.order)) : failure(outcome);
  });
}

/** Each item succeeds or fails on its own; the reply as a whole succeeds. */
function batch(line: OrderLine, operation: (call: Call) => Operation, itemText: ItemText): Route {
  const answer = (call: Call): Reply => {
    const items = listIn(call.params['request']).map(objectIn);
    const invalid = only(line, call.params) ?? checkSize(items.length, line);
    if (invalid !== undefined) return failure(invalid);
    const run = operation(call);
    const outcomes = items.map((item, index) => (index < call.granted ? run(item) : refusal(RET.tooManyVisits)));
    return succeeded(
      { list: outcomes.map((outcome, index) => itemText(outcome.ok ? outcome.order : undefined, items[index] ?? {}, line)) },
      { list: outcomes.map((outcome) => (outcome.ok ? { code: 0, msg: 'OK' } : { code: outcome.code, msg: outcome.message })) },
    );
  };
  return { ...signedPost(answer), sizeOf: (params) => listIn(params['request']).length };
}

function cancelAll(venue: OrderVenue, { category: served, needsScope }: OrderLine, { account, params }: Call): Reply {
  const category = readCategory(params, served);
  if (typeof category === 'object') return failure(category);
  if (category === 'empty') return canceledReply([]);
  const scope = readScope(params) ?? (needsScope ? undefined : {});
  if (scope === undefined) return failure(parameterError('one of symbol, baseCoin, settleCoin is required'));
  if (scope.symbol !== undefined && venue.market(scope.symbol) === undefined) return failure(parameterError('symbol invalid'));
  const kinds = readKinds(params);
  return canceledReply(kinds === 'none' ? [] : venue.cancelAll(account, { ...scope, kinds }));
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

/** The order kinds of `orderFilter`: undefined means every kind, `none` one that does not exist here. */
export function readKinds(params: JsonObject): KindFilter | 'none' | undefined {
  switch (textIn(params['orderFilter'])) {
    case '':
      return undefined;
    case 'Order':
    case 'OpenOrder':
      return 'active';
    case 'StopOrder':
      return textIn(params['stopOrderType']) === 'Stop' ? 'conditional' : 'stop';
    default:
      return 'none';
  }
}

function canceledReply(orders: readonly VenueOrder[]): Reply {
  return succeeded({ list: orders.map(ids), success: '1' });
}

function ids({ orderId, orderLinkId }: VenueOrder): object {
  return { orderId, orderLinkId };
}

function item(order: VenueOrder | undefined, request: JsonObject, { category }: OrderLine): object {
  return {
    category,
    symbol: textIn(request['symbol']),
    orderId: order?.orderId ?? '',
    orderLinkId: order?.orderLinkId ?? textIn(request['orderLinkId']),
  };
}

function createdItem(order: VenueOrder | undefined, request: JsonObject, line: OrderLine): object {
  return { ...item(order, request, line), createAt: order === undefined ? '' : String(order.createdAt) };
}

function checkSize(size: number, { maxBatch }: OrderLine): Refusal | undefined {
  return size >= 1 && size <= maxBatch ? undefined : parameterError(`a batch has 1 to ${maxBatch} orders`);
}

function only({ category }: OrderLine, params: JsonObject): Refusal | undefined {
  const read = readCategory(params, category);
  if (typeof read === 'object') return read;
  return read === 'served' ? undefined : parameterError(`category ${textIn(params['category'])} is not traded here`);
}
