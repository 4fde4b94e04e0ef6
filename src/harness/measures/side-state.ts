import type { BotEvent } from '../../execution/events.ts';
import type { Side } from '../../model/order.ts';

type Turn = Extract<BotEvent, { type: 'turn' }>;

/** What one side of one symbol is doing. */
export type SideKind =
  /** An order rests, and nothing keeps it from being as wanted. */
  | 'quoted'
  /** An order rests, smaller or further away because of a risk guard. */
  | 'reduced'
  /** An order rests, but a change of this side waits for a budget. */
  | 'late'
  /** An order rests, but a limit denied a change of this side, or another order. */
  | 'limited'
  /** An order rests that is to be canceled: nothing of this symbol may be quoted. */
  | 'ending'
  /** No order rests: nothing of this symbol may be quoted. */
  | 'hold'
  /** No order rests: a risk guard lets only the other side be quoted. */
  | 'guard'
  /** No order rests: none of a size that the exchange accepts is left. */
  | 'no_size'
  /** No order rests: a limit denied it. */
  | 'denied'
  /** No order rests: it waits for a budget. */
  | 'waiting'
  /** No order rests: it is on its way. */
  | 'placing'
  /** It is not known whether an order rests: its request was not answered. */
  | 'doubt';

export interface SideState {
  readonly kind: SideKind;
  /** The hold, guard, omission, denial or budget; empty for `quoted`, `placing` and `doubt`. */
  readonly code: string;
}

const RESTING: ReadonlySet<SideKind> = new Set(['quoted', 'reduced', 'late', 'limited', 'ending']);

/** Whether an order of this side rests. */
export function isResting({ kind }: SideState): boolean {
  return RESTING.has(kind);
}

/** The state in which a turn leaves one side. */
export function sideState(turn: Turn, side: Side): SideState {
  const rests = (side === 'buy' ? turn.bid : turn.ask) !== undefined;
  return rests ? restingState(turn, side) : missingState(turn, side);
}

const QUOTED: SideState = { kind: 'quoted', code: '' };
const PLACING: SideState = { kind: 'placing', code: '' };
const DOUBT: SideState = { kind: 'doubt', code: '' };

function restingState(turn: Turn, side: Side): SideState {
  const { explanation, hold } = turn;
  const { waiting, guard } = explanation;
  if (hold !== undefined) return { kind: 'ending', code: hold };
  const denial = denialOn(turn, side);
  if (denial !== undefined) return { kind: 'limited', code: denial };
  if (waiting !== undefined && waiting[side].places + waiting[side].moves > 0) return { kind: 'late', code: waiting.budget };
  return guard === undefined ? QUOTED : { kind: 'reduced', code: guard };
}

/** Why an order of this side was denied. An amend has no side: its price is that of a quote. */
function denialOn({ denied, explanation: { quotes } }: Turn, side: Side): string | undefined {
  const sideOf = (order: Turn['denied'][number]['order']): Side | undefined =>
    'side' in order ? order.side : quotes.find(({ price }) => price === order.price)?.side;
  return denied.find(({ order }) => sideOf(order) === side)?.reason;
}

function missingState(turn: Turn, side: Side): SideState {
  const { hold, explanation } = turn;
  const { guard, omitted, waiting } = explanation;
  if (hold !== undefined && hold !== 'no_placeable_quote') return { kind: 'hold', code: hold };
  const omission = omitted[side];
  if (omission === 'reducing') return { kind: 'guard', code: guard ?? omission };
  if (omission !== undefined) return { kind: 'no_size', code: omission };
  const denial = denialOn(turn, side);
  if (denial !== undefined) return { kind: 'denied', code: denial };
  if (waiting !== undefined && waiting[side].places > 0) return { kind: 'waiting', code: waiting.budget };
  return turn.orders.some((order) => order.side === side && order.state.tag === 'unknown') ? DOUBT : PLACING;
}
