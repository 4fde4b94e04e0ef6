import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { listIn, numberIn, objectIn, textIn } from '../../util/json.ts';
import { priceIn, quantityIn } from './fields.ts';
import type { Line } from './lines.ts';
import { shown, unusable, type InstrumentLookup, type Place, type RecordedTrade } from './recording.ts';

/** The columns of one kind of file; newer files also have the `optional` ones. */
interface Layout {
  readonly required: readonly string[];
  readonly optional: string;
  readonly hasSymbol: boolean;
  /** Format of `timestamp`. */
  readonly time: RegExp;
  readonly timeUnit: string;
  readonly ms: (text: string) => number;
  readonly columns: { readonly id: string; readonly quantity: string };
}

const DERIVATIVES: Layout = {
  required: [
    'timestamp',
    'symbol',
    'side',
    'size',
    'price',
    'tickdirection',
    'trdmatchid',
    'grossvalue',
    'homenotional',
    'foreignnotional',
  ],
  optional: 'rpi',
  hasSymbol: true,
  time: /^\d{10}(\.\d+)?$/,
  timeUnit: 'seconds since 1970, such as 1784937600.0683',
  ms: wholeMilliseconds,
  columns: { id: 'trdmatchid', quantity: 'size' },
};

const SPOT: Layout = {
  required: ['id', 'timestamp', 'price', 'volume', 'side'],
  optional: 'rpi',
  hasSymbol: false,
  time: /^\d{13}$/,
  timeUnit: 'milliseconds since 1970, such as 1747612800074',
  ms: Number,
  columns: { id: 'id', quantity: 'volume' },
};

/** `BTCUSDT2024-12-01.csv.gz`, `BTCUSDT_2024-12-01.csv.gz`, `BTCUSDT-2024-12.csv.gz`. */
const NAMED = /(?:^|[/\\])([A-Z0-9]+?)[_-]?\d{4}-\d\d(?:-\d\d)?\.csv(?:\.gz)?$/;

/**
 * Bybit’s trade files: for derivatives (`timestamp` in seconds, with the symbol) and for spot (milliseconds, without it). Columns are
 * found by their names. Rows come in the order of the file.
 */
export async function* tradesIn(file: string, lines: AsyncIterable<Line>, instrumentOf: InstrumentLookup): AsyncGenerator<RecordedTrade> {
  let reader: RowReader | undefined;
  for await (const { row, place } of rowsIn(file, lines)) {
    if (reader === undefined) reader = readerOf(row, place, instrumentOf);
    else {
      const trade = reader(row, place);
      if (trade !== undefined) yield trade;
    }
  }
  if (reader === undefined) throw unusable({ file, line: 1 }, 'expected a header, the file is empty');
}

interface Row {
  readonly row: readonly string[];
  readonly place: Place;
}

type RowReader = (row: readonly string[], place: Place) => RecordedTrade | undefined;

async function* rowsIn(file: string, lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  const parser = parse({ info: true, relax_column_count: true, skip_empty_lines: true });
  pipeline(Readable.from(textOf(lines)), parser, () => undefined);
  try {
    for await (const item of parser) {
      const { record, info } = objectIn(item);
      yield { row: listIn(record).map(textIn), place: { file, line: lineIn(info) } };
    }
  } catch (error) {
    if (error instanceof CsvError) throw unusable({ file, line: lineIn(error) }, error.message);
    throw error;
  }
}

/** With an empty line for each skipped one, because the parser counts lines. */
async function* textOf(lines: AsyncIterable<Line>): AsyncGenerator<string> {
  let last = 0;
  for await (const { text, line } of lines) {
    yield `${'\n'.repeat(line - last - 1)}${text}\n`;
    last = line;
  }
}

function lineIn(info: unknown): number {
  return numberIn(objectIn(info)['lines']) ?? 1;
}

function readerOf(header: readonly string[], place: Place, instrumentOf: InstrumentLookup): RowReader {
  const names = header.map((name) => name.trim().toLowerCase());
  const layout = [DERIVATIVES, SPOT].find(({ required }) => required.every((name) => names.includes(name)));
  const unknown = names.filter((name) => layout !== undefined && !layout.required.includes(name) && name !== layout.optional);
  if (layout === undefined || unknown.length > 0 || new Set(names).size < names.length)
    throw unusable(
      place,
      `expected the header of a trade file (${DERIVATIVES.required.join(',')} or ${SPOT.required.join(',')}), was ${shown(header.join(','))}`,
    );
  const named = NAMED.exec(place.file)?.[1];
  if (!layout.hasSymbol && named === undefined)
    throw unusable(place, 'rows without a symbol', 'name the file as Bybit does: BTCUSDT_2024-12-01.csv.gz or BTCUSDT-2024-12.csv.gz');
  return (row, at) => {
    if (!isComplete(row, names, layout)) throw unusable(at, `expected ${names.length} fields, was ${row.length}`);
    const field = (name: string): string => row[names.indexOf(name)] ?? '';
    const symbol = layout.hasSymbol ? field('symbol') : (named ?? '');
    if (named !== undefined && symbol !== named) throw unusable(at, `expected ${named}, was ${shown(symbol)}`);
    return tradeIn({ layout, field, rpi: row[names.length] ?? field('rpi'), symbol }, at, instrumentOf);
  };
}

/** The monthly spot files have rows of six fields below a header of five names. */
function isComplete(row: readonly string[], names: readonly string[], layout: Layout): boolean {
  const isMonthly = layout === SPOT && names.join() === SPOT.required.join() && row.length === names.length + 1;
  return row.length === names.length || isMonthly;
}

interface Fields {
  readonly layout: Layout;
  readonly field: (name: string) => string;
  readonly rpi: string;
  readonly symbol: string;
}

function tradeIn({ layout, field, rpi, symbol }: Fields, place: Place, instrumentOf: InstrumentLookup): RecordedTrade | undefined {
  const instrument = instrumentOf(symbol, place);
  if (instrument === undefined) return undefined;
  const time = field('timestamp');
  const side = field('side').toLowerCase();
  const id = field(layout.columns.id);
  if (!layout.time.test(time)) throw unusable(place, `timestamp: expected ${layout.timeUnit}, was ${shown(time)}`);
  if (side !== 'buy' && side !== 'sell') throw unusable(place, `side: expected Buy or Sell, was ${shown(field('side'))}`);
  if (id === '') throw unusable(place, 'a trade without an id');
  if (!/^(0|1|true|false)?$/i.test(rpi)) throw unusable(place, `RPI: expected 0 or 1, was ${shown(rpi)}`);
  return {
    type: 'trade',
    at: layout.ms(time),
    symbol,
    price: priceIn(field('price'), instrument, place),
    quantity: quantityIn(field(layout.columns.quantity), instrument, place),
    side,
    id,
    isIdUniversal: layout === DERIVATIVES,
    isAside: rpi === '1' || rpi.toLowerCase() === 'true',
    place,
  };
}

/** Converts seconds with a fraction, cut to the millisecond, without the inaccuracy of a float. */
function wholeMilliseconds(text: string): number {
  const [seconds = '', fraction = ''] = text.split('.');
  return Number(seconds + fraction.slice(0, 3).padEnd(3, '0'));
}
