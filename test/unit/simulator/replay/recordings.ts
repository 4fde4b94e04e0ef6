import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import type { OpenFile } from '../../../../src/simulator/replay/file-bytes.ts';

/** Files in memory, read in chunks of a size that cuts lines and headers anywhere. */
export function filesOf(files: Readonly<Record<string, string | Uint8Array>>, chunk = 37): OpenFile {
  return (path) => {
    const content = files[path];
    if (content === undefined) throw new Error('no such file');
    const bytes = Buffer.from(content);
    return {
      size: bytes.length,
      async *read(start, end) {
        for (let at = start; at < end; at += chunk) yield bytes.subarray(at, Math.min(end, at + chunk));
      },
    };
  };
}

export const gzip = (text: string): Buffer => gzipSync(text);

interface ZipOptions {
  readonly deflate?: boolean;
  readonly zip64?: boolean;
  /** Written instead of the right one. */
  readonly crc?: number;
}

/** A zip archive of these members. `zip64`: all sizes and offsets in the 64-bit records. */
export function zip(members: Readonly<Record<string, string>>, { deflate = true, zip64 = false, crc }: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(members)) {
    const raw = Buffer.from(text);
    const data = deflate ? deflateRawSync(raw) : raw;
    const record = { name: Buffer.from(name), raw, data, method: deflate ? 8 : 0, crc: crc ?? crc32(raw), offset, zip64 };
    const local = Buffer.concat([localHeader(record), record.name, data]);
    central.push(Buffer.concat([centralHeader(record), record.name, extraOf(record)]));
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...parts, directory, ...ending(central.length, directory.length, offset, zip64)]);
}

interface Member {
  readonly name: Buffer;
  readonly raw: Buffer;
  readonly data: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly offset: number;
  readonly zip64: boolean;
}

const ALL_ONES = 0xff_ff_ff_ff;

function fields(...values: readonly (readonly [value: number, bytes: 2 | 4 | 8])[]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value));
      else buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}

function localHeader({ name, raw, data, method, crc }: Member): Buffer {
  return fields(
    [0x04034b50, 4],
    [45, 2],
    [0, 2],
    [method, 2],
    [0, 4],
    [crc, 4],
    [data.length, 4],
    [raw.length, 4],
    [name.length, 2],
    [0, 2],
  );
}

function extraOf({ raw, data, offset, zip64 }: Member): Buffer {
  return zip64 ? fields([1, 2], [24, 2], [raw.length, 8], [data.length, 8], [offset, 8]) : Buffer.alloc(0);
}

function centralHeader(member: Member): Buffer {
  const { name, raw, data, method, crc, offset, zip64 } = member;
  const size = (value: number): readonly [number, 4] => [zip64 ? ALL_ONES : value, 4];
  return fields(
    [0x02014b50, 4],
    [45, 2],
    [45, 2],
    [0, 2],
    [method, 2],
    [0, 4],
    [crc, 4],
    size(data.length),
    size(raw.length),
    [name.length, 2],
    [extraOf(member).length, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 4],
    size(offset),
  );
}

function ending(count: number, size: number, offset: number, zip64: boolean): Buffer[] {
  const end = (value: number, bytes: 2 | 4): readonly [number, 2 | 4] => [zip64 ? 2 ** (8 * bytes) - 1 : value, bytes];
  const last = fields([0x06054b50, 4], [0, 2], [0, 2], end(count, 2), end(count, 2), end(size, 4), end(offset, 4), [0, 2]);
  if (!zip64) return [last];
  const wide = fields([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8], [size, 8], [offset, 8]);
  const locator = fields([0x07064b50, 4], [0, 4], [offset + size, 8], [1, 4]);
  return [wide, locator, last];
}

/** An order book message as a history file holds it. */
export function bookLine(terms: {
  type?: 'snapshot' | 'delta';
  symbol?: string;
  depth?: number;
  u: number;
  cts: number;
  b?: string[][];
  a?: string[][];
}): string {
  const { type = 'delta', symbol = 'BTCUSDT', depth = 200, u, cts, b = [], a = [] } = terms;
  const data = { s: symbol, b, a, u, seq: u };
  return JSON.stringify({ topic: `orderbook.${depth}.${symbol}`, type, ts: cts + 2, data, cts });
}

export function tradeLine(terms: {
  symbol?: string;
  at: number;
  price: string;
  size: string;
  side?: 'Buy' | 'Sell';
  id: string;
  block?: boolean;
}): string {
  const { symbol = 'BTCUSDT', at, price, size, side = 'Sell', id, block = false } = terms;
  const data = [{ T: at, s: symbol, S: side, v: size, p: price, L: 'PlusTick', i: id, BT: block, RPI: false, seq: 1 }];
  return JSON.stringify({ recvTs: at / 1000 + 0.1, msg: { topic: `publicTrade.${symbol}`, type: 'snapshot', ts: at + 1, data } });
}

export const SNAPSHOT = { type: 'snapshot' as const, b: [['65000.00', '1.000']], a: [['65000.10', '2.000']] };

/** Lines of a derivatives trade file, with the header of older or newer ones. */
export function tradeCsv(rows: readonly (readonly [seconds: string, id: string, size?: string, price?: string])[], hasRpi = false): string {
  const header = 'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional';
  const lines = rows.map(
    ([seconds, id, size = '0.001', price = '65000.00']) =>
      `${seconds},BTCUSDT,Sell,${size},${price},MinusTick,${id},6.5e+09,${size},65.0${hasRpi ? ',0' : ''}`,
  );
  return `${[hasRpi ? `${header},RPI` : header, ...lines].join('\n')}\n`;
}
