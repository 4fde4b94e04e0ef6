import { z } from 'zod';

/** Bybit's decimal numbers are text: no exponent, no sign but a minus, no stray blanks. */
export const number = z.string().regex(/^-?\d+(\.\d+)?$/, 'not a decimal text');
export const unsigned = z.string().regex(/^\d+(\.\d+)?$/, 'not an unsigned decimal text');
export const positive = unsigned.refine((text) => Number(text) > 0, 'not above zero');
export const integer = z.string().regex(/^\d+$/, 'not a whole number as text');
/** ms since the epoch. */
export const timeText = z.string().regex(/^\d{13}$/, 'not ms as text');
export const timeNumber = z.int().min(1_000_000_000_000).max(9_999_999_999_999);
export const sequence = z.int().positive();
export const none = z.literal('');
export const id = z.string().min(1);
export const anyText = z.string();
export const linkId = z.string().regex(/^[A-Za-z0-9_-]{0,36}$/);
export const symbol = z.string().regex(/^[A-Z0-9]{2,30}$/);
export const coin = z.string().regex(/^[A-Z0-9]{2,12}$/);
export const side = z.enum(['Buy', 'Sell']);
export const category = z.enum(['linear', 'spot', 'inverse', 'option']);
export const nothing = z.strictObject({});

export const orNone = <T extends z.ZodType>(schema: T): z.ZodUnion<[z.ZodLiteral<''>, T]> => z.union([none, schema]);

/** BTCUSDT, as the perpetual contract that §7.1 describes: prices on 0.10 with two decimals, quantities on 0.001 with three. */
const GRIDS: Readonly<Record<string, { readonly price: RegExp; readonly quantity: RegExp }>> = {
  BTCUSDT: { price: /^\d+\.\d0$/, quantity: /^\d+\.\d{3}$/ },
};

/** Prices and quantities of a row of a perpetual contract have exactly the decimals of its instrument. */
export function onGrid(prices: readonly string[], quantities: readonly string[]): (row: object, context: z.core.$RefinementCtx) => void {
  return (row, context) => {
    const fields = new Map<string, unknown>(Object.entries(row));
    const grid = GRIDS[String(fields.get('symbol') ?? fields.get('s'))];
    const check = (names: readonly string[], form: RegExp): void => {
      for (const name of names) {
        const value = fields.get(name);
        if (typeof value === 'string' && value !== '' && value !== '0' && !form.test(value))
          context.addIssue({ code: 'custom', path: [name], message: `'${value}' is not on the instrument's grid`, input: value });
      }
    };
    if (grid === undefined) return;
    check(prices, grid.price);
    check(quantities, grid.quantity);
  };
}
