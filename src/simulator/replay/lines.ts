import { isUtf8 } from 'node:buffer';
import { messageOf, MmbotError } from '../../errors.ts';
import { unusable, type Place } from './recording.ts';

export interface Line extends Place {
  readonly text: string;
}

const NEWLINE = 10;
const RETURN = 13;
const BOM = [0xef, 0xbb, 0xbf] as const;
const LONGEST = 8 << 20;

/** Lines of UTF-8 without their line ends, with or without a byte order mark; empty lines are skipped. */
export async function* linesOf(file: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0;
  let rest: Buffer[] = [];
  let restLength = 0;
  try {
    for await (const chunk of bytes) {
      const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      let start = 0;
      for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
        number += 1;
        const part = buffer.subarray(start, end);
        const line = lineOf({ file, line: number }, restLength === 0 ? part : Buffer.concat([...rest, part]));
        if (line.text !== '') yield line;
        rest = [];
        restLength = 0;
        start = end + 1;
      }
      // Copied, because the reader reuses the memory of the chunk for the next one.
      const tail = Buffer.from(buffer.subarray(start));
      if (tail.length > 0) rest.push(tail);
      restLength += tail.length;
      if (restLength > LONGEST) throw unusable({ file, line: number + 1 }, `the line is longer than ${LONGEST} bytes`);
    }
  } catch (error) {
    if (error instanceof MmbotError) throw error;
    throw unusable({ file, line: number + 1 }, `the file is damaged or truncated: ${messageOf(error)}`);
  }
  if (restLength > 0) {
    const line = lineOf({ file, line: number + 1 }, Buffer.concat(rest));
    if (line.text !== '') yield line;
  }
}

function lineOf({ file, line }: Place, whole: Buffer): Line {
  const hasMark = line === 1 && BOM.every((byte, i) => whole[i] === byte);
  const end = whole.at(-1) === RETURN ? whole.length - 1 : whole.length;
  const bytes = whole.subarray(hasMark ? BOM.length : 0, end);
  if (bytes.length > LONGEST) throw unusable({ file, line }, `the line is longer than ${LONGEST} bytes`);
  if (!isUtf8(bytes)) throw unusable({ file, line }, 'the text is not UTF-8');
  return { file, line, text: bytes.toString('utf8') };
}
