import type { Settings } from '../../config/fields.ts';
import { touchOf, type MarketView, type Touch } from '../../model/book.ts';
import { farther } from '../../model/position.ts';
import { freezeReason } from '../../risk/kill-switch.ts';
import { judgeGuards, type GuardVerdict } from '../../risk/guards.ts';
import { floorTickLots } from '../../strategy/rounding.ts';
import type { SymbolView } from './view.ts';

export type DecideSettings = Pick<Settings, 'quoting' | 'risk'>;

/** The market without our own orders. */
interface Market {
  readonly book: MarketView;
  readonly touch: Touch;
}

/** What every later stage of a decision works with. */
export interface Situation {
  readonly view: SymbolView;
  readonly settings: DecideSettings;
  readonly market: Market;
  readonly guard: GuardVerdict;
  /** Position over the maximum position, signed. */
  readonly inventoryRatio: number;
}

/** Why nothing may be quoted in this turn. */
export interface Hold {
  readonly guard: GuardVerdict;
  readonly hold: string;
  /** Set when trading must stop until a person acts. */
  readonly freeze: string | undefined;
}

/** Whether quotes may be made from this view, and what from. No quote is better than a wrong one. */
export function assess(view: SymbolView, settings: DecideSettings): Situation | Hold {
  const { risk } = settings;
  const freeze = freezeReason(view, risk);
  const market = marketOf(view, risk);
  const inventoryRatio = inventoryRatioOf(view, risk, market);
  const guard = judgeGuards(view, Math.abs(inventoryRatio), risk, view.memory.guards);
  const hold = freeze ?? holdOf(view, guard);
  if (hold !== undefined) return { guard, hold, freeze };
  return typeof market === 'string' ? { guard, hold: market, freeze } : { view, settings, market, guard, inventoryRatio };
}

/** The market, or why there is none to quote on. */
function marketOf(view: SymbolView, risk: Settings['risk']): Market | string {
  const { book, others } = view;
  if (book === undefined || others === undefined) return 'no_book';
  if (!(view.bookAgeMs <= risk.staleBookMs)) return 'stale_book';
  if (touchOf(book) === undefined) return 'crossed_or_empty_book';
  const touch = touchOf(others);
  return touch === undefined ? 'crossed_or_empty_book' : { book: others, touch };
}

function holdOf(view: SymbolView, guard: GuardVerdict): string | undefined {
  if (view.trading.mode === 'frozen') return 'frozen';
  if (view.heldBy !== undefined) return view.heldBy;
  if (view.account.dayPnlUsd === undefined) return 'pnl_unknown';
  if (view.instrument.status !== 'trading') return 'not_trading';
  return guard.level === 'hard' ? guard.reason : undefined;
}

/** At the best price that is known; not a number where none is. */
function inventoryRatioOf({ held, instrument, markPrice, lastPrice }: SymbolView, risk: Settings['risk'], market: Market | string): number {
  const quantity = farther(held);
  if (quantity === 0) return 0;
  const price = typeof market === 'string' ? (markPrice ?? lastPrice) : market.touch.bid.price;
  if (price === undefined) return Number.NaN;
  return (quantity * price) / floorTickLots(risk.maxPositionUsd, instrument);
}
