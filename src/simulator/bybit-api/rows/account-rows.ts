import { notional } from '../../../model/instrument.ts';
import { atoms, lots, tickLots, type Ticks } from '../../../model/units.ts';
import { decimal, decimalOf, multiply, toText } from '../../../util/decimal.ts';
import { presetOf } from '../../instruments.ts';
import type { CoinHolding, VenuePosition, VenueWallet } from '../../venue/account-state.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import { CATEGORY } from './order-rows.ts';
import { averageText, coinText, netText, priceText, quantityText, valueText } from './texts.ts';

/** Fields that each coin’s row has. */
const NOTHING_BORROWED = {
  borrowAmount: '0',
  accruedInterest: '0',
  spotBorrow: '0',
  bonus: '0',
  availableToWithdraw: '',
  availableToBorrow: '',
};

/** A row of position/list. */
export function positionRow(position: VenuePosition, market: VenueMarket): object {
  const { entryPrice, ...rest } = commonFields(position, market, '');
  return { ...rest, avgPrice: entryPrice };
}

/** A row of the `position` topic. */
export function positionPush(position: VenuePosition, market: VenueMarket): object {
  return {
    category: CATEGORY,
    ...commonFields(position, market, '0'),
    sessionAvgPrice: '0',
    leverageSysUpdatedTime: '',
    mmrSysUpdatedTime: '',
  };
}

/** `none`: the value for a missing stop, which differs between query and stream. */
function commonFields(position: VenuePosition, market: VenueMarket, none: string) {
  const { instrument, markPrice } = market;
  const isFlat = position.quantity === 0;
  // The row of a symbol that was never traded has the launch time of the symbol.
  const { launchAt } = presetOf(instrument.symbol);
  const entryPrice = averageText(position.cost, position.quantity, instrument);
  const netRealized = netText(position.realized, atoms(position.fees + position.funding), instrument);
  return {
    positionIdx: 0,
    riskId: 1,
    riskLimitValue: '2000000',
    symbol: position.symbol,
    side: isFlat ? '' : position.quantity > 0 ? 'Buy' : 'Sell',
    size: isFlat ? '0' : quantityText(lots(Math.abs(position.quantity)), instrument),
    entryPrice,
    positionValue: isFlat ? '' : valueText(tickLots(Math.abs(position.cost)), instrument),
    autoAddMargin: 0,
    positionStatus: 'Normal',
    leverage: String(position.leverage),
    breakEvenPrice: breakEvenText(position, entryPrice, market),
    markPrice: priceText(markPrice, instrument),
    liqPrice: liquidationText(position, market),
    positionIM: coinText(position.initialMargin),
    positionMM: coinText(position.maintenanceMargin),
    ...stopFields(position, none, market),
    unrealisedPnl: valueText(position.unrealized, instrument),
    curRealisedPnl: netRealized,
    cumRealisedPnl: netRealized,
    adlRankIndicator: isFlat ? 0 : 2,
    createdTime: String(Math.max(position.createdAt, launchAt)),
    updatedTime: String(Math.max(position.updatedAt, launchAt)),
    seq: position.sequence,
    isReduceOnly: false,
    tpslMode: 'Full',
    bustPrice: '',
    positionBalance: '0',
    tradeMode: 0,
  };
}

function stopFields({ takeProfit, stopLoss, trailingStop }: VenuePosition, none: string, { instrument }: VenueMarket): object {
  const text = (price: Ticks | undefined, otherwise = none): string => (price === undefined ? otherwise : priceText(price, instrument));
  return { takeProfit: text(takeProfit), stopLoss: text(stopLoss), trailingStop: text(trailingStop, '0') };
}

function liquidationText({ liquidationPrice }: VenuePosition, { instrument }: VenueMarket): string {
  const price = liquidationPrice();
  return price === undefined ? '' : priceText(price, instrument);
}

/** The price at which closing as a taker covers costs including its fee. */
function breakEvenText({ quantity }: VenuePosition, entryPrice: string, { fees }: VenueMarket): string {
  if (quantity === 0) return '';
  const factor = decimalOf(1_000_000 + Math.sign(quantity) * fees.taker, 6);
  return toText(multiply(decimal(entryPrice), factor));
}

/**
 * Row 0 of account/wallet-balance and of the `wallet` topic; the settle coin is valued at one dollar. `wanted`: coins to list, all by
 * default.
 */
export function walletRow(wallet: VenueWallet, settleCoin: string, wanted?: readonly string[]): object {
  const held = wallet.coins.reduce((sum, { value }) => sum + value, 0);
  const rows = [
    { coin: settleCoin, row: settleRow(wallet, settleCoin) },
    ...wallet.coins.map((holding) => ({ coin: holding.coin, row: holdingRow(holding) })),
  ];
  const initialMargin = wallet.positionMargin + wallet.orderMargin;
  return {
    accountType: 'UNIFIED',
    totalEquity: coinText(wallet.equity + held),
    totalWalletBalance: coinText(wallet.balance + held),
    totalMarginBalance: coinText(wallet.equity),
    totalAvailableBalance: coinText(wallet.available),
    totalPerpUPL: coinText(wallet.unrealized),
    totalInitialMargin: coinText(initialMargin),
    totalMaintenanceMargin: coinText(wallet.maintenanceMargin),
    accountIMRate: shareText(initialMargin, wallet.equity),
    accountMMRate: shareText(wallet.maintenanceMargin, wallet.equity),
    accountLTV: '0',
    coin: rows.flatMap(({ coin, row }) => ((wanted?.includes(coin) ?? true) ? [row] : [])),
  };
}

/** A base coin of the spot market, which is no collateral here. */
function holdingRow({ coin, balance, locked, value }: CoinHolding): object {
  return {
    ...NOTHING_BORROWED,
    coin,
    equity: coinText(balance),
    usdValue: coinText(value),
    walletBalance: coinText(balance),
    locked: coinText(locked),
    totalOrderIM: '0',
    totalPositionIM: '0',
    totalPositionMM: '0',
    unrealisedPnl: '0',
    cumRealisedPnl: '0',
    marginCollateral: false,
    collateralSwitch: false,
  };
}

function settleRow(wallet: VenueWallet, coin: string): object {
  return {
    ...NOTHING_BORROWED,
    coin,
    equity: coinText(wallet.equity),
    usdValue: coinText(wallet.equity),
    walletBalance: coinText(wallet.balance),
    locked: coinText(wallet.locked),
    totalOrderIM: coinText(wallet.orderMargin),
    totalPositionIM: coinText(wallet.positionMargin),
    totalPositionMM: coinText(wallet.maintenanceMargin),
    unrealisedPnl: coinText(wallet.unrealized),
    cumRealisedPnl: coinText(wallet.realized),
    marginCollateral: true,
    collateralSwitch: true,
  };
}

function shareText(part: number, whole: number): string {
  return whole <= 0 ? '0' : (part / whole).toFixed(4);
}

/** Value of the open interest at the mark price, in settle coin. */
export function markedValueText({ openInterest, markPrice, instrument }: VenueMarket): string {
  return valueText(notional(markPrice, openInterest), instrument);
}
