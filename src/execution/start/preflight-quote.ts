import { fullOrderUsd, orderSizeRemedy } from '../../config/derived.ts';
import { settingsFor, type Settings } from '../../config/fields.ts';
import { ignoreExchangeError } from '../../exchange/errors.ts';
import type { PositionReport } from '../../exchange/exchange.ts';
import { formatStepsShort } from '../../model/grid.ts';
import { smallestQuantity, smallestUsd, type FeeRates, type Instrument } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import { exactly, FLAT } from '../../model/position.ts';
import { atoms, ticks, type Ticks } from '../../model/units.ts';
import { ACTIVE } from '../../risk/trading-state.ts';
import type { Omission } from '../../strategy/order-size.ts';
import type { Quote } from '../../strategy/quote.ts';
import { decide } from '../decide/decide.ts';
import type { Decision } from '../decide/decision.ts';
import { SymbolState } from '../loop/symbol-state.ts';
import { check, type Check, type PreflightParts } from './preflight-check.ts';
import { positionOf } from './recovery.ts';

/** What the bot would do first in one symbol. */
export interface FirstQuotes {
  readonly instrument: Instrument;
  /** The mark price now, else the best ask; undefined without both. */
  readonly price: Ticks | undefined;
  /** The real decision on the book of now; undefined when there is no book. */
  readonly decision: Decision | undefined;
}

interface Account {
  readonly fees: FeeRates;
  readonly held: readonly PositionReport[];
}

const SIDES = ['buy', 'sell'] as const;
const NO_QUOTE = 'no_placeable_quote';
const MENDS = 'it starts, and quotes what it can; change the setting or the position if that is not wanted';
const WORDS: Readonly<Record<Omission, string>> = {
  order_size: 'an order of full size is smaller than the exchange accepts',
  impact_cap: 'too little is displayed for quoting.impactCapRatio',
  position_room: 'the position leaves no room below risk.maxPositionUsd',
  reducing: 'only what shrinks the position is quoted',
  instrument: 'the exchange accepts no order of any size',
  price: 'no price above zero is left',
};
const NAMES: Readonly<Record<Side, string>> = { buy: 'bid', sell: 'ask' };

/** Decides once on the exchange's book, as the first turn of a run does, and sends nothing. */
export async function firstQuotes(
  { exchange, clock, settings }: PreflightParts,
  instrument: Instrument,
  { fees, held }: Account,
): Promise<FirstQuotes> {
  const { symbol } = instrument;
  // A symbol may be suspended, or new.
  const [price, book] = await Promise.all([exchange.markPrice(symbol).catch(none), exchange.orderBook(symbol).catch(none)]);
  if (book === undefined) return { instrument, price, decision: undefined };
  const own = settingsFor(settings, symbol);
  const state = new SymbolState(instrument, fees, clock, own);
  state.bookArrived(book);
  state.priced({ markPrice: price, lastPrice: undefined });
  const report = held.find((each) => each.symbol === symbol);
  const position = report === undefined ? FLAT : positionOf(report.quantity, report.entryPrice, instrument);
  const view = state.view({
    orders: [],
    position,
    held: exactly(position.quantity),
    account: { openOrders: 0, openNotional: atoms(0), ordersToday: 0, dayPnlUsd: 0 },
    trading: ACTIVE,
    heldBy: undefined,
    inFlight: 0,
    placeRoom: Number.POSITIVE_INFINITY,
    amendRoom: Number.POSITIVE_INFINITY,
  });
  return { instrument, price: price ?? state.touch()?.ask.price, decision: decide(view, own, () => '') };
}

function none(error: unknown): undefined {
  ignoreExchangeError(error);
}

/** A bot that can quote one symbol may start, so an order size that is too small for others only warns. */
export function quoteChecks(settings: Settings, quotes: readonly FirstQuotes[]): Check[] {
  const settingsOf = ({ instrument }: FirstQuotes): Settings => settingsFor(settings, instrument.symbol);
  const isTooSmall = (each: FirstQuotes): boolean => neverFits(settingsOf(each), each);
  const isAllTooSmall = quotes.every(isTooSmall);
  return quotes.map((each) => (isTooSmall(each) ? sizeCheck(settingsOf(each), each, isAllTooSmall ? 'fail' : 'warn') : quoteCheck(each)));
}

/** Even an order of full size is too small: that no hold or guard of now changes. */
function neverFits(settings: Settings, { instrument, price, decision }: FirstQuotes): boolean {
  if (decision !== undefined && SIDES.every((side) => decision.explanation.omitted[side] === 'order_size')) return true;
  return price !== undefined && fullOrderUsd(settings) < smallestUsd(instrument, price);
}

function sizeCheck(settings: Settings, { instrument, price = ticks(0) }: FirstQuotes, result: Check['result']): Check {
  const { symbol, baseCoin, lot } = instrument;
  const usd = Number(fullOrderUsd(settings).toFixed(2));
  const least = smallestUsd(instrument, price);
  const smallest = `${formatStepsShort(smallestQuantity(instrument, price), lot)} ${baseCoin}, ${least.toFixed(2)} USD now`;
  return check(
    `quote-${symbol}`,
    result,
    `no quote: orders of ${usd} USD, the exchange's smallest is ${smallest}`,
    `it could not be quoted: ${orderSizeRemedy(settings, least)}`,
  );
}

function quoteCheck({ instrument, decision }: FirstQuotes): Check {
  const id = `quote-${instrument.symbol}`;
  if (decision === undefined) return check(id, 'warn', 'there is no order book to quote from', 'try again when there is one');
  const { hold, explanation } = decision;
  if (hold !== undefined && hold !== NO_QUOTE)
    return check(id, 'warn', `no quote now: ${hold}`, 'it starts, and waits until that has passed');
  const missing = SIDES.map((side) => ({ side, why: whyMissing(decision, side) })).filter(({ why }) => why !== undefined);
  const whys = [...new Set(missing.map(({ why }) => why))].join('; ');
  if (missing.length === SIDES.length) return check(id, 'warn', `no quote: ${whys}`, MENDS);
  const shown = SIDES.filter((side) => missing.every((each) => each.side !== side)).map((side) =>
    bestOf(explanation.quotes, side, instrument),
  );
  const found = `would quote ${shown.join(', ')}`;
  const [other] = missing;
  return other === undefined ? check(id, 'ok', found, '') : check(id, 'warn', `${found}; no ${NAMES[other.side]}: ${whys}`, MENDS);
}

/** Undefined when this side would be quoted. */
function whyMissing({ denied, explanation: { quotes, omitted, guard } }: Decision, side: Side): string | undefined {
  const omission = omitted[side];
  if (omission === 'reducing') return guard ?? WORDS.reducing;
  if (omission !== undefined) return WORDS[omission];
  const [best] = quotes.filter((quote) => quote.side === side);
  const denial = denied.find(({ order }) => order.price === best?.price);
  return denial === undefined ? undefined : `the risk gate denies it (${denial.reason})`;
}

/** The nearest level of a side, and how many there are. */
function bestOf(quotes: readonly Quote[], side: Side, { tick, lot }: Instrument): string {
  const levels = quotes.filter((quote) => quote.side === side);
  const text = levels.slice(0, 1).map(({ price, quantity }) => `${formatStepsShort(price, tick)} × ${formatStepsShort(quantity, lot)}`);
  return `${NAMES[side]} ${text.join('')}${levels.length > 1 ? ` and ${levels.length - 1} more` : ''}`;
}
