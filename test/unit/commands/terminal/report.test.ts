import { expect, test } from 'vitest';
import { labeledLines, resultTable, verdictLine, wrapped } from '../../../../src/commands/terminal/report.ts';
import { executable } from '../../../../src/util/terminal-text.ts';
import { testHost } from '../../../support/program/test-host.ts';

const pipe = testHost();
const terminal = testHost({ isTerminal: true });
const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');

test('text is wrapped on a terminal, under its beginning, and left as it is in a pipe', () => {
  expect(wrapped(pipe, words(60), 9)).toBe(words(60));
  expect(wrapped(terminal, words(60), 9).split('\n')).toEqual([words(22), `         ${words(22)}`, `         ${words(16)}`]);
});

test('a line to copy is never wrapped', () => {
  expect(labeledLines(terminal, [['Repeat', words(60)]])).toBe(`Repeat   ${words(60)}\n`);
});

test('the verdict has its color on a terminal, which takes no room, and none in a pipe', () => {
  expect(verdictLine(pipe, 'FAIL', 'two\nlines')).toBe(String.raw`FAIL: two\u000alines`);
  expect(executable(verdictLine(terminal, 'PASS', words(30)))).toBe(
    `\u001B[32m\u001B[1mPASS\u001B[22m\u001B[39m: ${words(23)}\n${words(7)}`,
  );
});

test('a table has its results in color', () => {
  const table = { title: 'Gates', head: ['gate', 'result'], rows: [['net edge', 'FAIL']] };
  expect(resultTable(pipe, table)).toBe('Gates\ngate      result\nnet edge  FAIL\n\n');
  expect(executable(resultTable(terminal, table))).toContain('\u001B[31mFAIL\u001B[39m');
});
