import type { CancelScope, RestingOrder } from '../cancel-port.ts';

/** The settle coin of the contracts that mmbot trades. */
export const SETTLE_COIN = 'USDT';

/** The settle coins of linear contracts. Bybit lists open linear orders by symbol or by one of these coins only. */
export const LINEAR_COINS = [SETTLE_COIN, 'USDC'] as const;

/** The scope of everything that mmbot trades. */
export const TRADED = { category: 'linear', settleCoin: SETTLE_COIN } as const;

/**
 * Whether `order` lies in the scope. An order does not name its settle coin, so the coin is derived from the symbol. Where that does not tell
 * it, the order counts for every coin.
 */
export function covers({ category, symbol, settleCoin }: CancelScope, order: RestingOrder): boolean {
  if (category !== order.category) return false;
  // An order without a symbol counts for every scope.
  if (order.symbol === '') return true;
  if (symbol !== undefined && symbol !== order.symbol) return false;
  if (settleCoin === undefined) return true;
  return (settledIn(order) ?? settleCoin) === settleCoin;
}

/**
 * Linear contracts are named BTCUSDT and BTCUSDT-27NOV26, those settled in USDC BTCPERP and BTC-27NOV26, and some options
 * BTC-27NOV26-70000-C-USDT. Inverse contracts are settled in their base coin.
 */
function settledIn({ category, symbol }: RestingOrder): string | undefined {
  switch (category) {
    case 'linear':
      if (/USDT(-\d+[A-Z]+\d+)?$/.test(symbol)) return 'USDT';
      return /^[A-Z0-9]+(PERP|-\d+[A-Z]+\d+)$/.test(symbol) ? 'USDC' : undefined;
    case 'option':
      return /-[CP]-([A-Z]+)$/.exec(symbol)?.[1];
    case 'inverse':
      return /^([A-Z0-9]+)USD([A-Z]\d+)?$/.exec(symbol)?.[1];
    default:
      return undefined;
  }
}
