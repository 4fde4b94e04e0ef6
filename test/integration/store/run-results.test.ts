import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readResult, type ReadResult } from '../../../src/harness/campaign/read-result.ts';
import { resultText } from '../../../src/harness/campaign/result-text.ts';
import { claimFolder } from '../../../src/store/folder-lock.ts';
import { RunResults } from '../../../src/store/run-results.ts';
import { runResult } from '../../support/campaign/results.ts';
import { taskOf } from '../../support/campaign/tasks.ts';
import { folderWith } from '../../support/program/folders.ts';

function resultsIn(folder: string) {
  const damaged: string[][] = [];
  const read = (text: string, id: string): ReadResult => readResult(text, taskOf(id, { durationMs: 60_000 }));
  return { results: new RunResults(folder, { read, onDamaged: (...words) => damaged.push(words) }), damaged };
}

const TEXT = resultText(runResult());

test('a result is found again by another process, with its report', () => {
  const folder = join(folderWith(), 'out', 'runs');
  const { results } = resultsIn(folder);
  expect([results.find('a1'), results.hasPage('a1')]).toEqual([undefined, false]);
  expect(results.add('a1', TEXT, '<p>page</p>')).toEqual(runResult());
  const later = resultsIn(folder).results;
  expect([later.find('a1'), later.hasPage('a1')]).toEqual([runResult(), true]);
  expect(readdirSync(folder).sort()).toEqual(['a1.html', 'a1.json']);
  expect(readFileSync(join(folder, 'a1.json'), 'utf8')).toBe(TEXT);
  expect(readFileSync(later.pagePath('a1'), 'utf8')).toBe('<p>page</p>');
});

test('the same result may come again, with a report that has another command', () => {
  const folder = folderWith();
  const { results } = resultsIn(folder);
  results.add('a1', TEXT, null);
  expect(results.add('a1', TEXT, 'page')).toEqual(runResult());
  expect(readdirSync(folder).sort()).toEqual(['a1.html', 'a1.json']);
});

test('another result of the same run is a bug: both are kept, and the error names them', () => {
  const folder = folderWith();
  const { results, damaged } = resultsIn(folder);
  results.add('a1', TEXT, null);
  const other = resultText(runResult({ fills: 13 }));
  const message = expect.stringContaining(`${folder}/a1.json and ${folder}/a1.other.json`) as string;
  expect(() => results.add('a1', other, null)).toThrow(expect.objectContaining({ code: 'results_differ', exitCode: 70, message }));
  expect(results.find('a1')).toEqual(runResult());
  expect(readFileSync(join(folder, 'a1.other.json'), 'utf8')).toBe(other);
  expect(damaged).toEqual([]);
});

test.each([
  ['cut off', TEXT.slice(0, 50), 'expected the text of a result'],
  ['empty', '', 'expected the text of a result'],
  ['of another run', resultText(runResult({ id: 'b2' })), 'id: expected a1, was b2'],
  ['of another seed', resultText(runResult({ seed: '8' })), 'seed: expected 7, was 8'],
  ['impossible', resultText(runResult({ fills: -1 })), 'fills: expected'],
  ['foreign', 'hello', 'expected the text of a result'],
])('a file that is %s is moved aside with the reason, and the run can be made again', (_, content, wrong) => {
  const folder = folderWith({ 'a1.json': content });
  const { results, damaged } = resultsIn(folder);
  expect(results.find('a1')).toBeUndefined();
  const path = join(folder, 'a1.json');
  expect(damaged).toEqual([[path, `${path}.damaged`, expect.stringContaining(wrong)]]);
  expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(content);
  results.add('a1', TEXT, null);
  expect(results.find('a1')).toEqual(runResult());
});

test('a file that was damaged after it was looked for gives way to the result', () => {
  const folder = folderWith({ 'a1.json': 'hello' });
  const { results, damaged } = resultsIn(folder);
  expect(results.add('a1', TEXT, null)).toEqual(runResult());
  expect([damaged.length, results.find('a1')]).toEqual([1, runResult()]);
});

test('what is no result of the run is refused as a bug', () => {
  const folder = folderWith();
  const { results } = resultsIn(folder);
  for (const text of ['{"net":1}', resultText(runResult({ id: 'b2' }))])
    expect(() => results.add('a1', text, 'page')).toThrow(expect.objectContaining({ code: 'result_invalid', exitCode: 70 }));
  expect(readdirSync(folder)).toEqual([]);
  expect(() => results.find('../a1')).toThrow('the id of a run is ../a1');
});

test('what cannot be written or read is an error of the user', () => {
  const folder = folderWith({ there: '' });
  const { results } = resultsIn(join(folder, 'there'));
  expect(() => results.add('a1', TEXT, null)).toThrow(expect.objectContaining({ code: 'file_unwritable', exitCode: 2 }));
  mkdirSync(join(folder, 'a1.json'));
  expect(() => resultsIn(folder).results.find('a1')).toThrow(expect.objectContaining({ code: 'file_unreadable', exitCode: 2 }));
});

test('many results are read and checked in little more time than their texts are read and parsed in', () => {
  const folder = folderWith();
  const ids = Array.from({ length: 1000 }, (_, i) => `run${i}`);
  for (const id of ids) writeFileSync(join(folder, `${id}.json`), resultText(runResult({ id })));
  const { results } = resultsIn(folder);
  const cpuOf = (work: (id: string) => unknown): number => {
    const before = process.cpuUsage();
    for (const id of ids) work(id);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const parsed = cpuOf((id) => JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')));
  const checked = cpuOf((id) => expect(results.find(id)?.id).toBe(id));
  expect(checked / parsed).toBeLessThan(30);
});

test('one campaign at a time uses a folder, whatever its name', async () => {
  const folder = folderWith();
  const out = join(folder, 'out');
  symlinkSync(out, join(folder, 'link'));
  const first = await claimFolder(out, () => undefined);
  expect(existsSync(out)).toBe(true);
  for (const name of ['out', 'link', 'out/../out'])
    await expect(claimFolder(join(folder, name), () => undefined)).rejects.toMatchObject({
      code: 'folder_in_use',
      exitCode: 2,
      message: expect.stringContaining(join(folder, name)) as string,
    });
  const other = await claimFolder(join(folder, 'other'), () => undefined);
  await first.release();
  const second = await claimFolder(out, () => undefined);
  for (const each of [second, other]) await each.release();
});

test.skipIf(process.getuid?.() === 0)('a folder that cannot be written to is refused before anything is made', async () => {
  const folder = folderWith();
  chmodSync(folder, 0o500);
  await expect(claimFolder(folder, () => undefined)).rejects.toMatchObject({ code: 'file_unwritable', exitCode: 2 });
});
