import type { Instrument } from '../../model/instrument.ts';
import { lots, tickLots } from '../../model/units.ts';
import { defined } from '../../util/assert.ts';
import type { Venue, VenueExecution, VenueOrder } from '../venue.ts';
import { averageText, coinText, netText, priceText, quantityText, rateText, sideText, valueText } from './texts.ts';

export const CATEGORY = 'linear';

export function instrumentFor(venue: Venue, symbol: string): Instrument {
  return defined(venue.market(symbol), `market of ${symbol}`).instrument;
}

/** A row of order/realtime and order/history. */
export function orderRow(order: VenueOrder, instrument: Instrument): object {
  const isOpen = order.status === 'New' || order.status === 'PartiallyFilled';
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
    createType: 'CreateByUser',
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
    stopOrderType: 'UNKNOWN',
    orderIv: '',
    triggerPrice: '',
    triggerDirection: 0,
    triggerBy: 'UNKNOWN',
    takeProfit: '',
    stopLoss: '',
    tpTriggerBy: 'UNKNOWN',
    slTriggerBy: 'UNKNOWN',
    tpslMode: '',
    tpLimitPrice: '',
    slLimitPrice: '',
    lastPriceOnCreated: priceText(order.lastPriceOnCreated, instrument),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: false,
    placeType: '',
    smpType: 'None',
    smpGroup: 0,
    smpOrderId: '',
    createdTime: String(order.createdAt),
    updatedTime: String(order.updatedAt),
  };
}

/** A row of the `order` topic. `closedPnl`: realised by the order so far, after fees. */
export function orderPush(order: VenueOrder, instrument: Instrument, closedPnl: string): object {
  return {
    category: CATEGORY,
    ...orderRow(order, instrument),
    closedPnl,
    feeCurrency: '',
    slippageToleranceType: 'UNKNOWN',
    slippageTolerance: '',
    rpiTakerAccess: false,
    rpiMatchedQty: '0',
    parentOrderLinkId: '',
  };
}

/** A row of execution/list. */
export function executionRow(execution: VenueExecution, instrument: Instrument, feeRate: string): object {
  return {
    symbol: execution.symbol,
    orderId: execution.orderId,
    orderLinkId: execution.orderLinkId,
    side: sideText(execution.side),
    orderPrice: priceText(execution.orderPrice, instrument),
    orderQty: quantityText(execution.orderQuantity, instrument),
    leavesQty: quantityText(execution.leavesQuantity, instrument),
    createType: 'CreateByUser',
    orderType: execution.type === 'limit' ? 'Limit' : 'Market',
    stopOrderType: 'UNKNOWN',
    execFee: coinText(execution.fee),
    feeCurrency: instrument.settleCoin,
    feeRate,
    execId: execution.execId,
    execPrice: priceText(execution.price, instrument),
    execQty: quantityText(execution.quantity, instrument),
    execType: 'Trade',
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

/** A row of the `execution` topic; ccxt looks for `feeCoin`. */
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

/** A row of `execution.fast`: no fee, and no id of ours on maker trades. */
export function fastExecutionPush(execution: VenueExecution, instrument: Instrument): object {
  return {
    category: CATEGORY,
    symbol: execution.symbol,
    execId: execution.execId,
    execPrice: priceText(execution.price, instrument),
    execQty: quantityText(execution.quantity, instrument),
    orderId: execution.orderId,
    isMaker: execution.isMaker,
    orderLinkId: execution.isMaker ? '' : execution.orderLinkId,
    side: sideText(execution.side),
    execTime: String(execution.at),
    seq: execution.sequence,
  };
}

export function feeRateOf(venue: Venue, { symbol, isMaker }: VenueExecution): string {
  const { fees } = defined(venue.market(symbol), `market of ${symbol}`);
  return rateText(isMaker ? fees.maker : fees.taker);
}
