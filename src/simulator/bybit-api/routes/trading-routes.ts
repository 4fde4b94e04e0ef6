import type { Instrument } from '../../../model/instrument.ts';
import { textIn, type JsonObject } from '../../../util/json.ts';
import type { PreCheck, PriceAction, TradingStop } from '../../venue/requests.ts';
import type { Venue } from '../../venue/venue.ts';
import { checkStopTerms, isSet, readPositive, readStop } from '../params/order-terms.ts';
import { readCategory, readPlace } from '../params/params.ts';
import { failed, failure, parameterError, succeeded, type Refusal, type Reply } from './replies.ts';
import { signedGet, signedPost, type Call, type Routes } from './routes.ts';

const TEN_THOUSAND = 10_000;
const NO_MARGIN = 110007;

/** An account’s trading settings and queries, besides orders. */
export function tradingRoutes(venue: Venue): Routes {
  return {
    '/v5/order/pre-check': signedPost((call) => preCheck(venue, call)),
    '/v5/position/trading-stop': signedPost((call) => tradingStop(venue, call)),
    '/v5/account/user-setting-config': signedGet(({ account }) => userSettings(venue.priceAction(account))),
    '/v5/account/set-limit-px-action': signedPost((call) => setPriceAction(venue, call)),
  };
}

/** The two settings have opposite meanings: true adjusts prices on spot but rejects them on futures. */
function userSettings(action: PriceAction): Reply {
  return succeeded({ lpaSpot: false, lpaPerp: action === 'reject', smsef: false, fmsef: false });
}

/** Linear or inverse sets it for all futures. Spot prices are never adjusted here. */
function setPriceAction(venue: Venue, { account, params }: Call): Reply {
  const category = textIn(params['category']);
  const enable = params['modifyEnable'];
  if (typeof enable !== 'boolean') return failure(parameterError('modifyEnable is true or false'));
  if (category === 'spot') return enable ? failure(parameterError('spot prices are not adjusted here')) : succeeded();
  if (category !== 'linear' && category !== 'inverse') return failure(parameterError('category invalid'));
  venue.setPriceAction(account, enable ? 'adjust' : 'reject');
  return succeeded();
}

function preCheck(venue: Venue, { account, params }: Call): Reply {
  if (readCategory(params) !== 'served') return failure(parameterError('category invalid'));
  const request = readPlace(params, venue);
  if (!request.ok) return failure(request);
  if (request.value.trigger !== undefined) return failure(parameterError('conditional orders are not checked in advance'));
  const check = venue.preCheck(account, request.value);
  const rates = { orderId: '', orderLinkId: request.value.orderLinkId, ...ratesOf(check) };
  if (check.code === 0) return succeeded(rates);
  return { ...failed(check.code, check.message), retExtInfo: check.code === NO_MARGIN ? ratesOf(check) : {} };
}

/** 30 is 0.30 %. */
function ratesOf({ initialBefore, maintenanceBefore, initialAfter, maintenanceAfter }: PreCheck): object {
  const rate = (share: number): number => Math.round(share * TEN_THOUSAND);
  return {
    preImrE4: rate(initialBefore),
    preMmrE4: rate(maintenanceBefore),
    postImrE4: rate(initialAfter),
    postMmrE4: rate(maintenanceAfter),
  };
}

/** Full mode: one market order for the whole position. */
function tradingStop(venue: Venue, { account, params }: Call): Reply {
  const symbol = textIn(params['symbol']);
  const market = venue.market(symbol);
  if (readCategory(params) !== 'served' || market === undefined) return failure(parameterError('symbol invalid'));
  if (!['', '0'].includes(textIn(params['positionIdx']))) return failure(parameterError('position idx not match position mode'));
  if (isSet(params['tpSize']) || isSet(params['slSize']))
    return failure(parameterError('stops for part of a position are not served here'));
  const unserved = checkStopTerms(params);
  if (unserved !== undefined) return failure(unserved);
  const change = readChange(params, market.instrument);
  if ('code' in change) return failure(change);
  const outcome = venue.setTradingStop(account, symbol, change);
  return outcome.ok ? succeeded() : failure(outcome);
}

function readChange(params: JsonObject, instrument: Instrument): TradingStop | Refusal {
  const takeProfit = readStop(params, 'takeProfit', 'tpTriggerBy', instrument);
  if ('code' in takeProfit) return takeProfit;
  const stopLoss = readStop(params, 'stopLoss', 'slTriggerBy', instrument);
  if ('code' in stopLoss) return stopLoss;
  const distance = isSet(params['trailingStop']) ? readPositive(params['trailingStop'], instrument) : undefined;
  const activation = isSet(params['activePrice']) ? readPositive(params['activePrice'], instrument) : undefined;
  if (isSet(params['trailingStop']) && distance === undefined) return parameterError('trailingStop invalid');
  if (isSet(params['activePrice']) && activation === undefined) return parameterError('activePrice invalid');
  return {
    takeProfit: takeProfit.value ?? removal(params['takeProfit']),
    stopLoss: stopLoss.value ?? removal(params['stopLoss']),
    trailingStop: distance === undefined ? removal(params['trailingStop']) : { distance, activation },
  };
}

/** `0` removes a stop; a missing value leaves it unchanged. */
function removal(given: unknown): 0 | undefined {
  return textIn(given) === '' ? undefined : 0;
}
