import type { ExchangeError, ExchangeErrorKind } from '../exchange/errors.ts';
import type { OddRow, StreamName, Transport } from '../exchange/exchange.ts';
import type { Amend, Fill, NewOrder, Order, OrderState } from '../model/order.ts';
import type { FundingPayment, Position } from '../model/position.ts';
import type { Lots, Ticks } from '../model/units.ts';
import type { BreakerState } from './limits/circuit-breaker.ts';
import type { CancelReport } from './cancel/cancel-report.ts';
import type { Denial } from '../risk/gate.ts';
import type { Explanation, Plan } from './decide/decision.ts';

/** Why a request failed: the kind, for counting, and the full error of the exchange. */
export interface Failure {
  readonly reason: ExchangeErrorKind;
  readonly error: ExchangeError;
}

/** Events for metrics, logs and displays. They are never an input of a decision. */
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
      /** Our orders that are or may be live, with the changes of this plan on their way. */
      readonly orders: readonly Order[];
    }
  | { readonly type: 'orderDenied'; readonly denial: Denial }
  | { readonly type: 'orderSent'; readonly order: NewOrder }
  /** `latencyMs`: from the turn that decided on the order to the acknowledgment; `queueMs`: the part before sending. */
  | { readonly type: 'orderAcked'; readonly order: NewOrder; readonly latencyMs: number; readonly queueMs: number }
  /** First seen on the private stream or in a query. */
  | { readonly type: 'orderConfirmed'; readonly order: NewOrder; readonly latencyMs: number }
  | ({ readonly type: 'orderRefused'; readonly order: NewOrder } & Failure)
  | ({ readonly type: 'orderUnknown'; readonly order: NewOrder } & Failure)
  /** The order is no longer live. */
  | {
      readonly type: 'orderClosed';
      readonly clientOrderId: string;
      readonly symbol: string;
      readonly state: OrderState;
      readonly filled: Lots;
    }
  /** The exchange has the order at another price than requested, and no amend is pending. */
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
  /** A request that was never sent, for example because it waited too long or because the tick or lot size changed after its approval. */
  | { readonly type: 'requestDropped'; readonly kind: 'place' | 'amend'; readonly clientOrderId: string; readonly reason: string }
  /** `mid`: in ticks, just before the fill arrived. `position`: after the fill. */
  | { readonly type: 'fill'; readonly fill: Fill; readonly position: Position; readonly mid: number | undefined }
  /** `position`: after the payment. */
  | { readonly type: 'funding'; readonly payment: FundingPayment; readonly position: Position }
  /** How an order of an earlier run ended, when that run had not recorded it. */
  | {
      readonly type: 'leftoverSettled';
      readonly clientOrderId: string;
      readonly symbol: string;
      readonly state: OrderState;
      readonly filled: Lots;
    }
  /** An execution of an earlier run's order that was not in the journal; the position includes it already. */
  | { readonly type: 'fillRecovered'; readonly fill: Fill }
  | { readonly type: 'hold'; readonly symbol: string; readonly reason: string | undefined }
  | { readonly type: 'frozen'; readonly reason: string }
  | { readonly type: 'stream'; readonly stream: StreamName; readonly state: 'up' | 'down'; readonly reason: string }
  /** A stream message arrived. `lagMs`: time since the exchange sent it, by the exchange's clock. */
  | { readonly type: 'streamHeard'; readonly stream: StreamName; readonly lagMs: number }
  /** The circuit breaker of an order-entry transport changed its state. */
  | { readonly type: 'breaker'; readonly via: Transport; readonly state: BreakerState }
  | { readonly type: 'bookLost'; readonly symbol: string; readonly reason: string }
  /** A row of the exchange was skipped or rounded; reported once per row. */
  | { readonly type: 'oddRow'; readonly row: OddRow }
  /** The exchange's lists could not be read: the local state is unconfirmed, and nothing is quoted until they can be read. */
  | ({ readonly type: 'reconcileFailed' } & Failure)
  | { readonly type: 'reconciled'; readonly divergences: readonly string[] }
  | { readonly type: 'cancelAllDone'; readonly report: CancelReport }
  /** The exchange could not be read at all, so it is unknown which orders rest. */
  | { readonly type: 'cancelAllFailed'; readonly trigger: CancelReport['trigger']; readonly reason: string };

/** Called synchronously with every event; must not throw or block. */
export type Recorder = (event: BotEvent) => void;

/** One recorder that passes every event to all of them, in this order. */
export function allOf(...recorders: readonly Recorder[]): Recorder {
  return (event) => {
    for (const record of recorders) record(event);
  };
}
