import type { ExchangeError, ExchangeErrorKind } from '../exchange/errors.ts';
import type { OddRow, StreamName, Transport } from '../exchange/exchange.ts';
import type { Amend, Fill, NewOrder, OrderState } from '../model/order.ts';
import type { FundingPayment, Position } from '../model/position.ts';
import type { Lots, Ticks } from '../model/units.ts';
import type { BreakerState } from './limits/circuit-breaker.ts';
import type { CancelReport } from './cancel/cancel-report.ts';
import type { Denial } from '../risk/gate.ts';
import type { Explanation, Plan } from './decide/decision.ts';

/** Why a request did not succeed: the kind, to count by, and all that the exchange said. */
export interface Failure {
  readonly reason: ExchangeErrorKind;
  readonly error: ExchangeError;
}

/** Everything the bot did or saw that someone may want to count, log or show. Nothing reads it back into a decision. */
export type BotEvent =
  | {
      readonly type: 'turn';
      readonly symbol: string;
      readonly bid: Ticks | undefined;
      readonly ask: Ticks | undefined;
      readonly mid: number | undefined;
      readonly hold: string | undefined;
      readonly explanation: Explanation;
      readonly plan: Plan;
      readonly denied: readonly Denial[];
    }
  | { readonly type: 'orderDenied'; readonly denial: Denial }
  | { readonly type: 'orderSent'; readonly order: NewOrder }
  /** `latencyMs`: from the turn that wanted the order to the answer. */
  | { readonly type: 'orderAcked'; readonly order: NewOrder; readonly latencyMs: number; readonly queueMs: number }
  /** First seen on the private stream or in a query. */
  | { readonly type: 'orderConfirmed'; readonly order: NewOrder; readonly latencyMs: number }
  | ({ readonly type: 'orderRefused'; readonly order: NewOrder } & Failure)
  | ({ readonly type: 'orderUnknown'; readonly order: NewOrder } & Failure)
  /** It stopped being live. */
  | {
      readonly type: 'orderClosed';
      readonly clientOrderId: string;
      readonly symbol: string;
      readonly state: OrderState;
      readonly filled: Lots;
    }
  /** The exchange holds it at another price than we asked for, and we have not asked for a change. */
  | {
      readonly type: 'priceDiverged';
      readonly symbol: string;
      readonly clientOrderId: string;
      readonly asked: Ticks;
      readonly found: Ticks;
    }
  | { readonly type: 'amendSent'; readonly amend: Amend }
  | { readonly type: 'amendAcked'; readonly amend: Amend; readonly latencyMs: number; readonly queueMs: number }
  | ({ readonly type: 'amendFailed'; readonly amend: Amend } & Failure)
  | { readonly type: 'cancelSent'; readonly clientOrderId: string; readonly symbol: string }
  | { readonly type: 'cancelAcked'; readonly clientOrderId: string; readonly symbol: string; readonly latencyMs: number }
  | ({ readonly type: 'cancelFailed'; readonly clientOrderId: string; readonly symbol: string } & Failure)
  /** A request that was never sent: it waited too long for its lane, was approved on a grid that is gone, and the like. */
  | { readonly type: 'requestDropped'; readonly kind: 'place' | 'amend'; readonly clientOrderId: string; readonly reason: string }
  /** `mid`: in ticks, just before the fill was known. `position`: after it. */
  | { readonly type: 'fill'; readonly fill: Fill; readonly position: Position; readonly mid: number | undefined }
  /** `position`: after it. */
  | { readonly type: 'funding'; readonly payment: FundingPayment; readonly position: Position }
  /** How an order of an earlier run ended, which had not recorded it. */
  | {
      readonly type: 'leftoverSettled';
      readonly clientOrderId: string;
      readonly symbol: string;
      readonly state: OrderState;
      readonly filled: Lots;
    }
  /** An execution of an earlier run's order that no record told of; it is in the position already. */
  | { readonly type: 'fillRecovered'; readonly fill: Fill }
  | { readonly type: 'hold'; readonly symbol: string; readonly reason: string | undefined }
  | { readonly type: 'frozen'; readonly reason: string }
  | { readonly type: 'stream'; readonly stream: StreamName; readonly state: 'up' | 'down'; readonly reason: string }
  /** A message came. `lagMs`: since the exchange sent it, by its own clock. */
  | { readonly type: 'streamHeard'; readonly stream: StreamName; readonly lagMs: number }
  /** A way of entering orders was closed to creates and amends, or is open to them again. */
  | { readonly type: 'breaker'; readonly via: Transport; readonly state: BreakerState }
  | { readonly type: 'bookLost'; readonly symbol: string; readonly reason: string }
  /** A row of the exchange was left out or rounded; each once. */
  | { readonly type: 'oddRow'; readonly row: OddRow }
  /** The exchange's lists could not be read: nothing is known to be right, and nothing is quoted until they can. */
  | ({ readonly type: 'reconcileFailed' } & Failure)
  | { readonly type: 'reconciled'; readonly divergences: readonly string[] }
  | { readonly type: 'cancelAllDone'; readonly report: CancelReport }
  /** The exchange could not be read at all, so that nothing is known of what rests. */
  | { readonly type: 'cancelAllFailed'; readonly trigger: CancelReport['trigger']; readonly reason: string };

/** Hears every event, at the moment it happens; must not throw and not wait. */
export type Recorder = (event: BotEvent) => void;

/** One recorder that passes every event to all of them, in this order. */
export function allOf(...recorders: readonly Recorder[]): Recorder {
  return (event) => {
    for (const record of recorders) record(event);
  };
}
