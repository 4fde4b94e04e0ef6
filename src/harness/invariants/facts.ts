import type { BotEvent } from '../../execution/events.ts';
import type { JournalRecord } from '../../execution/journal.ts';
import type { LedgerEvent } from '../../simulator/ledger/ledger.ts';

/**
 * Facts that the checks work with. They come from records that mmbot does not keep: the exchange’s ledger, the bytes on the wire, the
 * journal as it reached the disk. Events are mmbot’s own statements and are only ever compared with one of these.
 */
export type Fact =
  | { readonly source: 'ledger'; readonly event: LedgerEvent }
  | { readonly source: 'wire'; readonly event: WireFact }
  | { readonly source: 'journal'; readonly event: JournalFact }
  | { readonly source: 'events'; readonly event: BotEvent };

/** One order in a request; texts as sent, '' for a field that the request does not have. */
export interface SentOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
  readonly timeInForce: string;
}

export interface Sent {
  readonly type: 'sent';
  readonly way: 'rest' | 'socket';
  /** `/v5/order/create` for example, the same for both transports. */
  readonly path: string;
  /** Only for order requests. */
  readonly orders: readonly SentOrder[];
  /** From the request, ms; undefined if it has none. */
  readonly timestamp: number | undefined;
  readonly recvWindowMs: number | undefined;
}

export interface Answered {
  readonly type: 'answered';
  readonly path: string;
  readonly orders: readonly SentOrder[];
  /** On the time axis of the facts. */
  readonly sentAt: number;
  /** Undefined: no answer, or an unreadable one. */
  readonly code: number | undefined;
  /** Time from the answer to the reset of its rate limit, by the exchange’s own clock. */
  readonly resetInMs: number | undefined;
}

export type StreamKind = 'public' | 'private' | 'trade';

/** A delivered message of the order book. Fields are undefined where the message does not have them. */
export interface BookFact {
  readonly type: 'book';
  readonly symbol: string;
  /** A snapshot, not a delta. */
  readonly isWhole: boolean;
  readonly update: number | undefined;
  readonly sequence: number | undefined;
}

export type WireFact =
  | Sent
  | Answered
  | { readonly type: 'socket'; readonly stream: StreamKind; readonly state: 'dialed' | 'open' | 'closed' }
  | BookFact;

/**
 * `index`: of the record, from 0. `durable`: the first `count` records would survive a crash. `broken`: no further records are accepted.
 */
export type JournalFact =
  | { readonly type: 'record'; readonly index: number; readonly record: JournalRecord }
  | { readonly type: 'durable'; readonly count: number }
  | { readonly type: 'broken' };
