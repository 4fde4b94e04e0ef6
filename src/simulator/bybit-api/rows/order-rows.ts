import type { Instrument } from '../../../model/instrument.ts';
import { lots, tickLots } from '../../../model/units.ts';
import { defined } from '../../../util/assert.ts';
import { decimalOf, toText } from '../../../util/decimal.ts';
import type { OrderVenue, PriceKind, StopKind, VenueExecution, VenueOrder } from '../../venue.ts';
import { fastExecution } from './fast-execution.ts';
import { averageText, coinText, fundingText, netText, priceText, quantityText, rateText, sideText, valueText } from './texts.ts';

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

function slippageFields({ slippage }: VenueOrder): object {
  if (slippage === undefined) return { slippageToleranceType: 'UNKNOWN', slippageTolerance: '' };
  if (slippage.type === 'ticks') return { slippageToleranceType: 'TickSize', slippageTolerance: String(slippage.ticks) };
  return { slippageToleranceType: 'Percent', slippageTolerance: toText(decimalOf(slippage.bps, 2)) };
}

/** A row of order/realtime and order/history. */
export function orderRow(order: VenueOrder, instrument: Instrument): object {
  const isOpen = ['New', 'PartiallyFilled', 'Untriggered', 'Triggered'].includes(order.status);
  const leaves = lots(isOpen ? order.quantity - order.filled : 0);
  return {
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    blockTradeId: '',
    symbol: order.symbol,
    price: priceText(order.price, instrument),
    qty: quantityText(order.quantity, instrument),
    side: sideText(order.side),
    isLeverage: '',
    positionIdx: 0,
    orderStatus: order.status,
    createType: order.liquidates === true ? 'CreateByLiq' : CREATE_TYPES[order.stopKind],
    cancelType: order.cancelType,
    rejectReason: order.rejectReason,
    avgPrice: averageText(order.filledValue, order.filled, instrument),
    leavesQty: quantityText(leaves, instrument),
    leavesValue: valueText(tickLots(leaves * order.price), instrument),
    cumExecQty: quantityText(order.filled, instrument),
    cumExecValue: valueText(order.filledValue, instrument),
    cumExecFee: coinText(order.fee),
    cumFeeDetail: order.filled > 0 ? { [instrument.settleCoin]: coinText(order.fee) } : {},
    timeInForce: order.timeInForce,
    orderType: order.type === 'limit' ? 'Limit' : 'Market',
    ...stopFields(order, instrument),
    orderIv: '',
    tpLimitPrice: '',
    slLimitPrice: '',
    lastPriceOnCreated: priceText(order.lastPriceOnCreated, instrument),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: order.closeOnTrigger === true,
    placeType: '',
    smpType: order.selfMatch ?? 'None',
    smpGroup: 0,
    smpOrderId: order.smpOrderId,
    createdTime: String(order.createdAt),
    updatedTime: String(order.updatedAt),
  };
}

/** A row of the `order` topic. `closedPnl`: PnL realized by the order so far, after fees. */
export function orderPush(order: VenueOrder, instrument: Instrument, closedPnl: string): object {
  return {
    category: CATEGORY,
    ...orderRow(order, instrument),
    closedPnl,
    feeCurrency: '',
    ...slippageFields(order),
    rpiTakerAccess: false,
    rpiMatchedQty: '0',
    parentOrderLinkId: '',
  };
}

/** A row of execution/list. */
export function executionRow(execution: VenueExecution, instrument: Instrument, feeRate: string): object {
  const isPayment = execution.execType === 'Funding';
  return {
    symbol: execution.symbol,
    orderId: execution.orderId,
    orderLinkId: execution.orderLinkId,
    side: sideText(execution.side),
    orderPrice: priceText(execution.orderPrice, instrument),
    orderQty: quantityText(execution.orderQuantity, instrument),
    leavesQty: quantityText(execution.leavesQuantity, instrument),
    createType: createTypeOf(execution),
    orderType: isPayment ? 'UNKNOWN' : execution.type === 'limit' ? 'Limit' : 'Market',
    stopOrderType: stopTypeText(execution.stopKind ?? ''),
    execFee: coinText(execution.fee),
    feeCurrency: instrument.settleCoin,
    feeRate,
    execId: execution.execId,
    execPrice: priceText(execution.price, instrument),
    execQty: quantityText(execution.quantity, instrument),
    execType: execution.execType,
    execValue: valueText(tickLots(execution.price * execution.quantity), instrument),
    execTime: String(execution.at),
    isMaker: execution.isMaker,
    closedSize: quantityText(execution.closedQuantity, instrument),
    blockTradeId: '',
    markPrice: priceText(execution.markPrice, instrument),
    indexPrice: '',
    underlyingPrice: '',
    tradeIv: '',
    markIv: '',
    extraFees: '',
    seq: execution.sequence,
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
    execPnl: netText(execution.realised, execution.fee, instrument),
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
