import { formatStepsShort, grid } from '../../model/grid.ts';
import type { OrderGrid } from '../../model/instrument.ts';
import type { Fill } from '../../model/order.ts';
import type { FundingPayment } from '../../model/position.ts';
import { ATOMS_SCALE } from '../../model/units.ts';
import { isoTime } from '../../util/clock.ts';
import { decimal, decimalOf, multiply, toText, type Decimal } from '../../util/decimal.ts';

/** An execution in exact decimals, in base and settle coin. */
export interface Trade {
  readonly fill: Fill;
  readonly price: Decimal;
  readonly quantity: Decimal;
}

export function tradeOf(fill: Fill, { tick, lot }: OrderGrid): Trade {
  const { price, quantity, exact } = fill;
  return {
    fill,
    price: decimal(exact?.price ?? formatStepsShort(price, grid(tick))),
    quantity: decimal(exact?.quantity ?? formatStepsShort(quantity, grid(lot))),
  };
}

/** The columns of `executions.csv`. */
export const COLUMNS = [
  'time',
  'type',
  'symbol',
  'side',
  'price',
  'quantity',
  'value',
  'fee',
  'funding',
  'liquidity',
  'executionId',
  'orderId',
  'orderLinkId',
] as const;

/** One line of `executions.csv`; amounts are decimal texts in base or settle coin, exactly as they were recorded. */
export type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string>>> & { readonly at: number };

export function fillRow({ fill, price, quantity }: Trade): Row {
  return {
    at: fill.at,
    time: isoTime(fill.at),
    type: 'fill',
    symbol: fill.symbol,
    side: fill.side,
    price: toText(price),
    quantity: toText(quantity),
    value: toText(multiply(price, quantity)),
    fee: coins(fill.fee),
    liquidity: fill.maker ? 'maker' : 'taker',
    executionId: fill.fillId,
    orderId: fill.exchangeOrderId,
    orderLinkId: fill.clientOrderId,
  };
}

/** `funding`: the amount paid; negative when received. */
export function fundingRow({ at, symbol, amount, paymentId }: FundingPayment): Row {
  return { at, time: isoTime(at), type: 'funding', symbol, funding: coins(amount), executionId: paymentId };
}

/** Amounts in settle coin as decimal text. */
export function coins(atoms: number): string {
  return toText(decimalOf(atoms, ATOMS_SCALE));
}

/** A file that spreadsheets read. An id that begins like a formula is not one: it is made of letters, digits and dashes. */
export function csvText(rows: readonly Row[]): string {
  const line = (cells: readonly (string | undefined)[]): string => `${cells.map((cell) => quoted(cell ?? '')).join(',')}\n`;
  return [line(COLUMNS), ...rows.map((row) => line(COLUMNS.map((column) => row[column])))].join('');
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
