import { EXIT, MmbotError } from '../../errors.ts';
import type { LevelChange } from '../../model/book.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import type { Lots, Ticks } from '../../model/units.ts';
import { excerptOf } from '../../util/excerpt.ts';

/** An event of a recording, on the grid of its instrument. `at`: time of the matching engine, ms since the epoch. */
export type RecordedEvent = RecordedBook | RecordedTrade | RecordedTicker;

export interface RecordedBook {
  readonly type: 'book';
  readonly at: number;
  readonly symbol: string;
  /** Most levels per side that the topic shows. */
  readonly depth: number;
  /** True for a snapshot: `bids` and `asks` are the whole book. */
  readonly whole: boolean;
  readonly bids: readonly LevelChange[];
  readonly asks: readonly LevelChange[];
  readonly place: Place;
}

export interface RecordedTrade {
  readonly type: 'trade';
  readonly at: number;
  readonly symbol: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Side of the taker. */
  readonly side: Side;
  readonly id: string;
  /** Whether `id` identifies the same trade in every file. */
  readonly isIdUniversal: boolean;
  /** A block trade, or one with an order that the book does not show. */
  readonly isAside: boolean;
  readonly place: Place;
}

/** Fields are undefined if the message does not have them. */
export interface RecordedTicker {
  readonly type: 'ticker';
  readonly at: number;
  readonly symbol: string;
  readonly markPrice: Ticks | undefined;
  readonly indexPrice: Ticks | undefined;
  /** Of the next settlement, in parts of 1e8. */
  readonly fundingRate: number | undefined;
  readonly place: Place;
}

/** Where an event was read. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The instrument of a symbol; undefined when the symbol is not to be played. Throws for an unknown symbol. */
export type InstrumentLookup = (symbol: string, place: Place) => Instrument | undefined;

/** The error for a recording that cannot be played. */
export function unusable({ file, line }: { file: string; line?: number }, problem: string, hint?: string): MmbotError {
  const place = line === undefined ? file : `${file}:${line}`;
  return new MmbotError({
    code: 'unusable_recording',
    exitCode: EXIT.usage,
    message: `${place}: ${problem}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The value that was found instead, short enough for a message. */
export function shown(value: unknown): string {
  return value === undefined ? 'missing' : excerptOf(value, 60);
}
