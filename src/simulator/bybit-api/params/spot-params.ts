import { parseSteps } from '../../../model/grid.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type { Side } from '../../../model/order.ts';
import { ATOMS_SCALE, atoms, lots, ticks, type Atoms, type Lots, type Ticks } from '../../../model/units.ts';
import { parseDecimal, unitsAt } from '../../../util/decimal.ts';
import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { AmendRequest, PlaceRequest, TimeInForce } from '../../venue/requests.ts';
import type { OrderVenue } from '../../venue/venue.ts';
import { isSet, selfMatchIn } from './order-terms.ts';
import { optionalText, orderRefIn, type InstrumentOrderRef, type Read } from './params.ts';
import { parameterError, refusal, type Refusal } from '../routes/replies.ts';

const LINK_ID = /^[A-Za-z0-9_-]{0,36}$/;
/** Decimals of amounts in the quote coin. */
const QUOTE_DECIMALS = 7;
/** Order kinds that the spot market does not support here: rejected instead of treated as plain orders. */
const UNSERVED = ['triggerPrice', 'takeProfit', 'stopLoss', 'slippageTolerance', 'bboSideType'] as const;

/** Spot has its own codes for invalid orders (bybit-v5.md §8). */
const WRONG = {
  symbol: [170121, 'Invalid symbol.'],
  quantity: [170105, "Parameter 'qty' was empty."],
  price: [170105, "Parameter 'price' was empty."],
  side: [170117, 'Invalid side.'],
  type: [170116, 'Invalid orderType.'],
  timeInForce: [170115, 'Invalid timeInForce.'],
  priceDecimals: [170134, 'Order price has too many decimals.'],
  quantityDecimals: [170137, 'Order volume decimal too long'],
  quantityZero: [170136, 'Order quantity lower than the minimum.'],
  retailPriceImprovement: [170355, 'RPI orders are not supported for this account.'],
} as const;

export function readSpotPlace(params: JsonObject, venue: OrderVenue): Read<PlaceRequest> {
  const instrument = venue.market(textIn(params['symbol']))?.instrument;
  if (instrument === undefined) return wrong('symbol');
  const side = sideIn(params);
  if (side === undefined) return wrong('side');
  const type = textIn(params['orderType']);
  if (type !== 'Limit' && type !== 'Market') return wrong('type');
  const timeInForce = readTimeInForce(textIn(params['timeInForce']), type);
  if (typeof timeInForce !== 'string') return timeInForce;
  const size = readSize(params, side, type, instrument);
  if ('code' in size) return size;
  const price = type === 'Market' ? undefined : readPrice(params['price'], instrument);
  if (typeof price === 'object') return price;
  const orderLinkId = textIn(params['orderLinkId']);
  const other = checkRest(params, orderLinkId);
  if (other !== undefined) return other;
  const { symbol } = instrument;
  const terms = { symbol, side, price, timeInForce, orderLinkId, reduceOnly: false, selfMatch: selfMatchIn(params) };
  return { ok: true, value: { ...terms, ...size, type: type === 'Limit' ? 'limit' : 'market' } };
}

export function readSpotAmend(params: JsonObject, venue: OrderVenue): Read<AmendRequest> {
  const ref = readSpotRef(params, venue);
  if (!ref.ok) return ref;
  const { instrument, ...which } = ref.value;
  const price = optionalText(params, 'price') === undefined ? undefined : readPrice(params['price'], instrument);
  if (typeof price === 'object') return price;
  const quantity = optionalText(params, 'qty') === undefined ? undefined : readQuantity(params['qty'], instrument);
  if (typeof quantity === 'object') return quantity;
  if (price === undefined && quantity === undefined) return parameterError('neither price nor qty');
  if (UNSERVED.some((name) => isSet(params[name]))) return parameterError('only price and qty can be amended here');
  return { ok: true, value: { ...which, price, quantity } };
}

export function readSpotRef(params: JsonObject, venue: OrderVenue): Read<InstrumentOrderRef> {
  return orderRefIn(params, venue, wrong('symbol'));
}

/** Without `marketUnit`, a market buy is by value and a market sell by quantity. */
function readSize(
  params: JsonObject,
  side: Side,
  type: 'Limit' | 'Market',
  instrument: Instrument,
): { readonly quantity: Lots; readonly quoteAmount?: Atoms } | Refusal {
  const unit = optionalText(params, 'marketUnit') ?? (side === 'buy' ? 'quoteCoin' : 'baseCoin');
  if (type === 'Market' && unit === 'quoteCoin') {
    const quoteAmount = readAmount(params['qty']);
    return typeof quoteAmount === 'object' ? quoteAmount : { quantity: lots(0), quoteAmount };
  }
  if (type === 'Market' && unit !== 'baseCoin') return parameterError('marketUnit invalid');
  const quantity = readQuantity(params['qty'], instrument);
  return typeof quantity === 'object' ? quantity : { quantity };
}

function readAmount(given: unknown): Atoms | Refusal {
  const amount = parseDecimal(textIn(given));
  if (amount === undefined) return wrong('quantity');
  if (amount.units <= 0n) return wrong('quantityZero');
  if (amount.scale > QUOTE_DECIMALS) return wrong('quantityDecimals');
  const units = Number(unitsAt(amount, ATOMS_SCALE));
  return Number.isSafeInteger(units) ? atoms(units) : parameterError('qty invalid');
}

function readQuantity(given: unknown, { lot }: Instrument): Lots | Refusal {
  const text = textIn(given);
  const size = numberIn(text);
  if (size === undefined) return wrong('quantity');
  if (size <= 0) return wrong('quantityZero');
  const quantity = parseSteps(text, lot);
  return quantity === undefined ? wrong('quantityDecimals') : lots(quantity);
}

function readPrice(given: unknown, { tick }: Instrument): Ticks | Refusal {
  const text = textIn(given);
  const size = numberIn(text);
  if (size === undefined || size <= 0) return wrong('price');
  const price = parseSteps(text, tick);
  return price === undefined ? wrong('priceDecimals') : ticks(price);
}

function readTimeInForce(text: string, type: 'Limit' | 'Market'): TimeInForce | Refusal {
  switch (text) {
    case '':
    case 'GTC':
    case 'IOC':
    case 'FOK':
      return type === 'Market' ? 'IOC' : text === '' ? 'GTC' : text;
    case 'PostOnly':
      return type === 'Market' ? wrong('timeInForce') : text;
    case 'RPI':
      return wrong('retailPriceImprovement');
    default:
      return wrong('timeInForce');
  }
}

function checkRest(params: JsonObject, orderLinkId: string): Refusal | undefined {
  if (!LINK_ID.test(orderLinkId)) return parameterError('orderLinkId invalid');
  if (!['', 'Order'].includes(textIn(params['orderFilter'])) || UNSERVED.some((name) => isSet(params[name])))
    return parameterError('only plain limit and market orders are served on spot here');
  if (numberIn(params['isLeverage']) === 1) return parameterError('spot margin trading is not served here');
  return selfMatchIn(params) === undefined ? parameterError('smpType invalid') : undefined;
}

function sideIn(params: JsonObject): Side | undefined {
  const side = textIn(params['side']);
  return side === 'Buy' ? 'buy' : side === 'Sell' ? 'sell' : undefined;
}

function wrong(what: keyof typeof WRONG): Refusal {
  const [code, text] = WRONG[what];
  return refusal(code, text);
}
