import type { BotEvent } from '../../execution/events.ts';
import type { JournalRecord } from '../../execution/journal.ts';
import type { LedgerEvent } from '../../simulator/ledger/ledger.ts';

/**
 * What the checks know, each from a record that mmbot does not keep: the exchange's ledger, the bytes on the wire, the journal as
 * it reached the disk. Events are what mmbot says of itself: only ever held against one of the others.
 */
export type Fact =
  | { readonly source: 'ledger'; readonly event: LedgerEvent }
  | { readonly source: 'wire'; readonly event: WireFact }
  | { readonly source: 'journal'; readonly event: JournalFact }
  | { readonly source: 'events'; readonly event: BotEvent };

/** One order in a request; texts as sent, '' where the request does not say. */
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
  /** `/v5/order/create`, whichever way it goes. */
  readonly path: string;
  /** Of order requests. */
  readonly orders: readonly SentOrder[];
  /** As the request states them, ms; undefined when it does not. */
  readonly timestamp: number | undefined;
  readonly recvWindowMs: number | undefined;
}

export interface Answered {
  readonly type: 'answered';
  readonly path: string;
  readonly orders: readonly SentOrder[];
  /** On the time axis of the facts. */
  readonly sentAt: number;
  /** Undefined: no answer, or one that cannot be read. */
  readonly code: number | undefined;
  /** From the answer to the reset of its counter, by the exchange's own clock. */
  readonly resetInMs: number | undefined;
}

export type StreamKind = 'public' | 'private' | 'trade';

/** A message of the book was handed over. Undefined: it does not say. */
export interface BookFact {
  readonly type: 'book';
  readonly symbol: string;
  /** All there is, not a change. */
  readonly isWhole: boolean;
  readonly update: number | undefined;
  readonly sequence: number | undefined;
}

export type WireFact =
  | Sent
  | Answered
  | { readonly type: 'socket'; readonly stream: StreamKind; readonly state: 'dialed' | 'open' | 'closed' }
  | BookFact;

/** `index`: of the record, from 0. `durable`: all before `count` would survive a crash. `broken`: nothing more is taken. */
export type JournalFact =
  | { readonly type: 'record'; readonly index: number; readonly record: JournalRecord }
  | { readonly type: 'durable'; readonly count: number }
  | { readonly type: 'broken' };
