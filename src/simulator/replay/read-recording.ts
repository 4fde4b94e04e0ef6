import { messageOf, MmbotError } from '../../errors.ts';
import { contentOf, type OpenFile, type RandomFile } from './file-bytes.ts';
import { merged, oldestFirst, settled } from './in-order.ts';
import { linesOf, type Line } from './lines.ts';
import { OneMarket, type Overlap } from './one-market.ts';
import { unusable, type InstrumentLookup, type RecordedEvent } from './recording.ts';
import { tradesIn } from './trade-csv.ts';
import { WireMessages } from './wire-messages.ts';

export interface RecordingFiles {
  readonly paths: readonly string[];
  readonly open: OpenFile;
  readonly instrumentOf: InstrumentLookup;
}

/** The events of all files in the order of their times, read in small parts. Throws for an invalid file. */
export async function* readRecording(files: RecordingFiles, overlap: Overlap = { trades: 0, books: 0 }): AsyncGenerator<RecordedEvent> {
  const markets = new Map<string, OneMarket>();
  for await (const event of merged(files.paths.map((path) => eventsIn(path, files)))) {
    const market = markets.get(event.symbol) ?? new OneMarket(overlap);
    markets.set(event.symbol, market);
    if (market.accepts(event)) yield event;
  }
}

/** JSON lines or a CSV file of trades, recognized by the first line. */
async function* eventsIn(path: string, { open, instrumentOf }: RecordingFiles): AsyncGenerator<RecordedEvent> {
  const lines = (): AsyncGenerator<Line> => linesOf(path, contentOf(path, opened(path, open)));
  const [isJson] = await firstOf(path, lines());
  if (isJson) yield* settled(messagesIn(lines(), instrumentOf));
  else yield* oldestFirst(() => tradesIn(path, lines(), instrumentOf));
}

async function firstOf(path: string, lines: AsyncGenerator<Line>): Promise<[isJson: boolean]> {
  for await (const { text } of lines) return [text.startsWith('{')];
  throw unusable({ file: path, line: 1 }, 'the file is empty');
}

async function* messagesIn(lines: AsyncIterable<Line>, instrumentOf: InstrumentLookup): AsyncGenerator<RecordedEvent> {
  const messages = new WireMessages(instrumentOf);
  for await (const line of lines) yield* messages.read(line);
}

export function opened(path: string, open: OpenFile): RandomFile {
  try {
    return open(path);
  } catch (error) {
    if (error instanceof MmbotError) throw error;
    throw unusable({ file: path }, `the file cannot be read: ${messageOf(error)}`);
  }
}
