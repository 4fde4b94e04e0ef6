/** `reducing`: only orders that shrink the position; `frozen`: nothing but cancels, until a person acts. */
export type TradingState =
  | { readonly mode: 'active' }
  | { readonly mode: 'reducing'; readonly reason: string }
  | { readonly mode: 'frozen'; readonly reason: string; readonly at: number };

export const ACTIVE: TradingState = { mode: 'active' };
