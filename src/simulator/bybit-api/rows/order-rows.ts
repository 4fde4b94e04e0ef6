import type { Instrument } from '../../../model/instrument.ts';
import { defined } from '../../../util/assert.ts';
import type { StopKind, VenueExecution, VenueOrder } from '../../venue/orders.ts';
import type { PriceKind } from '../../venue/requests.ts';
import type { OrderVenue } from '../../venue/venue.ts';
import { fastExecution } from './fast-execution.ts';
import { orderTypeText, sharedExecutionFields, sharedOrderFields, sharedOrderPushFields } from './shared-rows.ts';
import { fundingText, netText, priceText, quantityText, rateText } from './texts.ts';

export const CATEGORY = 'linear';

export function instrumentFor(venue: OrderVenue, symbol: string): Instrument {
  return defined(venue.market(symbol), `market of ${symbol}`).instrument;
}

const CREATE_TYPES: Readonly<Record<StopKind, string>> = {
  '': 'CreateByUser',
  Stop: 'CreateByStopOrder',
  TakeProfit: 'CreateByTakeProfit',
  StopLoss: 'CreateByStopLoss',
  TrailingStop: 'CreateByTrailingStop',
};

const PRICE_KINDS: Readonly<Record<PriceKind, string>> = { last: 'LastPrice', mark: 'MarkPrice', index: 'IndexPrice' };

const stopTypeText = (kind: StopKind): string => (kind === '' ? 'UNKNOWN' : kind);

/** Fields for the trigger of an order, and for the stops that it sets on its position. */
function stopFields({ stopKind, trigger, takeProfit, stopLoss }: VenueOrder, instrument: Instrument): object {
  const isOfPosition = takeProfit !== undefined || stopLoss !== undefined || (stopKind !== '' && stopKind !== 'Stop');
  return {
    stopOrderType: stopTypeText(stopKind),
    triggerPrice: trigger === undefined ? '' : priceText(trigger.price, instrument),
    triggerDirection: trigger === undefined ? 0 : trigger.direction === 'rise' ? 1 : 2,
    triggerBy: trigger === undefined ? 'UNKNOWN' : PRICE_KINDS[trigger.by],
    takeProfit: takeProfit === undefined ? '' : priceText(takeProfit.price, instrument),
    stopLoss: stopLoss === undefined ? '' : priceText(stopLoss.price, instrument),
    tpTriggerBy: takeProfit === undefined ? 'UNKNOWN' : PRICE_KINDS[takeProfit.by],
    slTriggerBy: stopLoss === undefined ? 'UNKNOWN' : PRICE_KINDS[stopLoss.by],
    tpslMode: isOfPosition ? 'Full' : '',
  };
}

/** A row of order/realtime and order/history. */
export function orderRow(order: VenueOrder, instrument: Instrument): object {
  return {
    price: priceText(order.price, instrument),
    qty: quantityText(order.quantity, instrument),
    isLeverage: '',
    createType: order.liquidates === true ? 'CreateByLiq' : CREATE_TYPES[order.stopKind],
    tpLimitPrice: '',
    slLimitPrice: '',
    lastPriceOnCreated: priceText(order.lastPriceOnCreated, instrument),
    ...stopFields(order, instrument),
    ...sharedOrderFields(order, instrument, instrument.settleCoin),
  };
}

/** A row of the `order` topic. `closedPnl`: PnL realized by the order so far, after fees. */
export function orderPush(order: VenueOrder, instrument: Instrument, closedPnl: string): object {
  return { category: CATEGORY, closedPnl, feeCurrency: '', ...orderRow(order, instrument), ...sharedOrderPushFields(order) };
}

/** A row of execution/list. */
export function executionRow(execution: VenueExecution, instrument: Instrument, feeRate: string): object {
  return {
    orderPrice: priceText(execution.orderPrice, instrument),
    orderQty: quantityText(execution.orderQuantity, instrument),
    createType: createTypeOf(execution),
    orderType: execution.execType === 'Funding' ? 'UNKNOWN' : orderTypeText(execution),
    stopOrderType: stopTypeText(execution.stopKind ?? ''),
    feeRate,
    closedSize: quantityText(execution.closedQuantity, instrument),
    markPrice: priceText(execution.markPrice, instrument),
    ...sharedExecutionFields(execution, instrument, instrument.settleCoin),
  };
}

function createTypeOf({ execType, stopKind = '' }: VenueExecution): string {
  if (execType === 'Funding') return '';
  return execType === 'BustTrade' ? 'CreateByLiq' : CREATE_TYPES[stopKind];
}

/** A row of the `execution` topic; ccxt needs `feeCoin`. */
export function executionPush(execution: VenueExecution, instrument: Instrument, feeRate: string): object {
  return {
    category: CATEGORY,
    ...executionRow(execution, instrument, feeRate),
    feeCoin: instrument.settleCoin,
    isLeverage: '0',
    execPnl: netText(execution.realized, execution.fee, instrument),
    marketUnit: '',
    extraFees: [],
  };
}

export const fastExecutionPush = fastExecution(CATEGORY);

export function feeRateOf(venue: OrderVenue, { symbol, isMaker, fundingRate }: VenueExecution): string {
  if (fundingRate !== undefined) return fundingText(fundingRate);
  const { fees } = defined(venue.market(symbol), `market of ${symbol}`);
  return rateText(isMaker ? fees.maker : fees.taker);
}
