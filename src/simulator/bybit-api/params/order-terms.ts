import { parseSteps } from '../../../model/grid.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { ticks, type Ticks } from '../../../model/units.ts';
import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { BookPlace, PlaceRequest, PositionStop, PriceKind, SelfMatch, Slippage, Trigger } from '../../venue/requests.ts';
import { parameterError, type Refusal } from '../routes/replies.ts';

/** Terms of an order beyond side, price and quantity. */
export type OrderTerms = Pick<
  PlaceRequest,
  'selfMatch' | 'trigger' | 'closeOnTrigger' | 'slippage' | 'bookPlace' | 'takeProfit' | 'stopLoss'
>;

type Read<T> = { readonly value: T | undefined } | Refusal;

const NONE = { value: undefined };
const MAX_SLIPPAGE_TICKS = 10_000;
/** 0.01 % to 10 %. */
const MAX_SLIPPAGE_BPS = 1000;
const MAX_BOOK_LEVEL = 5;
/** Only stops that close the whole position at market are supported. */
const UNSERVED = ['tpLimitPrice', 'slLimitPrice'] as const;

export function readTerms(params: JsonObject, instrument: Instrument, type: 'Limit' | 'Market'): { readonly value: OrderTerms } | Refusal {
  const selfMatch = selfMatchIn(params);
  if (selfMatch === undefined) return parameterError('smpType invalid');
  const trigger = readTrigger(params, instrument);
  if ('code' in trigger) return trigger;
  const slippage = readSlippage(params, type);
  if ('code' in slippage) return slippage;
  const bookPlace = readBookPlace(params, type);
  if ('code' in bookPlace) return bookPlace;
  const unserved = checkStopTerms(params);
  if (unserved !== undefined) return unserved;
  const takeProfit = readStop(params, 'takeProfit', 'tpTriggerBy', instrument);
  if ('code' in takeProfit) return takeProfit;
  const stopLoss = readStop(params, 'stopLoss', 'slTriggerBy', instrument);
  if ('code' in stopLoss) return stopLoss;
  return {
    value: {
      selfMatch,
      trigger: trigger.value,
      closeOnTrigger: isTrue(params['closeOnTrigger']) || undefined,
      slippage: slippage.value,
      bookPlace: bookPlace.value,
      takeProfit: takeProfit.value,
      stopLoss: stopLoss.value,
    },
  };
}

/** Rejects stop modes that would need more than one order for the position. */
export function checkStopTerms(params: JsonObject): Refusal | undefined {
  if (!['', 'Full'].includes(textIn(params['tpslMode']))) return parameterError('only tpslMode Full is served here');
  if (!['', 'Market'].includes(textIn(params['tpOrderType'])) || !['', 'Market'].includes(textIn(params['slOrderType'])))
    return parameterError('only market orders close a position at its stops here');
  return UNSERVED.some((name) => isSet(params[name])) ? parameterError('stops with a limit price are not served here') : undefined;
}

/** `''` and `0` mean none. */
export function readStop(
  params: JsonObject,
  name: 'takeProfit' | 'stopLoss',
  by: 'tpTriggerBy' | 'slTriggerBy',
  instrument: Instrument,
): Read<PositionStop> {
  if (!isSet(params[name])) return NONE;
  const price = readPositive(params[name], instrument);
  const kind = readPriceKind(params[by]);
  if (price === undefined) return parameterError(`${name} invalid, or not a multiple of the tick size`);
  return kind === undefined ? parameterError(`${by} invalid`) : { value: { price, by: kind } };
}

/** Whole steps above zero. */
export function readPositive(given: unknown, { tick }: Instrument): Ticks | undefined {
  const price = parseSteps(textIn(given), tick);
  return price === undefined || price <= 0 ? undefined : ticks(price);
}

export function isSet(value: unknown): boolean {
  const text = textIn(value);
  return text !== '' && Number(text) !== 0;
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** Undefined for an unknown value. */
export function selfMatchIn(params: JsonObject): SelfMatch | undefined {
  const word = textIn(params['smpType']);
  switch (word) {
    case '':
      return 'None';
    case 'None':
    case 'CancelMaker':
    case 'CancelTaker':
    case 'CancelBoth':
      return word;
    default:
      return undefined;
  }
}

function readTrigger(params: JsonObject, instrument: Instrument): Read<Trigger> {
  if (!isSet(params['triggerPrice'])) return NONE;
  const price = readPositive(params['triggerPrice'], instrument);
  const direction = numberIn(params['triggerDirection']);
  const by = readPriceKind(params['triggerBy']);
  if (price === undefined) return parameterError('triggerPrice invalid, or not a multiple of the tick size');
  if (direction !== 1 && direction !== 2) return parameterError('triggerDirection invalid');
  if (by === undefined) return parameterError('triggerBy invalid');
  return { value: { price, direction: direction === 1 ? 'rise' : 'fall', by } };
}

function readPriceKind(given: unknown): PriceKind | undefined {
  switch (textIn(given)) {
    case '':
    case 'LastPrice':
      return 'last';
    case 'MarkPrice':
      return 'mark';
    case 'IndexPrice':
      return 'index';
    default:
      return undefined;
  }
}

function readSlippage(params: JsonObject, type: 'Limit' | 'Market'): Read<Slippage> {
  const unit = textIn(params['slippageToleranceType']);
  const text = textIn(params['slippageTolerance']);
  if (unit === '' && text === '') return NONE;
  const tolerance = numberIn(text) ?? Number.NaN;
  if (type === 'Limit') return parameterError('slippageTolerance is for market orders');
  if (unit === 'TickSize' && Number.isInteger(tolerance) && tolerance >= 1 && tolerance <= MAX_SLIPPAGE_TICKS)
    return { value: { type: 'ticks', ticks: tolerance } };
  const bps = /^\d+(\.\d{1,2}0*)?$/.test(text) ? Math.round(tolerance * 100) : 0;
  if (unit === 'Percent' && bps >= 1 && bps <= MAX_SLIPPAGE_BPS) return { value: { type: 'percent', bps } };
  return parameterError('slippageTolerance invalid');
}

function readBookPlace(params: JsonObject, type: 'Limit' | 'Market'): Read<BookPlace> {
  const side = textIn(params['bboSideType']);
  const level = numberIn(params['bboLevel']);
  if (side === '') return NONE;
  if (type === 'Market') return parameterError('bboSideType is for limit orders');
  if (side !== 'Queue' && side !== 'Counterparty') return parameterError('bboSideType invalid');
  const isLevel = level !== undefined && Number.isInteger(level) && level >= 1 && level <= MAX_BOOK_LEVEL;
  return isLevel ? { value: { side: side === 'Queue' ? 'queue' : 'counterparty', level } } : parameterError('bboLevel invalid');
}
