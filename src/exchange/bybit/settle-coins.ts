import type { CancelScope, RestingOrder } from '../cancel-port.ts';

/** The settle coin of the contracts that mmbot trades. */
export const SETTLE_COIN = 'USDT';

/** The settle coins of linear contracts. Bybit lists open linear orders by symbol or by one of these coins only. */
export const LINEAR_COINS = [SETTLE_COIN, 'USDC'] as const;

/** The scope of everything that mmbot trades. */
export const TRADED = { category: 'linear', settleCoin: SETTLE_COIN } as const;

/** Whether `order` lies in the scope. An order does not name its settle coin, so the coin is derived from the symbol. */
export function covers({ category, symbol, settleCoin }: CancelScope, order: RestingOrder): boolean {
  if (category !== order.category) return false;
  // An order without a symbol counts for every scope.
  if (order.symbol === '') return true;
  if (symbol !== undefined && symbol !== order.symbol) return false;
  if (settleCoin === undefined) return true;
  return category === 'linear' ? settledIn(order.symbol) === settleCoin : order.symbol.startsWith(settleCoin);
}

/** Linear contracts are named BTCUSDT, and those settled in USDC BTCPERP or BTC-27NOV26. */
function settledIn(symbol: string): string {
  return /USDT(-\d+[A-Z]+\d+)?$/.test(symbol) ? 'USDT' : 'USDC';
}
