import { expect, test } from 'vitest';
import { taskIn } from '../../../../src/harness/campaign/task-in.ts';
import { taskOf } from '../../../support/campaign/tasks.ts';

const { scenario } = taskOf('').spec;
const recording = { files: [{ path: 'a.zip', sha256: 'ff' }], queueModel: 'trade' };

test.each([
  ['on a market model', taskOf('a1')],
  [
    'with settings and fees',
    { ...taskOf('a1', { settings: { b: '2', a: '1' }, fees: { makerPpm: -50, takerPpm: 550 } }), sources: { b: 'x' } },
  ],
  ['on a recording, with a page', { ...taskOf('a1', { scenario: { ...scenario, market: null, recording } }), wantsPage: true }],
])('a task %s arrives as it was sent, with its settings in their order', (_, task) => {
  const text = JSON.stringify(task);
  expect(JSON.stringify(taskIn(JSON.parse(text)))).toBe(text);
});

test.each([
  ['nothing', undefined],
  ['a list', []],
  ['no run', { ...taskOf('a1'), spec: undefined }],
  ['no id', { ...taskOf('a1'), id: 1 }],
  ['no seed', taskOf('a1', { seed: undefined as unknown as string })],
  ['fees without a rate', taskOf('a1', { fees: { makerPpm: 1 } as never })],
  ['a setting that is no text', taskOf('a1', { settings: { a: 1 as never } })],
  ['a recording without a queue model', taskOf('a1', { scenario: { ...scenario, recording: { files: [] } as never } })],
  ['a file without a hash', taskOf('a1', { scenario: { ...scenario, recording: { ...recording, files: [{ path: 'a' }] as never } } })],
])('%s is no task', (_, value) => {
  expect(taskIn(value)).toBeUndefined();
});
