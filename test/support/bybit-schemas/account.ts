import { z } from 'zod';
import { anyText, category, coin, id, number, onGrid, orNone, sequence, side, symbol, timeText, unsigned } from './texts.ts';

const positionFields = {
  positionIdx: z.literal([0, 1, 2]),
  riskId: z.int(),
  riskLimitValue: unsigned,
  symbol,
  side: orNone(side),
  size: unsigned,
  positionValue: orNone(unsigned),
  autoAddMargin: z.literal([0, 1]),
  positionStatus: z.enum(['Normal', 'Liq', 'Adl']),
  leverage: unsigned,
  breakEvenPrice: orNone(number),
  markPrice: unsigned,
  liqPrice: orNone(unsigned),
  positionIM: unsigned,
  positionMM: unsigned,
  takeProfit: orNone(unsigned),
  stopLoss: orNone(unsigned),
  trailingStop: unsigned,
  unrealisedPnl: orNone(number),
  curRealisedPnl: number,
  cumRealisedPnl: number,
  adlRankIndicator: z.int().min(0).max(5),
  createdTime: timeText,
  updatedTime: timeText,
  seq: z.union([z.literal(-1), sequence]),
  isReduceOnly: z.boolean(),
  tpslMode: z.enum(['Full', 'Partial']),
  bustPrice: orNone(unsigned),
  positionBalance: number,
  tradeMode: z.literal([0, 1]),
};
const isFlatOrNot = ({ side: held, size }: { side: string; size: string }): boolean => (held === '') === (size === '0');
const sizeGrid = onGrid([], ['size']);

/** position/list. */
export const position = z
  .strictObject({ ...positionFields, avgPrice: orNone(unsigned) })
  .refine(isFlatOrNot, 'flat is side "" and size "0"')
  .superRefine(sizeGrid);

/** The `position` topic: `entryPrice` instead of `avgPrice`. */
export const positionPush = z
  .strictObject({
    ...positionFields,
    category: z.enum(['linear', 'inverse']),
    entryPrice: orNone(unsigned),
    sessionAvgPrice: orNone(unsigned),
    leverageSysUpdatedTime: orNone(timeText),
    mmrSysUpdatedTime: orNone(timeText),
  })
  .refine(isFlatOrNot, 'flat is side "" and size "0"')
  .superRefine(sizeGrid);

const walletCoin = z.strictObject({
  coin,
  equity: number,
  usdValue: number,
  walletBalance: number,
  locked: unsigned,
  totalOrderIM: unsigned,
  totalPositionIM: unsigned,
  totalPositionMM: unsigned,
  unrealisedPnl: number,
  cumRealisedPnl: number,
  borrowAmount: unsigned,
  accruedInterest: unsigned,
  spotBorrow: unsigned,
  bonus: unsigned,
  marginCollateral: z.boolean(),
  collateralSwitch: z.boolean(),
  availableToWithdraw: orNone(unsigned),
  availableToBorrow: orNone(unsigned),
});

/** account/wallet-balance and the `wallet` topic. */
export const wallet = z.strictObject({
  accountType: z.literal('UNIFIED'),
  totalEquity: number,
  totalWalletBalance: number,
  totalMarginBalance: number,
  totalAvailableBalance: unsigned,
  totalPerpUPL: number,
  totalInitialMargin: unsigned,
  totalMaintenanceMargin: unsigned,
  accountIMRate: unsigned,
  accountMMRate: unsigned,
  accountLTV: unsigned,
  coin: z.array(walletCoin),
});

export const feeRates = z.strictObject({ list: z.array(z.strictObject({ symbol, takerFeeRate: number, makerFeeRate: number })) });

export const accountInfo = z.strictObject({
  marginMode: z.enum(['REGULAR_MARGIN', 'ISOLATED_MARGIN', 'PORTFOLIO_MARGIN']),
  updatedTime: timeText,
  unifiedMarginStatus: z.literal([1, 3, 4, 5, 6]),
  isMasterTrader: z.boolean(),
  spotHedgingStatus: z.enum(['ON', 'OFF']),
  dcpStatus: z.enum(['ON', 'OFF']),
  timeWindow: z.int(),
  smpGroup: z.int(),
});

export const settings = z.strictObject({ lpaSpot: z.boolean(), lpaPerp: z.boolean(), smsef: z.boolean(), fmsef: z.boolean() });

const isoTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const words = z.array(z.string());
export const apiKey = z.strictObject({
  id,
  note: anyText,
  apiKey: id,
  readOnly: z.literal([0, 1]),
  secret: z.literal(''),
  permissions: z.strictObject({ ContractTrade: words, Spot: words, Wallet: words, Options: words, Derivatives: words }),
  ips: words,
  type: z.literal([1, 2]),
  deadlineDay: z.int(),
  expiredAt: isoTime,
  createdAt: isoTime,
  unified: z.literal([0, 1]),
  uta: z.literal([0, 1]),
  userID: z.int().positive(),
  vipLevel: z.string().min(1),
  mktMakerLevel: z.string().min(1),
  isMaster: z.boolean(),
  parentUid: id,
});

export const dcpInfo = z.strictObject({
  dcpInfos: z.array(
    z.strictObject({
      product: z.enum(['SPOT', 'DERIVATIVES', 'OPTIONS']),
      dcpStatus: z.enum(['ON', 'OFF']),
      timeWindow: z.string().regex(/^\d+$/),
    }),
  ),
});

export const marginModeReasons = z.strictObject({ reasons: z.array(z.strictObject({ reasonCode: z.string(), reasonMsg: z.string() })) });
export const coins = z.strictObject({ rows: z.array(z.strictObject({ coin, name: z.string(), chains: z.array(z.unknown()) })) });

/** A list of rows of one category, and where the next page begins. */
export const pageOf = <T extends z.ZodType>(row: T) => z.strictObject({ category, nextPageCursor: z.string(), list: z.array(row) });
