import type { BotEvent } from '../../execution/events.ts';
import type { Side } from '../../model/order.ts';

type Turn = Extract<BotEvent, { type: 'turn' }>;

/** What one side of one symbol is doing. */
export type SideKind =
  /** An order rests, and nothing keeps it from being as wanted. */
  | 'quoted'
  /** An order rests, smaller or further away because of a risk guard, or to be canceled because of a hold. */
  | 'reduced'
  /** An order rests, but a change of this side waits for a budget. */
  | 'late'
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
  | 'placing';

export interface SideState {
  readonly kind: SideKind;
  /** The hold, guard, omission, denial or budget; empty for `quoted` and `placing`. */
  readonly code: string;
}

/** Whether an order of this side rests. */
export function isResting({ kind }: SideState): boolean {
  return kind === 'quoted' || kind === 'reduced' || kind === 'late';
}

/** The state in which a turn leaves one side. */
export function sideState(turn: Turn, side: Side): SideState {
  const rests = (side === 'buy' ? turn.bid : turn.ask) !== undefined;
  return rests ? restingState(turn, side) : missingState(turn, side);
}

const QUOTED: SideState = { kind: 'quoted', code: '' };
const PLACING: SideState = { kind: 'placing', code: '' };

function restingState({ explanation: { waiting, guard }, hold }: Turn, side: Side): SideState {
  // Its cancel is on its way.
  if (hold !== undefined) return { kind: 'reduced', code: hold };
  if (waiting !== undefined && waiting[side].places + waiting[side].moves > 0) return { kind: 'late', code: waiting.budget };
  return guard === undefined ? QUOTED : { kind: 'reduced', code: guard };
}

function missingState({ hold, explanation, denied }: Turn, side: Side): SideState {
  const { guard, omitted, waiting } = explanation;
  if (hold !== undefined && hold !== 'no_placeable_quote') return { kind: 'hold', code: hold };
  const omission = omitted[side];
  if (omission === 'reducing') return { kind: 'guard', code: guard ?? omission };
  if (omission !== undefined) return { kind: 'no_size', code: omission };
  const denial = denied.find(({ order }) => 'side' in order && order.side === side);
  if (denial !== undefined) return { kind: 'denied', code: denial.reason };
  if (waiting !== undefined && waiting[side].places > 0) return { kind: 'waiting', code: waiting.budget };
  return PLACING;
}
