import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { joinedWrites } from '../../../src/util/joined-writes.ts';

/** What reaches the system, call by call. */
function sink() {
  const calls: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => (calls.push(text), done()),
    writev: (chunks, done) => (calls.push(chunks.map(({ chunk }) => String(chunk)).join('+')), done()),
  });
  const joined = joinedWrites(stream);
  const write = (text: string): void => joined.write(() => void stream.write(text));
  return { calls, write, joined };
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test('the first write of a turn leaves at once, the others together at its end', async () => {
  const { calls, write } = sink();
  for (const text of ['a', 'b', 'c']) write(text);
  expect(calls).toEqual(['a']);
  await turn();
  expect(calls).toEqual(['a', 'b+c']);
  write('d');
  expect(calls).toEqual(['a', 'b+c', 'd']);
  await turn();
  write('e');
  await Promise.resolve().then(() => write('f'));
  await turn();
  expect(calls).toEqual(['a', 'b+c', 'd', 'e', 'f']);
});

test('what is written between `hold` and `release` leaves at once, together, after all that was written before', async () => {
  const { calls, write, joined } = sink();
  joined.hold();
  for (const text of ['a', 'b', 'c']) write(text);
  expect(calls).toEqual([]);
  joined.release();
  expect(calls).toEqual(['a+b+c']);
  write('d');
  joined.hold();
  write('e');
  joined.release();
  expect(calls).toEqual(['a+b+c', 'd+e']);
  joined.release();
  write('f');
  await turn();
  write('g');
  expect(calls).toEqual(['a+b+c', 'd+e', 'f', 'g']);
});
