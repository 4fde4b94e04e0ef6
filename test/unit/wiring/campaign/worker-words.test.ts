import { expect, test } from 'vitest';
import { EXIT, MmbotError } from '../../../../src/errors.ts';
import { wordIn, wordLine, type WorkerWord } from '../../../../src/wiring/campaign/worker-words.ts';

const EVIL = 'line\nof \u2028 text \u2029\r\u009b2J';
const failure = { code: 'usage', exitCode: EXIT.exchange, message: EVIL, hint: 'try', run: 'mmbot x' };

test.each<WorkerWord>([
  { kind: 'ready', build: '1.0.0+ab' },
  { kind: 'progress', id: 'a', simulatedMs: 0 },
  { kind: 'done', id: 'a', result: EVIL, page: EVIL, cpuMs: 1.5, memoryBytes: 7 },
  { kind: 'done', id: 'a', result: '', page: null, cpuMs: 1.5, memoryBytes: 7 },
  { kind: 'failed', id: 'a', error: new MmbotError(failure) },
  { kind: 'failed', id: 'a', error: new MmbotError({ code: 'x', exitCode: EXIT.usage, message: 'm' }) },
  { kind: 'bug', message: EVIL },
])('$kind arrives as it was said, on one line for any reader of lines', (word) => {
  const line = wordLine(word);
  expect(line.split(/[\n\r\u2028\u2029]/)).toHaveLength(1);
  expect(wordIn(line)).toEqual(word);
});

test.each(['', 'Debugger attached.', '{}', '[]', '{"id":"a"}', '{"ready":1}'])('%j is no word', (line) => {
  expect(wordIn(line)).toBeUndefined();
});
