import type { Instrument } from '../../../model/instrument.ts';
import { spotFeeCoin } from '../../spot/spot-market.ts';
import type { VenueExecution, VenueOrder } from '../../venue/orders.ts';
import { fastExecution } from './fast-execution.ts';
import { orderTypeText, sharedExecutionFields, sharedOrderFields, sharedOrderPushFields } from './shared-rows.ts';
import { coinText, priceText, quantityText } from './texts.ts';

const SPOT = 'spot';

/** A row of order/realtime and order/history, without `tpslMode` and `createType`, by which clients tell contracts from pairs. */
export function spotOrderRow(order: VenueOrder, instrument: Instrument): object {
  return {
    price: order.type === 'market' ? '0' : priceText(order.price, instrument),
    qty: order.quoteAmount === undefined ? quantityText(order.quantity, instrument) : coinText(order.quoteAmount),
    isLeverage: '0',
    stopOrderType: '',
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
    ocoTriggerBy: '',
    ...sharedOrderFields(order, instrument, spotFeeCoin(order.side, instrument)),
  };
}

/** A row of the `order` topic. */
export function spotOrderPush(order: VenueOrder, instrument: Instrument): object {
  return {
    category: SPOT,
    closedPnl: '0',
    feeCurrency: order.filled > 0 ? spotFeeCoin(order.side, instrument) : '',
    ...spotOrderRow(order, instrument),
    ...sharedOrderPushFields(order),
  };
}

/** A row of execution/list. */
export function spotExecutionRow(execution: VenueExecution, instrument: Instrument, feeRate: string): object {
  return {
    orderPrice: execution.type === 'market' ? '0' : priceText(execution.orderPrice, instrument),
    orderQty: execution.quoteAmount === undefined ? quantityText(execution.orderQuantity, instrument) : coinText(execution.quoteAmount),
    orderType: orderTypeText(execution),
    stopOrderType: '',
    feeRate,
    closedSize: '',
    markPrice: '',
    ...sharedExecutionFields(execution, instrument, spotFeeCoin(execution.side, instrument)),
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

/** '' for a limit order. */
function marketUnitOf({ type, quoteAmount }: Pick<VenueOrder, 'type' | 'quoteAmount'>): string {
  if (type === 'limit') return '';
  return quoteAmount === undefined ? 'baseCoin' : 'quoteCoin';
}
