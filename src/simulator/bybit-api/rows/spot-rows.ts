import type { Instrument } from '../../../model/instrument.ts';
import { lots, tickLots } from '../../../model/units.ts';
import type { SpotPreset } from '../../spot/spot-instruments.ts';
import { spotFeeCoin } from '../../spot/spot-market.ts';
import type { VenueExecution, VenueMarket, VenueOrder } from '../../venue.ts';
import { fastExecution } from './fast-execution.ts';
import { averageText, coinText, priceText, quantityText, rateText, sideText, valueText } from './texts.ts';

const SPOT = 'spot';

/** A row of order/realtime and order/history, without `tpslMode` and `createType`, by which clients tell contracts from pairs. */
export function spotOrderRow(order: VenueOrder, instrument: Instrument): object {
  const isOpen = order.status === 'New' || order.status === 'PartiallyFilled';
  const leaves = lots(isOpen ? order.quantity - order.filled : 0);
  return {
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    blockTradeId: '',
    symbol: order.symbol,
    price: order.type === 'market' ? '0' : priceText(order.price, instrument),
    qty: order.quoteAmount === undefined ? quantityText(order.quantity, instrument) : coinText(order.quoteAmount),
    side: sideText(order.side),
    isLeverage: '0',
    positionIdx: 0,
    orderStatus: order.status,
    cancelType: order.cancelType,
    rejectReason: order.rejectReason,
    avgPrice: averageText(order.filledValue, order.filled, instrument),
    leavesQty: quantityText(leaves, instrument),
    leavesValue: valueText(tickLots(leaves * order.price), instrument),
    cumExecQty: quantityText(order.filled, instrument),
    cumExecValue: valueText(order.filledValue, instrument),
    cumExecFee: coinText(order.fee),
    cumFeeDetail: order.filled > 0 ? { [spotFeeCoin(order.side, instrument)]: coinText(order.fee) } : {},
    timeInForce: order.timeInForce,
    orderType: order.type === 'limit' ? 'Limit' : 'Market',
    stopOrderType: '',
    orderIv: '',
    marketUnit: marketUnitOf(order),
    triggerPrice: '0',
    triggerDirection: 0,
    triggerBy: '',
    takeProfit: '0',
    stopLoss: '0',
    tpTriggerBy: '',
    slTriggerBy: '',
    tpLimitPrice: '0',
    slLimitPrice: '0',
    basePrice: priceText(order.lastPriceOnCreated, instrument),
    reduceOnly: false,
    closeOnTrigger: false,
    placeType: '',
    smpType: order.selfMatch ?? 'None',
    smpGroup: 0,
    smpOrderId: order.smpOrderId,
    ocoTriggerBy: '',
    createdTime: String(order.createdAt),
    updatedTime: String(order.updatedAt),
  };
}

/** A row of the `order` topic. */
export function spotOrderPush(order: VenueOrder, instrument: Instrument): object {
  return {
    category: SPOT,
    ...spotOrderRow(order, instrument),
    closedPnl: '0',
    feeCurrency: order.filled > 0 ? spotFeeCoin(order.side, instrument) : '',
    slippageToleranceType: 'UNKNOWN',
    slippageTolerance: '',
    rpiTakerAccess: false,
    rpiMatchedQty: '0',
    parentOrderLinkId: '',
  };
}

/** A row of execution/list. */
export function spotExecutionRow(execution: VenueExecution, instrument: Instrument, feeRate: string): object {
  return {
    symbol: execution.symbol,
    orderId: execution.orderId,
    orderLinkId: execution.orderLinkId,
    side: sideText(execution.side),
    orderPrice: execution.type === 'market' ? '0' : priceText(execution.orderPrice, instrument),
    orderQty: execution.quoteAmount === undefined ? quantityText(execution.orderQuantity, instrument) : coinText(execution.quoteAmount),
    leavesQty: quantityText(execution.leavesQuantity, instrument),
    orderType: execution.type === 'limit' ? 'Limit' : 'Market',
    stopOrderType: '',
    execFee: coinText(execution.fee),
    feeCurrency: spotFeeCoin(execution.side, instrument),
    feeRate,
    execId: execution.execId,
    execPrice: priceText(execution.price, instrument),
    execQty: quantityText(execution.quantity, instrument),
    execType: execution.execType,
    execValue: valueText(tickLots(execution.price * execution.quantity), instrument),
    execTime: String(execution.at),
    isMaker: execution.isMaker,
    closedSize: '',
    blockTradeId: '',
    markPrice: '',
    indexPrice: '',
    underlyingPrice: '',
    tradeIv: '',
    markIv: '',
    extraFees: '',
    seq: execution.sequence,
  };
}

/** A row of the `execution` topic; ccxt needs `feeCoin`. */
export function spotExecutionPush(execution: VenueExecution, instrument: Instrument, feeRate: string): object {
  return {
    category: SPOT,
    ...spotExecutionRow(execution, instrument, feeRate),
    feeCoin: spotFeeCoin(execution.side, instrument),
    isLeverage: '0',
    execPnl: '0',
    marketUnit: marketUnitOf(execution),
    extraFees: [],
  };
}

export const spotFastExecutionPush = fastExecution(SPOT);

/** A row of market/instruments-info. */
export function spotInstrumentRow({ terms, ...pair }: SpotPreset): object {
  return {
    symbol: terms.symbol,
    symbolId: 0,
    baseCoin: terms.baseCoin,
    quoteCoin: terms.quoteCoin,
    innovation: '0',
    symbolType: '',
    status: 'Trading',
    marginTrading: 'none',
    stTag: '0',
    lotSizeFilter: {
      basePrecision: terms.qtyStep,
      quotePrecision: pair.quotePrecision,
      minOrderQty: terms.minQuantity,
      maxOrderQty: terms.maxQuantity,
      minOrderAmt: terms.minNotional,
      maxOrderAmt: pair.maxNotional,
      maxLimitOrderQty: terms.maxQuantity,
      maxMarketOrderQty: pair.maxMarketQuantity,
      postOnlyMaxLimitOrderSize: terms.maxQuantity,
    },
    priceFilter: { tickSize: terms.tickSize },
    riskParameters: { priceLimitRatioX: rateText(pair.priceLimit), priceLimitRatioY: rateText(pair.outerPriceLimit) },
  };
}

/** A row of market/tickers. */
export function spotTickerRow(market: VenueMarket): Readonly<Record<string, string>> {
  const { instrument, book } = market;
  const bid = book.bids.level(0);
  const ask = book.asks.level(0);
  const { symbol = '', ...rest } = spotTickerPush(market);
  return {
    symbol,
    bid1Price: bid === undefined ? '' : priceText(bid.price, instrument),
    bid1Size: bid === undefined ? '' : quantityText(bid.quantity, instrument),
    ask1Price: ask === undefined ? '' : priceText(ask.price, instrument),
    ask1Size: ask === undefined ? '' : quantityText(ask.quantity, instrument),
    ...rest,
  };
}

/** The data of the `tickers` topic. */
export function spotTickerPush(market: VenueMarket): Readonly<Record<string, string>> {
  const { instrument, day, lastPrice } = market;
  return {
    symbol: instrument.symbol,
    lastPrice: priceText(lastPrice, instrument),
    highPrice24h: priceText(day.high, instrument),
    lowPrice24h: priceText(day.low, instrument),
    prevPrice24h: priceText(day.open, instrument),
    volume24h: quantityText(day.volume, instrument),
    turnover24h: valueText(day.turnover, instrument),
    price24hPcnt: ((lastPrice - day.open) / day.open).toFixed(4),
    usdIndexPrice: priceText(market.indexPrice, instrument),
  };
}

/** '' for a limit order. */
function marketUnitOf({ type, quoteAmount }: Pick<VenueOrder, 'type' | 'quoteAmount'>): string {
  if (type === 'limit') return '';
  return quoteAmount === undefined ? 'baseCoin' : 'quoteCoin';
}
