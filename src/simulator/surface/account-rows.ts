import { notional } from '../../model/instrument.ts';
import { lots, tickLots } from '../../model/units.ts';
import { decimal, decimalOf, multiply, toText } from '../../util/decimal.ts';
import type { VenueMarket, VenuePosition, VenueWallet } from '../venue.ts';
import { CATEGORY } from './order-rows.ts';
import { averageText, coinText, netText, priceText, quantityText, valueText } from './texts.ts';

/** A row of position/list. */
export function positionRow(position: VenuePosition, market: VenueMarket): object {
  const { entryPrice, ...rest } = commonFields(position, market);
  return { ...rest, avgPrice: entryPrice };
}

/** A row of the `position` topic. */
export function positionPush(position: VenuePosition, market: VenueMarket): object {
  return {
    category: CATEGORY,
    ...commonFields(position, market),
    sessionAvgPrice: '0',
    leverageSysUpdatedTime: '',
    mmrSysUpdatedTime: '',
  };
}

function commonFields(position: VenuePosition, market: VenueMarket) {
  const { instrument, markPrice } = market;
  const isFlat = position.quantity === 0;
  const netRealised = netText(position.realised, position.fees, instrument);
  return {
    positionIdx: 0,
    riskId: 1,
    riskLimitValue: '2000000',
    symbol: position.symbol,
    side: isFlat ? '' : position.quantity > 0 ? 'Buy' : 'Sell',
    size: isFlat ? '0' : quantityText(lots(Math.abs(position.quantity)), instrument),
    entryPrice: averageText(position.cost, position.quantity, instrument),
    positionValue: isFlat ? '' : valueText(tickLots(Math.abs(position.cost)), instrument),
    autoAddMargin: 0,
    positionStatus: 'Normal',
    leverage: String(position.leverage),
    breakEvenPrice: breakEvenText(position, market),
    markPrice: priceText(markPrice, instrument),
    liqPrice: '',
    positionIM: coinText(position.initialMargin),
    positionMM: coinText(position.maintenanceMargin),
    takeProfit: '',
    stopLoss: '',
    trailingStop: '0',
    unrealisedPnl: valueText(position.unrealised, instrument),
    curRealisedPnl: netRealised,
    cumRealisedPnl: netRealised,
    adlRankIndicator: isFlat ? 0 : 2,
    createdTime: String(position.createdAt),
    updatedTime: String(position.updatedAt),
    seq: position.sequence,
    isReduceOnly: false,
    tpslMode: 'Full',
    bustPrice: '',
    positionBalance: '0',
    tradeMode: 0,
  };
}

/** Where closing as a taker would just pay its fee. */
function breakEvenText({ quantity, cost }: VenuePosition, { instrument, fees }: VenueMarket): string {
  if (quantity === 0) return '';
  const factor = decimalOf(1_000_000 + Math.sign(quantity) * fees.taker, 6);
  return toText(multiply(decimal(averageText(cost, quantity, instrument)), factor));
}

/** Row 0 of account/wallet-balance and of the `wallet` topic; the settle coin is taken at one dollar. `coins`: those to list. */
export function walletRow(wallet: VenueWallet, coins: readonly string[]): object {
  const initialMargin = wallet.positionMargin + wallet.orderMargin;
  return {
    accountType: 'UNIFIED',
    totalEquity: coinText(wallet.equity),
    totalWalletBalance: coinText(wallet.balance),
    totalMarginBalance: coinText(wallet.equity),
    totalAvailableBalance: coinText(wallet.available),
    totalPerpUPL: coinText(wallet.unrealised),
    totalInitialMargin: coinText(initialMargin),
    totalMaintenanceMargin: coinText(wallet.maintenanceMargin),
    accountIMRate: shareText(initialMargin, wallet.equity),
    accountMMRate: shareText(wallet.maintenanceMargin, wallet.equity),
    accountLTV: '0',
    coin: coins.map((coin) => coinRow(wallet, coin)),
  };
}

function coinRow(wallet: VenueWallet, coin: string): object {
  return {
    coin,
    equity: coinText(wallet.equity),
    usdValue: coinText(wallet.equity),
    walletBalance: coinText(wallet.balance),
    locked: '0',
    totalOrderIM: coinText(wallet.orderMargin),
    totalPositionIM: coinText(wallet.positionMargin),
    totalPositionMM: coinText(wallet.maintenanceMargin),
    unrealisedPnl: coinText(wallet.unrealised),
    cumRealisedPnl: coinText(wallet.realised),
    borrowAmount: '0',
    accruedInterest: '0',
    spotBorrow: '0',
    bonus: '0',
    marginCollateral: true,
    collateralSwitch: true,
    availableToWithdraw: '',
    availableToBorrow: '',
  };
}

function shareText(part: number, whole: number): string {
  return whole <= 0 ? '0' : (part / whole).toFixed(4);
}

/** Value of an amount at the mark, settle coin. */
export function markedValueText({ openInterest, markPrice, instrument }: VenueMarket): string {
  return valueText(notional(markPrice, openInterest), instrument);
}
