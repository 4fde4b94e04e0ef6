import type { Outcome } from '../venue/orders.ts';

export type Refusal = Extract<Outcome, { ok: false }>;

/** Bybit’s codes with its own texts (bybit-v5.md §8). */
const TEXTS = {
  10001: 'Request parameter error',
  34040: 'not modified',
  110001: 'Order does not exist',
  110003: 'Order price exceeds the allowable range.',
  110007: 'Available balance is insufficient',
  110008: 'The order has been completed or cancelled.',
  110009: 'The number of stop orders exceeds the maximum allowable limit.',
  110010: 'The order has been cancelled',
  110017: 'orderQty will be truncated to zero',
  110020: 'Not allowed to have more than 500 active orders.',
  110022: 'Quantity has been restricted and orders cannot be modified to increase the quantity.',
  110064: 'The modified contract quantity cannot be less than or equal to the filled quantity.',
  110072: 'OrderLinkedID is duplicate',
  110092: 'expect Rising, but trigger_price <= current',
  110093: 'expect Falling, but trigger_price >= current',
  110094: 'Order notional value below the lower limit',
} as const;

export type RefusalCode = keyof typeof TEXTS;

export function refused(code: RefusalCode, detail?: string): Refusal {
  return { ok: false, code, message: detail === undefined ? TEXTS[code] : `${TEXTS[code]}: ${detail}` };
}
