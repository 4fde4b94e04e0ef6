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
  readonly postOnly: boolean;
}

/** What a request does to its orders; undefined for reads and for cancels of several orders. */
export type SentOperation = 'create' | 'amend' | 'cancel' | undefined;

export interface Sent {
  readonly type: 'sent';
  readonly way: 'rest' | 'socket';
  /** `/v5/order/create` for example, the same for both transports. */
  readonly path: string;
  readonly operation: SentOperation;
  /** Only for order requests. */
  readonly orders: readonly SentOrder[];
  /** From the request, ms; undefined if it has none. */
  readonly timestamp: number | undefined;
  readonly recvWindowMs: number | undefined;
}

/** The answer to a request. */
export interface Answered extends Pick<Sent, 'path' | 'operation' | 'orders'> {
  readonly type: 'answered';
  /** On the time axis of the facts. */
  readonly sentAt: number;
  /** `other`: refused for another reason than a rate limit, unreadable, or no answer. */
  readonly outcome: 'accepted' | 'rate limit' | 'other';
  /** Time from the answer to the reset of its rate limit, by the exchange’s own clock. */
  readonly resetInMs: number | undefined;
}

/** True for creates and amends. */
export function changesOrder({ operation }: Sent | Answered): boolean {
  return operation === 'create' || operation === 'amend';
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
