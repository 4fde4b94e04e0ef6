import { z } from 'zod';
import {
  anyText,
  category,
  coin,
  id,
  linkId,
  none,
  number,
  onGrid,
  orNone,
  positive,
  sequence,
  side,
  symbol,
  timeNumber,
  timeText,
  unsigned,
} from './texts.ts';

const STATUSES = [
  'New',
  'PartiallyFilled',
  'Untriggered',
  'Rejected',
  'PartiallyFilledCanceled',
  'Filled',
  'Cancelled',
  'Triggered',
  'Deactivated',
] as const;
const wordsOf = (text: string): string[] => text.trim().split(/\s+/);

const OPEN = ['New', 'PartiallyFilled', 'Untriggered', 'Triggered'];

const CANCEL_TYPES = wordsOf(`
  UNKNOWN CancelByUser CancelByReduceOnly CancelByPrepareLiq CancelAllBeforeLiq CancelByPrepareAdl CancelAllBeforeAdl CancelByAdmin
  CancelBySettle CancelByTpSlTsClear CancelBySmp CancelByDCP CancelByRebalance CancelByOCOTpCanceledBySlTriggered
  CancelByOCOSlCanceledByTpTriggered
`);

const REJECT_REASONS = wordsOf(`
  EC_NoError EC_Others EC_UnknownMessageType EC_MissingClOrdID EC_MissingOrigClOrdID EC_ClOrdIDOrigClOrdIDAreTheSame EC_DuplicatedClOrdID
  EC_OrigClOrdIDDoesNotExist EC_TooLateToCancel EC_UnknownOrderType EC_UnknownSide EC_UnknownTimeInForce EC_WronglyRouted
  EC_MarketOrderPriceIsNotZero EC_LimitOrderInvalidPrice EC_NoEnoughQtyToFill EC_NoImmediateQtyToFill EC_PerCancelRequest
  EC_MarketOrderCannotBePostOnly EC_PostOnlyWillTakeLiquidity EC_CancelReplaceOrder EC_InvalidSymbolStatus EC_CancelForNoFullFill
  EC_BySelfMatch EC_InCallAuctionStatus EC_QtyCannotBeZero EC_MarketOrderNoSupportTIF EC_ReachMaxTradeNum EC_InvalidPriceScale
  EC_BitIndexInvalid EC_StopBySelfMatch EC_InvalidSmpType EC_CancelByMMP EC_InvalidUserType EC_InvalidMirrorOid EC_InvalidMirrorUid
  EC_EcInvalidQty EC_InvalidAmount EC_LoadOrderCancel EC_MarketQuoteNoSuppSell EC_DisorderOrderID EC_InvalidBaseValue EC_LoadOrderCanMatch
  EC_SecurityStatusFail EC_ReachRiskPriceLimit EC_OrderNotExist EC_CancelByOrderValueZero EC_CancelByMatchValueZero EC_ReachMarketPriceLimit
`);

const CREATE_TYPES = wordsOf(`
  CreateByUser CreateByLiq CreateByTakeOver_PassThrough CreateByAdl_PassThrough CreateByAdminClosing CreateBySettle CreateByClosing
  CreateByStopOrder CreateByTakeProfit CreateByStopLoss CreateByTrailingStop CreateByPartialTakeProfit CreateByPartialStopLoss
`);

const stopOrderType = z.enum([
  '',
  'UNKNOWN',
  'Stop',
  'TakeProfit',
  'StopLoss',
  'TrailingStop',
  'PartialTakeProfit',
  'PartialStopLoss',
  'tpslOrder',
]);
const triggerBy = z.enum(['', 'UNKNOWN', 'LastPrice', 'MarkPrice', 'IndexPrice']);
const orderType = z.enum(['Limit', 'Market']);
const execType = z.enum([
  'Trade',
  'AdlTrade',
  'Funding',
  'BustTrade',
  'Delivery',
  'Settle',
  'BlockTrade',
  'MovePosition',
  'FutureSpread',
  'CorporateAction',
  'UNKNOWN',
]);
const createType = z.enum(CREATE_TYPES);
const fees = z.record(coin, number);

const orderFields = {
  orderId: id,
  orderLinkId: linkId,
  blockTradeId: none,
  symbol,
  price: unsigned,
  qty: positive,
  side,
  isLeverage: z.enum(['', '0', '1']),
  positionIdx: z.literal([0, 1, 2]),
  orderStatus: z.enum(STATUSES),
  cancelType: z.enum(CANCEL_TYPES),
  rejectReason: z.enum(REJECT_REASONS),
  avgPrice: orNone(unsigned),
  leavesQty: unsigned,
  leavesValue: unsigned,
  cumExecQty: unsigned,
  cumExecValue: unsigned,
  cumExecFee: number,
  cumFeeDetail: fees,
  timeInForce: z.enum(['GTC', 'IOC', 'FOK', 'PostOnly', 'RPI']),
  orderType,
  stopOrderType,
  orderIv: none,
  triggerPrice: orNone(unsigned),
  triggerDirection: z.literal([0, 1, 2]),
  triggerBy,
  takeProfit: orNone(unsigned),
  stopLoss: orNone(unsigned),
  tpTriggerBy: triggerBy,
  slTriggerBy: triggerBy,
  tpLimitPrice: orNone(unsigned),
  slLimitPrice: orNone(unsigned),
  reduceOnly: z.boolean(),
  closeOnTrigger: z.boolean(),
  placeType: anyText,
  smpType: z.enum(['None', 'CancelMaker', 'CancelTaker', 'CancelBoth']),
  smpGroup: z.int(),
  smpOrderId: anyText,
  createdTime: timeText,
  updatedTime: timeText,
};
const contractFields = { ...orderFields, createType, tpslMode: z.enum(['', 'Full', 'Partial', 'UNKNOWN']), lastPriceOnCreated: unsigned };
/** ccxt takes a row with `tpslMode` for a contract's. */
const spotFields = { ...orderFields, basePrice: unsigned, marketUnit: z.enum(['', 'baseCoin', 'quoteCoin']), ocoTriggerBy: none };
const pushFields = {
  category,
  closedPnl: number,
  feeCurrency: orNone(coin),
  slippageToleranceType: z.enum(['UNKNOWN', 'TickSize', 'Percent']),
  slippageTolerance: orNone(unsigned),
  rpiTakerAccess: z.boolean(),
  rpiMatchedQty: orNone(unsigned),
  parentOrderLinkId: anyText,
};

interface OrderState {
  readonly orderStatus: string;
  readonly leavesQty: string;
  readonly leavesValue: string;
  readonly cumExecQty: string;
  readonly rejectReason: string;
  readonly cancelType: string;
  readonly cumFeeDetail: Readonly<Record<string, string>>;
}

/** What a row says about itself agrees with itself (bybit-v5.md §3.4, §3.7, §4.2). */
function checkState(row: OrderState, context: z.core.$RefinementCtx): void {
  const fail = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message, input: row });
  const isOpen = OPEN.includes(row.orderStatus);
  if (!isOpen && (Number(row.leavesQty) !== 0 || Number(row.leavesValue) !== 0)) fail('leavesQty', `closed with ${row.leavesQty} left`);
  if (isOpen && Number(row.leavesQty) === 0) fail('leavesQty', 'open with nothing left');
  if (row.orderStatus === 'PartiallyFilled' && Number(row.cumExecQty) === 0) fail('cumExecQty', 'partially filled without a fill');
  if (Number(row.cumExecQty) > 0 !== Object.keys(row.cumFeeDetail).length > 0) fail('cumFeeDetail', 'fees and fills disagree');
  if (isOpen && row.cancelType !== 'UNKNOWN') fail('cancelType', `open and ${row.cancelType}`);
  if (row.rejectReason === 'EC_PostOnlyWillTakeLiquidity' && (row.orderStatus !== 'Cancelled' || row.cancelType !== 'UNKNOWN'))
    fail('orderStatus', 'PostOnly that would take ends Cancelled, by nobody');
}

const orderGrid = onGrid(['price', 'lastPriceOnCreated'], ['qty', 'leavesQty', 'cumExecQty']);

/** order/realtime and order/history. */
export const linearOrder = z.strictObject(contractFields).superRefine(checkState).superRefine(orderGrid);
export const spotOrder = z.strictObject(spotFields).superRefine(checkState);

/** The topic says more; which product it is says `category`. */
export const orderPush = z.union([
  z
    .strictObject({ ...contractFields, ...pushFields, category: z.enum(['linear', 'inverse']) })
    .superRefine(checkState)
    .superRefine(orderGrid),
  z.strictObject({ ...spotFields, ...pushFields, category: z.literal('spot') }).superRefine(checkState),
]);

const executionFields = {
  symbol,
  orderId: anyText,
  orderLinkId: linkId,
  side: orNone(side),
  orderPrice: unsigned,
  orderQty: unsigned,
  leavesQty: unsigned,
  orderType: z.enum(['Limit', 'Market', 'UNKNOWN']),
  stopOrderType,
  execFee: number,
  feeCurrency: coin,
  feeRate: number,
  execId: id,
  execPrice: positive,
  execQty: positive,
  execType,
  execValue: positive,
  execTime: timeText,
  isMaker: z.boolean(),
  closedSize: orNone(unsigned),
  blockTradeId: none,
  markPrice: orNone(unsigned),
  indexPrice: orNone(unsigned),
  underlyingPrice: none,
  tradeIv: none,
  markIv: none,
  seq: sequence,
};
const executionGrid = onGrid(['orderPrice', 'execPrice'], ['orderQty', 'leavesQty', 'execQty', 'closedSize']);

/** execution/list; ccxt takes a row with `createType` for a contract's. */
export const linearExecution = z.strictObject({ ...executionFields, createType, extraFees: none }).superRefine(executionGrid);
export const spotExecution = z.strictObject({ ...executionFields, extraFees: none });

const executionPushFields = {
  ...executionFields,
  isLeverage: z.enum(['0', '1']),
  marketUnit: z.enum(['', 'baseCoin', 'quoteCoin']),
  extraFees: z.tuple([]),
  /** Where ccxt looks for the currency; Bybit documents `feeCurrency`. */
  feeCoin: coin,
  execPnl: number,
};
const sameFeeCoin = ({ feeCoin, feeCurrency }: { feeCoin: string; feeCurrency: string }): boolean => feeCoin === feeCurrency;
export const executionPush = z.union([
  z
    .strictObject({ ...executionPushFields, createType, category: z.enum(['linear', 'inverse']) })
    .superRefine(executionGrid)
    .refine(sameFeeCoin, 'feeCoin is not feeCurrency'),
  z.strictObject({ ...executionPushFields, category: z.literal('spot') }).refine(sameFeeCoin, 'feeCoin is not feeCurrency'),
]);

/** `execution.fast`: a maker does not learn its own id. */
export const fastExecutionPush = z
  .strictObject({
    category,
    symbol,
    execId: id,
    execPrice: positive,
    execQty: positive,
    orderId: id,
    isMaker: z.boolean(),
    orderLinkId: linkId,
    side,
    execTime: timeText,
    seq: sequence,
  })
  .refine(({ isMaker, orderLinkId }) => !isMaker || orderLinkId === '', 'orderLinkId on a maker trade');

/** create, amend, cancel. */
export const orderIds = z.strictObject({ orderId: id, orderLinkId: linkId });

const batchItem = { category, symbol: z.string(), orderId: anyText, orderLinkId: linkId };
export const batchResult = z.strictObject({ list: z.array(z.strictObject(batchItem)) });
export const createdBatchResult = z.strictObject({
  list: z.array(
    z
      .strictObject({ ...batchItem, createAt: orNone(timeText) })
      .refine(({ orderId, createAt }) => (orderId === '') === (createAt === ''), 'createAt without an order'),
  ),
});
export const batchExtra = z.strictObject({ list: z.array(z.strictObject({ code: z.int(), msg: anyText })) });

export const canceledAll = z.strictObject({ list: z.array(orderIds), success: z.enum(['0', '1']) });

export const preCheck = z.strictObject({
  orderId: anyText,
  orderLinkId: linkId,
  preImrE4: z.int(),
  preMmrE4: z.int(),
  postImrE4: z.int(),
  postMmrE4: z.int(),
});

/** Of every private push. */
export const privateEnvelope = <T extends z.ZodType>(row: T) =>
  z.strictObject({ id, topic: z.string(), creationTime: timeNumber, data: z.array(row).min(1) });
