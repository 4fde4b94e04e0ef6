/** `reducing`: only orders that shrink the position are allowed; `frozen`: only cancels, until the operator acts. */
export type TradingState =
  | { readonly mode: 'active' }
  | { readonly mode: 'reducing'; readonly reason: string }
  | { readonly mode: 'frozen'; readonly reason: string; readonly at: number };

export const ACTIVE: TradingState = { mode: 'active' };
