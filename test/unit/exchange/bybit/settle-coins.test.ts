import { describe, expect, test } from 'vitest';
import { covers } from '../../../../src/exchange/bybit/settle-coins.ts';
import type { CancelScope, Category, RestingOrder } from '../../../../src/exchange/cancel-port.ts';

function order(category: Category, symbol: string): RestingOrder {
  const terms = { side: 'buy', price: '1', quantity: undefined, filled: undefined } as const;
  return { category, symbol, exchangeOrderId: 'x', clientOrderId: '', kind: 'plain', ...terms };
}

const linear = (settleCoin: string): CancelScope => ({ category: 'linear', settleCoin });

describe('a scope', () => {
  test.each([
    ['BTCUSDT', ['USDT']],
    ['BTCUSDT-26DEC26', ['USDT']],
    ['BTCPERP', ['USDC']],
    ['BTC-27NOV26', ['USDC']],
    // A row without a symbol may be of any scope.
    ['', ['USDT', 'USDC']],
  ])('of a settle coin covers the linear order of %j when its name says so', (symbol, coins) => {
    expect(['USDT', 'USDC'].filter((coin) => covers(linear(coin), order('linear', symbol)))).toEqual(coins);
  });

  test('of a coin of inverse contracts covers those whose name begins with it', () => {
    const scope = { category: 'inverse', settleCoin: 'BTC' } as const;
    expect(['BTCUSD', 'ETHUSD'].map((symbol) => covers(scope, order('inverse', symbol)))).toEqual([true, false]);
  });

  test('of a symbol or of a whole category covers no other symbol and no other category', () => {
    const btc = order('linear', 'BTCUSDT');
    const scopes: CancelScope[] = [
      { category: 'linear', symbol: 'BTCUSDT' },
      { category: 'linear', symbol: 'ETHUSDT' },
      { category: 'linear' },
      { category: 'spot' },
    ];
    expect(scopes.map((scope) => covers(scope, btc))).toEqual([true, false, true, false]);
  });
});
