import { parseSteps } from '../../../model/grid.ts';
import { lots, ticks, type Lots, type Ticks } from '../../../model/units.ts';
import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { AmendRequest, PlaceRequest, TimeInForce, VenueOrderRef } from '../../venue/requests.ts';
import type { Venue } from '../../venue/venue.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { isSet, isTrue, readTerms } from './order-terms.ts';
import { parameterError, refusal, RET, type Refusal } from '../routes/replies.ts';

/** Categories in which this exchange trades. */
export type Category = 'linear' | 'spot';

export type Read<T> = { readonly ok: true; readonly value: T } | Refusal;

const LINK_ID = /^[A-Za-z0-9_-]{1,36}$/;
/** Terms that cannot be amended here: rejected instead of ignored. */
const UNAMENDABLE = ['takeProfit', 'stopLoss', 'tpTriggerBy', 'slTriggerBy', 'triggerBy'] as const;

/** `empty`: a category that exists but has no instruments, orders or positions here. */
export type CategoryRead = 'served' | 'empty' | Refusal;

export function readCategory(params: JsonObject, served: Category = 'linear'): CategoryRead {
  switch (textIn(params['category'])) {
    case served:
      return 'served';
    case 'linear':
    case 'spot':
    case 'inverse':
    case 'option':
      return 'empty';
    default:
      return parameterError('category invalid');
  }
}

/** A whole number within [1, max]. */
export function readLimit(params: JsonObject, usual: number, max: number): number | Refusal {
  const text = textIn(params['limit']);
  if (text === '') return usual;
  const limit = numberIn(text);
  return limit !== undefined && Number.isInteger(limit) && limit >= 1 && limit <= max ? limit : parameterError('limit invalid');
}

/** Undefined when it was not given. */
export function optionalText(params: JsonObject, name: string): string | undefined {
  const text = textIn(params[name]);
  return text === '' ? undefined : text;
}

export function readPlace(params: JsonObject, venue: Pick<Venue, 'market'>): Read<PlaceRequest> {
  const symbol = textIn(params['symbol']);
  const instrument = venue.market(symbol)?.instrument;
  if (instrument === undefined) return parameterError('symbol invalid');
  const side = textIn(params['side']);
  if (side !== 'Buy' && side !== 'Sell') return parameterError('side invalid');
  const type = textIn(params['orderType']);
  if (type !== 'Limit' && type !== 'Market') return parameterError('orderType invalid');
  const timeInForce = readTimeInForce(textIn(params['timeInForce']), type);
  if (typeof timeInForce !== 'string') return timeInForce;
  const terms = readTerms(params, instrument, type);
  if ('code' in terms) return terms;
  const { closeOnTrigger, bookPlace } = terms.value;
  const closesAll = closeOnTrigger === true && isTrue(params['reduceOnly']) && numberIn(params['qty']) === 0;
  const quantity = closesAll ? lots(0) : readQuantity(params['qty'], instrument);
  if (typeof quantity !== 'number') return quantity;
  const price = type === 'Market' || bookPlace !== undefined ? undefined : readPrice(params['price'], instrument);
  if (price !== undefined && typeof price !== 'number') return price;
  const orderLinkId = textIn(params['orderLinkId']);
  const other = checkRest(params, orderLinkId);
  if (other !== undefined) return other;
  return {
    ok: true,
    value: {
      symbol,
      side: side === 'Buy' ? 'buy' : 'sell',
      type: type === 'Limit' ? 'limit' : 'market',
      price,
      quantity,
      timeInForce,
      reduceOnly: isTrue(params['reduceOnly']) || closeOnTrigger === true,
      orderLinkId,
      ...terms.value,
    },
  };
}

export function readAmend(params: JsonObject, venue: Pick<Venue, 'market'>): Read<AmendRequest> {
  const ref = readOrderRef(params, venue);
  if (!ref.ok) return ref;
  const { instrument, ...which } = ref.value;
  const price = optionalText(params, 'price') === undefined ? undefined : readPrice(params['price'], instrument);
  if (price !== undefined && typeof price !== 'number') return price;
  const quantity = optionalText(params, 'qty') === undefined ? undefined : readQuantity(params['qty'], instrument);
  if (quantity !== undefined && typeof quantity !== 'number') return quantity;
  const triggerPrice = isSet(params['triggerPrice']) ? readPrice(params['triggerPrice'], instrument) : undefined;
  if (triggerPrice !== undefined && typeof triggerPrice !== 'number') return triggerPrice;
  if (UNAMENDABLE.some((name) => isSet(params[name]))) return parameterError('only price, qty and triggerPrice can be amended here');
  if (price === undefined && quantity === undefined && triggerPrice === undefined)
    return parameterError('neither price nor qty nor triggerPrice');
  return { ok: true, value: { ...which, price, quantity, triggerPrice } };
}

export interface InstrumentOrderRef extends VenueOrderRef {
  readonly instrument: Instrument;
}

export function readOrderRef(params: JsonObject, venue: Pick<Venue, 'market'>): Read<InstrumentOrderRef> {
  return orderRefIn(params, venue, parameterError('symbol invalid'));
}

export function orderRefIn(params: JsonObject, venue: Pick<Venue, 'market'>, unknownSymbol: Refusal): Read<InstrumentOrderRef> {
  const symbol = textIn(params['symbol']);
  const instrument = venue.market(symbol)?.instrument;
  if (instrument === undefined) return unknownSymbol;
  const orderId = optionalText(params, 'orderId');
  const orderLinkId = optionalText(params, 'orderLinkId');
  if (orderId === undefined && orderLinkId === undefined) return parameterError('neither orderId nor orderLinkId');
  return { ok: true, value: { symbol, orderId, orderLinkId, instrument } };
}

function readTimeInForce(text: string, type: 'Limit' | 'Market'): TimeInForce | Refusal {
  switch (text) {
    case '':
      return type === 'Market' ? 'IOC' : 'GTC';
    case 'GTC':
    case 'IOC':
    case 'FOK':
      return type === 'Market' ? 'IOC' : text;
    case 'PostOnly':
      return type === 'Market' ? parameterError('a market order cannot be PostOnly') : text;
    case 'RPI':
      return refusal(RET.noRetailPriceImprovement);
    default:
      return parameterError('timeInForce invalid');
  }
}

function readQuantity(given: unknown, { lot }: Instrument): Lots | Refusal {
  const text = textIn(given);
  const quantity = parseSteps(text, lot);
  const size = numberIn(text);
  if (size === undefined || size <= 0) return parameterError('qty invalid');
  if (quantity !== undefined) return lots(quantity);
  return size < lot.size ? refusal(RET.quantityZero) : parameterError('qty is not a multiple of the quantity step');
}

function readPrice(given: unknown, { tick }: Instrument): Ticks | Refusal {
  const price = parseSteps(textIn(given), tick);
  return price === undefined || price <= 0 ? parameterError('price invalid, or not a multiple of the tick size') : ticks(price);
}

function checkRest(params: JsonObject, orderLinkId: string): Refusal | undefined {
  if (orderLinkId !== '' && !LINK_ID.test(orderLinkId)) return parameterError('orderLinkId invalid');
  if ((numberIn(params['positionIdx']) ?? 0) !== 0) return parameterError('position idx not match position mode');
  return undefined;
}
