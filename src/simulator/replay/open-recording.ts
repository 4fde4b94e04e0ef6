import { createHash } from 'node:crypto';
import { EXIT, MmbotError } from '../../errors.ts';
import { formatSteps } from '../../model/grid.ts';
import { instrumentOf, type Instrument } from '../../model/instrument.ts';
import { FUNDING_HOURS } from '../accounts/funding.ts';
import { presetOf, type InstrumentPreset } from '../instruments.ts';
import type { OpenFile } from './file-bytes.ts';
import { opened, readRecording, type RecordingFiles } from './read-recording.ts';
import { unusable, type InstrumentLookup, type RecordedBook, type RecordedEvent, type RecordedTrade } from './recording.ts';

const FUNDING_MS = FUNDING_HOURS * 3_600_000;

export interface RecordingOptions {
  readonly paths: readonly string[];
  readonly open: OpenFile;
  /** By default all symbols with an order book in the recording. */
  readonly symbols?: readonly string[] | undefined;
  /** How much to play, from the first book on; all of it by default. */
  readonly durationMs?: number | undefined;
}

/** A recording that was read once from end to end and found valid. */
export interface Recording {
  readonly symbols: readonly string[];
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** Whether it goes on after the part to be played. */
  readonly isLonger: boolean;
  /** Times of the first book and of the last event to be played. */
  readonly startAt: number;
  readonly endAt: number;
  readonly counts: RecordingCounts;
  /** The exchange’s listing of a symbol; its market starts at the first recorded prices. */
  preset(symbol: string): InstrumentPreset;
  /** From the first book to the end. */
  events(): AsyncGenerator<RecordedEvent>;
}

export interface RecordingCounts {
  readonly bookMessages: number;
  readonly trades: number;
  /** Skipped because two files have them. */
  readonly overlapping: number;
  /** Times of the funding settlements (00:00, 08:00, 16:00 UTC) that are played. */
  readonly settlements: number;
  /** Tickers with a funding rate. */
  readonly fundingRates: number;
  /** The longest time without a change of any book. */
  readonly longestGapMs: number;
}

/** Reads everything once, so that an unusable recording is rejected before the run starts. */
export async function openRecording({ paths, open, symbols, durationMs = Infinity }: RecordingOptions): Promise<Recording> {
  const leftOut = new Set<string>();
  const files: RecordingFiles = { paths, open, instrumentOf: lookupOf(symbols, leftOut) };
  const survey = new Survey(durationMs);
  const overlap = { books: 0, trades: 0 };
  let isLonger = false;
  for await (const event of readRecording(files, overlap)) {
    isLonger = !survey.takes(event);
    if (isLonger) break;
  }
  const { firstBooks, startAt, endAt } = survey.result(paths, symbols, leftOut);
  return {
    symbols: symbols ?? [...firstBooks.keys()],
    files: await Promise.all(paths.map((path) => identityOf(path, open))),
    isLonger,
    startAt,
    endAt,
    counts: {
      ...survey.counts,
      overlapping: overlap.books + overlap.trades,
      settlements: Math.floor(endAt / FUNDING_MS) - Math.floor(startAt / FUNDING_MS),
    },
    preset: (symbol) => startingAt(presetOf(symbol), firstBooks.get(symbol)),
    async *events() {
      for await (const event of readRecording(files)) {
        if (event.at > endAt) return;
        if (event.at >= startAt || event.type === 'ticker') yield event;
      }
    },
  };
}

/** Summary of a recording’s content and time span. */
class Survey {
  readonly counts = { bookMessages: 0, trades: 0, fundingRates: 0, longestGapMs: 0 };
  readonly #durationMs: number;
  readonly #firstBooks = new Map<string, RecordedBook>();
  readonly #firstTrades = new Map<string, RecordedTrade>();
  readonly #bookAt = new Map<string, number>();
  #startAt: number | undefined;
  #endAt = 0;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  /** False when the event is after the end of the part to be played. */
  takes(event: RecordedEvent): boolean {
    if (event.type === 'trade' && !this.#firstTrades.has(event.symbol)) this.#firstTrades.set(event.symbol, event);
    if (event.type === 'ticker' && event.fundingRate !== undefined) this.counts.fundingRates += 1;
    if (this.#startAt === undefined && event.type !== 'book') return true;
    this.#startAt ??= event.at;
    if (event.at > this.#startAt + this.#durationMs) return false;
    this.#endAt = event.at;
    if (event.type === 'trade') this.counts.trades += 1;
    if (event.type === 'book') this.#countBook(event);
    return true;
  }

  result(
    paths: readonly string[],
    symbols: readonly string[] | undefined,
    leftOut: ReadonlySet<string>,
  ): { firstBooks: ReadonlyMap<string, RecordedBook>; startAt: number; endAt: number } {
    const missing = symbols?.find((symbol) => !this.#firstBooks.has(symbol));
    if (missing !== undefined)
      throw new MmbotError({
        code: 'symbol_not_recorded',
        exitCode: EXIT.usage,
        message: `--symbols: there is no order book of ${missing} in ${paths.join(', ')}`,
        hint: `the recording has ${[...this.#firstBooks.keys(), ...leftOut].join(', ') || 'no symbol at all'}`,
      });
    for (const [symbol, { place }] of this.#firstTrades)
      if (!this.#firstBooks.has(symbol)) throw unusable(place, `trades of ${symbol}, but the recording has no order book of it`);
    if (this.#startAt === undefined) throw unusable({ file: paths.join(', ') }, 'the recording has no order book');
    return { firstBooks: this.#firstBooks, startAt: this.#startAt, endAt: this.#endAt };
  }

  #countBook(event: RecordedBook): void {
    this.counts.bookMessages += 1;
    this.counts.longestGapMs = Math.max(this.counts.longestGapMs, event.at - (this.#bookAt.get(event.symbol) ?? event.at));
    this.#bookAt.set(event.symbol, event.at);
    if (!this.#firstBooks.has(event.symbol)) this.#firstBooks.set(event.symbol, event);
  }
}

/** Looks up the presets’ instruments, for the chosen symbols or for all. `leftOut`: gets the symbols that were not chosen. */
function lookupOf(symbols: readonly string[] | undefined, leftOut: Set<string>): InstrumentLookup {
  const known = new Map<string, Instrument>();
  return (symbol, place) => {
    if (symbols !== undefined && !symbols.includes(symbol)) {
      leftOut.add(symbol);
      return undefined;
    }
    const instrument = known.get(symbol);
    if (instrument !== undefined) return instrument;
    try {
      const listed = instrumentOf(presetOf(symbol).terms);
      known.set(symbol, listed);
      return listed;
    } catch (error) {
      if (error instanceof MmbotError) throw unusable(place, error.message, 'select the symbols to play with --symbols');
      throw error;
    }
  };
}

function startingAt(preset: InstrumentPreset, book: RecordedBook | undefined): InstrumentPreset {
  const price = book?.bids[0]?.price ?? book?.asks[0]?.price;
  return price === undefined ? preset : { ...preset, startPrice: formatSteps(price, instrumentOf(preset.terms).tick) };
}

async function identityOf(path: string, open: OpenFile): Promise<{ path: string; bytes: number; sha256: string }> {
  const file = opened(path, open);
  const hash = createHash('sha256');
  if (file.size > 0) for await (const chunk of file.read(0, file.size)) hash.update(chunk);
  return { path, bytes: file.size, sha256: hash.digest('hex') };
}
