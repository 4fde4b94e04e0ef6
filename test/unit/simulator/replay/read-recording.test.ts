import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instrumentOf } from '../../../../src/model/instrument.ts';
import { presetOf } from '../../../../src/simulator/instruments.ts';
import { readRecording } from '../../../../src/simulator/replay/read-recording.ts';
import type { RecordedEvent } from '../../../../src/simulator/replay/recording.ts';
import { bookLine, filesOf, gzip, SNAPSHOT, tradeCsv, tradeLine, zip } from './recordings.ts';

const T = 1_784_937_600_000;
const btc = instrumentOf(presetOf('BTCUSDT').terms);

async function read(files: Readonly<Record<string, string | Uint8Array>>, chunk?: number): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  const source = {
    paths: Object.keys(files),
    open: filesOf(files, chunk),
    instrumentOf: (symbol: string) => (symbol === 'BTCUSDT' ? btc : undefined),
  };
  for await (const event of readRecording(source)) events.push(event);
  return events;
}

const BOOK = [bookLine({ ...SNAPSHOT, u: 5, cts: T }), bookLine({ u: 6, cts: T + 100, b: [['65000.00', '0']] }), ''].join('\n');

const ids = (events: readonly RecordedEvent[]): string[] => events.map((event) => (event.type === 'trade' ? event.id : event.type));

describe('an order book recording', () => {
  it.each([
    ['plain', BOOK],
    ['with a byte order mark and CRLF', `\uFEFF${BOOK.replaceAll('\n', '\r\n')}`],
    ['without a last line end', BOOK.trimEnd()],
    ['gzipped', gzip(BOOK)],
    ['in a deflated zip', zip({ 'BTC.data': BOOK })],
    ['in a stored zip', zip({ 'BTC.data': BOOK }, { deflate: false })],
    ['in a zip64', zip({ 'BTC.data': BOOK }, { zip64: true })],
  ])('is read %s, cut anywhere', async (_, content) => {
    for (const chunk of [1, 37, 100_000]) {
      expect(await read({ book: content }, chunk)).toMatchObject([
        { type: 'book', at: T, whole: true, depth: 200, bids: [{ price: 650_000, quantity: 1000 }], place: { file: 'book', line: 1 } },
        { type: 'book', at: T + 100, whole: false, bids: [{ price: 650_000, quantity: 0 }], asks: [], place: { line: 2 } },
      ]);
    }
  });

  const refused: [string, string | Uint8Array, RegExp][] = [
    ['an empty file', '', /^book:1: the file is empty/],
    ['a gzip cut off', gzip(BOOK).subarray(0, -12), /^book:\d+: the file is damaged or truncated/],
    ['a zip cut off', zip({ a: BOOK }).subarray(0, -30), /^book(:1)?: .*(zip|damaged)/],
    ['a zip of two members', zip({ a: BOOK, b: BOOK }), /^book: expected one member in the archive, found 2/],
    ['a zip of none', zip({}), /^book: expected one member in the archive, found none/],
    ['a zip with a wrong checksum', zip({ a: BOOK }, { crc: 1 }), /^book:3: .*checksum/],
    ['a line cut off', BOOK.slice(0, -20), /^book:2: expected a JSON object/],
    ['text that is not UTF-8', Buffer.concat([Buffer.from(BOOK), Buffer.from([0x7b, 0xff, 0x7d, 10])]), /^book:3: the text is not UTF-8/],
    ['a line without end', '{'.repeat(9 << 20), /^book:1: the line is longer/],
    ['a start with a change', bookLine({ u: 6, cts: T, b: [['65000.00', '1']] }), /^book:1: .* starts with a delta/],
    ['a gap', `${BOOK}${bookLine({ u: 8, cts: T + 200 })}`, /^book:3: expected update 7 .* was 8/],
    ['a repeated change', `${BOOK}${bookLine({ u: 6, cts: T + 200 })}`, /^book:3: expected update 7 .* was 6/],
    ['time that goes back', `${BOOK}${bookLine({ u: 7, cts: T + 50 })}`, /^book:3: the time goes back/],
    ['a crossed snapshot', bookLine({ ...SNAPSHOT, b: [['65000.10', '1']], u: 5, cts: T }), /^book:1: the book is crossed/],
    ['a change that crosses', `${BOOK}${bookLine({ u: 7, cts: T + 200, b: [['65000.20', '1']] })}`, /^book:3: the book is crossed/],
    ['a price of 0', bookLine({ ...SNAPSHOT, b: [['0.00', '1']], u: 5, cts: T }), /^book:1: a price of 0/],
    ['a quantity of 0 in a snapshot', bookLine({ ...SNAPSHOT, b: [['65000.00', '0']], u: 5, cts: T }), /^book:1: a quantity of 0/],
    [
      'a quantity below the step',
      bookLine({ ...SNAPSHOT, b: [['65000.00', '1e-18']], u: 5, cts: T }),
      /^book:1: quantity: expected .* was "1e-18"/,
    ],
    ['a price off the grid', bookLine({ ...SNAPSHOT, b: [['65000.05', '1']], u: 5, cts: T }), /^book:1: price: expected .* steps of 0.1/],
    ['a negative price', bookLine({ ...SNAPSHOT, b: [['-1.00', '1']], u: 5, cts: T }), /^book:1: price/],
    ['another symbol in the data', BOOK.replace('"s":"BTCUSDT"', '"s":"ETHUSDT"'), /^book:1: expected BTCUSDT, was "ETHUSDT"/],
    ['a side that is no list', BOOK.replace('"a":[["65000.10","2.000"]]', '"a":{}'), /^book:1: expected a list of levels/],
    ['times in seconds with a fraction', BOOK.replaceAll(String(T), '1784937600.5'), /^book:1: .*whole milliseconds/],
    ['a line without a topic', `${BOOK}{"price":1}`, /^book:3: expected a message with a topic/],
    ['a type that is none', BOOK.replace('snapshot', 'shot'), /^book:1: expected a snapshot or a delta/],
  ];

  it.each(refused)('with %s is refused, by file and line', async (_, content, message) => {
    await expect(read({ book: content })).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(message) as string });
  });

  it('takes u = 1 for everything there is, as after a restart of the service', async () => {
    const events = await read({ book: `${BOOK}${bookLine({ ...SNAPSHOT, type: 'delta', u: 1, cts: T + 200 })}` });
    expect(events.at(-1)).toMatchObject({ whole: true });
  });

  it('of the next day takes over with its first snapshot, where the first day goes on a little', async () => {
    const [first, second] = [
      [bookLine({ ...SNAPSHOT, u: 5, cts: T }), bookLine({ u: 6, cts: T + 100 }), bookLine({ u: 7, cts: T + 300 })].join('\n'),
      [bookLine({ ...SNAPSHOT, u: 50, cts: T + 200 }), bookLine({ u: 51, cts: T + 400 })].join('\n'),
    ];
    const events = await read({ first, second });
    expect(events.map(({ at, place }) => [at - T, place.file])).toEqual([
      [0, 'first'],
      [100, 'first'],
      [200, 'second'],
      [400, 'second'],
    ]);
  });

  it('with another depth than the one beside it is refused', async () => {
    const other = bookLine({ ...SNAPSHOT, depth: 50, u: 5, cts: T + 10 });
    await expect(read({ book: BOOK, other })).rejects.toThrow(
      /^other:1: a book of BTCUSDT with 50 levels, but another file has one with 200/,
    );
  });
});

describe('a capture of several topics', () => {
  it('is put in the order of engine times, trades before the book that shows what they left', async () => {
    const wrapped = (line: string): string => `{"recvTs":1,"msg":${line}}`;
    const capture = [
      '{"recvTs":1,"msg":{"success":true,"op":"subscribe"}}',
      wrapped(bookLine({ ...SNAPSHOT, u: 5, cts: T })),
      wrapped(bookLine({ u: 6, cts: T + 100 })),
      tradeLine({ at: T + 50, price: '65000.00', size: '0.001', id: 'early' }),
      tradeLine({ at: T + 100, price: '65000.00', size: '0.001', id: 'same', block: true }),
      `{"recvTs":1,"msg":{"topic":"tickers.BTCUSDT","type":"delta","ts":${T + 70},"data":{"symbol":"BTCUSDT","markPrice":"65001.23"}}}`,
      `{"recvTs":1,"msg":{"topic":"kline.1.BTCUSDT","data":[]}}`,
      `{"recvTs":1,"msg":{"topic":"publicTrade.ETHUSDT","data":[{"anything":1}]}}`,
    ].join('\n');
    const events = await read({ capture });
    expect(ids(events)).toEqual(['book', 'early', 'ticker', 'same', 'book']);
    expect(events.find(({ type }) => type === 'ticker')).toMatchObject({ markPrice: 650_012, indexPrice: undefined });
    expect(events.filter((event) => event.type === 'trade').map(({ isAside }) => isAside)).toEqual([false, true]);
  });

  it('with a message much older than what came before is refused', async () => {
    const capture = [bookLine({ ...SNAPSHOT, u: 5, cts: T }), tradeLine({ at: T - 1001, price: '65000.00', size: '0.001', id: 'x' })].join(
      '\n',
    );
    await expect(read({ capture })).rejects.toThrow(/^capture:2: the time goes back/);
  });

  it('with the same trade twice is refused, and one that two files have counts once', async () => {
    const line = tradeLine({ at: T, price: '65000.00', size: '0.001', id: 'x' });
    await expect(read({ capture: `${line}\n${line}` })).rejects.toThrow(/^capture:2: trade x occurs twice/);
    expect(
      ids(
        await read({
          capture: line,
          csv: tradeCsv([
            ['1784937600.0005', 'x'],
            ['1784937600.0015', 'y'],
          ]),
        }),
      ),
    ).toEqual(['x', 'y']);
  });
});

describe('a file of trades', () => {
  it('of derivatives is read by the names of its columns, in seconds with a fraction, with or without RPI', async () => {
    for (const hasRpi of [false, true]) {
      const events = await read({
        trades: gzip(
          tradeCsv(
            [
              ['1784937600.0683', 'a'],
              ['1784937600.0689', 'b', '1.5'],
              ['1784937601', 'c'],
            ],
            hasRpi,
          ),
        ),
      });
      expect(events).toMatchObject([
        { type: 'trade', at: T + 68, price: 650_000, quantity: 1, side: 'sell', id: 'a', isAside: false, place: { line: 2 } },
        { at: T + 68, quantity: 1500, id: 'b', place: { line: 3 } },
        { at: T + 1000, id: 'c' },
      ]);
    }
  });

  it('finds its columns in any order', async () => {
    const header = 'RPI,price,symbol,side,size,timestamp,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional';
    const [trade] = await read({ trades: `${header}\n1,65000.10,BTCUSDT,Buy,0.002,1784937600.5,PlusTick,a,1,1,1\n` });
    expect(trade).toMatchObject({ at: T + 500, price: 650_001, quantity: 2, side: 'buy', isAside: true });
  });

  it.each([
    ['BTCUSDT_2026-07-25.csv.gz', 'id,timestamp,price,volume,side', '1,1784937600068,65000.1,0.002,buy'],
    ['some/BTCUSDT_2026-07-25.csv', 'id,timestamp,price,volume,side,rpi', '1,1784937600068,65000.1,0.002,buy,0'],
    ['BTCUSDT-2026-07.csv.gz', 'id,timestamp,price,volume,side', '1,1784937600068,65000.1,0.002,buy,0'],
  ])('of spot is read in milliseconds, its symbol from its name: %s', async (name, header, row) => {
    expect(await read({ [name]: gzip(`${header}\n${row}\n`) })).toMatchObject([
      { at: T + 68, price: 650_001, quantity: 2, side: 'buy', id: '1' },
    ]);
  });

  it('that runs backwards is turned round', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [`${1_784_938_599 - Math.floor(i / 3)}`, `t${i}`] as const);
    const events = await read({ trades: tradeCsv(rows) }, 10_000);
    expect(ids(events)).toEqual(rows.map(([, id]) => id).toReversed());
  });

  it('names the line of the file where lines are empty', async () => {
    const text = tradeCsv([['1784937600.1', 'a']]).replace('\n', '\n\n\n');
    expect(await read({ trades: text })).toMatchObject([{ id: 'a', place: { line: 4 } }]);
  });

  it('without a row is a day without trades', async () => {
    expect(await read({ trades: tradeCsv([]) })).toEqual([]);
  });

  const row = (text: string): string => `${tradeCsv([['1784937600.1', 'a']])}${text}\n`;
  const refused: [string, string | Uint8Array, RegExp][] = [
    [
      'no header',
      tradeCsv([['1784937600.1', 'a']])
        .split('\n')
        .slice(1)
        .join('\n'),
      /^trades:1: expected the header/,
    ],
    ['an unknown column', tradeCsv([]).replace('size', 'volume'), /^trades:1: expected the header/],
    ['a row that is too short', row('1784937600.2,BTCUSDT,Sell,0.001'), /^trades:3: expected 10 fields, was 4/],
    ['a row that is longer than the header', tradeCsv([['1784937600.1', 'a,0']]), /^trades:2: expected 10 fields, was 11/],
    [
      'times in seconds and milliseconds',
      row('1784937600200,BTCUSDT,Sell,0.001,65000.00,MinusTick,b,1,1,1'),
      /^trades:3: timestamp: expected seconds/,
    ],
    [
      'times out of order',
      tradeCsv([
        ['1784937600.1', 'a'],
        ['1784937600.3', 'b'],
        ['1784937600.2', 'c'],
      ]),
      /^trades:4: the time goes back/,
    ],
    [
      'times backwards, then forwards',
      tradeCsv([
        ['1784937600.3', 'a'],
        ['1784937600.2', 'b'],
        ['1784937600.4', 'c'],
      ]),
      /^trades:4: the file is sorted newest first/,
    ],
    [
      'a trade twice',
      tradeCsv([
        ['1784937600.1', 'a'],
        ['1784937600.1', 'a'],
      ]),
      /^trades:3: trade a occurs twice/,
    ],
    ['a price of 0', tradeCsv([['1784937600.1', 'a', '0.001', '0']]), /^trades:2: a price of 0/],
    ['a quantity of 0', tradeCsv([['1784937600.1', 'a', '0']]), /^trades:2: a quantity of 0/],
    ['a quantity in scientific notation', tradeCsv([['1784937600.1', 'a', '1e-3']]), /^trades:2: quantity: .* was "1e-3"/],
    ['a quantity finer than the step', tradeCsv([['1784937600.1', 'a', '0.0015']]), /^trades:2: quantity: .* steps of 0.001, was "0.0015"/],
    [
      'a side that is none',
      tradeCsv([['1784937600.1', 'a']]).replace('Sell', 'Short'),
      /^trades:2: side: expected Buy or Sell, was "Short"/,
    ],
    ['a trade without an id', tradeCsv([['1784937600.1', '']]), /^trades:2: a trade without an id/],
    ['a quote that never closes', row('"1784937600.2,BTCUSDT'), /^trades:3: .*[Qq]uote/],
    ['a cut off gzip', gzip(tradeCsv([['1784937600.1', 'a']])).subarray(0, -8), /^trades:\d+: the file is damaged or truncated/],
    [
      'text that is not UTF-8',
      Buffer.concat([Buffer.from(tradeCsv([])), Buffer.from([0xc3, 0x28, 10])]),
      /^trades:2: the text is not UTF-8/,
    ],
  ];

  it.each(refused)('with %s is refused, by file and line', async (_, content, message) => {
    await expect(read({ trades: content })).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(message) as string });
  });

  it('of another symbol than its name says is refused', async () => {
    await expect(read({ 'ETHUSDT2026-07-25.csv.gz': tradeCsv([['1784937600.1', 'a']]) })).rejects.toThrow(
      /^ETHUSDT2026-07-25.csv.gz:2: expected ETHUSDT, was "BTCUSDT"/,
    );
  });

  it('of spot without a symbol in its name is refused, with what to do', async () => {
    await expect(read({ 'spot.csv': 'id,timestamp,price,volume,side\n1,1784937600068,65000.1,0.002,buy\n' })).rejects.toMatchObject({
      message: expect.stringMatching(/^spot.csv:1: rows without a symbol/) as string,
      hint: expect.stringContaining('BTCUSDT_2024-12-01.csv.gz') as string,
    });
  });
});

describe('for any bytes in a recording', () => {
  const csv = tradeCsv([
    ['1784937600.1', 'a'],
    ['1784937600.2', 'b'],
  ]);
  const originals = [Buffer.from(BOOK), gzip(BOOK), zip({ a: BOOK }), zip({ a: BOOK }, { zip64: true }), Buffer.from(csv), gzip(csv)];
  const damage = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), byte: fc.integer({ min: 0, max: 255 }) });

  it('is read or refused by name, and never fails in another way', async () => {
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.array(damage, { maxLength: 4 }),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        async (original, damages, kept) => {
          const bytes = Buffer.from(original.subarray(0, Math.ceil(original.length * kept)));
          for (const { at, byte } of damages) bytes[Math.floor(at * bytes.length)] = byte;
          const outcome = await read({ damaged: bytes }).catch((error: unknown) => error);
          if (!Array.isArray(outcome))
            expect(outcome).toMatchObject({ exitCode: 2, message: expect.stringMatching(/^damaged(:\d+)?: /) as string });
        },
      ),
      { numRuns: 600 },
    );
  });
});
