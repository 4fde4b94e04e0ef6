import { EXIT, MmbotError } from '../../errors.ts';
import type { LevelChange } from '../../model/book.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import type { Lots, Ticks } from '../../model/units.ts';
import { excerptOf } from '../../util/excerpt.ts';

/** What recordings hold, on the grid of its instrument. `at`: the matching engine's time, ms since the epoch. */
export type RecordedEvent = RecordedBook | RecordedTrade | RecordedTicker;

export interface RecordedBook {
  readonly type: 'book';
  readonly at: number;
  readonly symbol: string;
  /** Levels of each side that the topic shows at most. */
  readonly depth: number;
  /** True when `bids` and `asks` are all there is. */
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
  /** The taker's. */
  readonly side: Side;
  readonly id: string;
  /** Whether `id` means the same trade in every file. */
  readonly isIdUniversal: boolean;
  /** A block trade, or one with an order that the book does not show. */
  readonly isAside: boolean;
  readonly place: Place;
}

/** Undefined where nothing was said. */
export interface RecordedTicker {
  readonly type: 'ticker';
  readonly at: number;
  readonly symbol: string;
  readonly markPrice: Ticks | undefined;
  readonly indexPrice: Ticks | undefined;
  readonly place: Place;
}

/** Where something was read. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The instrument of a symbol; undefined when the symbol is not to be played. Throws for one that nobody knows. */
export type InstrumentLookup = (symbol: string, place: Place) => Instrument | undefined;

/** A recording that cannot be trusted is not played. */
export function unusable({ file, line }: { file: string; line?: number }, problem: string, hint?: string): MmbotError {
  const place = line === undefined ? file : `${file}:${line}`;
  return new MmbotError({
    code: 'unusable_recording',
    exitCode: EXIT.usage,
    message: `${place}: ${problem}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What was found instead, short enough for a message. */
export function shown(value: unknown): string {
  return value === undefined ? 'missing' : excerptOf(value, 60);
}
