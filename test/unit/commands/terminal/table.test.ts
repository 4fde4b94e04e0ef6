import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { paint, textTable } from '../../../../src/commands/terminal/table.ts';
import { misfits } from '../../../support/program/terminal-fit.ts';
import { testHost } from '../../../support/program/test-host.ts';

const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');
const host = (columns: number) => testHost({ isTerminal: true, columns });
const linesOf = (columns: number, head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const terminal = host(columns);
  terminal.stdout.write(textTable(terminal, head, rows));
  return stripVTControlCharacters(terminal.stdout.text).split('\n').slice(0, -1);
};

describe('a table on a terminal', () => {
  test('keeps the width of its columns as long as they fit', () => {
    expect(linesOf(20, ['check', 'found'], [['clock', 'a b c d']])).toEqual([
      '┌───────┬─────────┐',
      '│ check │ found   │',
      '│ clock │ a b c d │',
      '└───────┴─────────┘',
    ]);
  });

  test('wraps the widest texts at words, in their column', () => {
    expect(linesOf(36, ['check', 'n', 'found'], [['clock', '1,650', 'the clock of this machine is ahead by a second']])).toEqual([
      '┌───────┬───────┬──────────────────┐',
      '│ check │ n     │ found            │',
      '│ clock │ 1,650 │ the clock of     │',
      '│       │       │ this machine is  │',
      '│       │       │ ahead by a       │',
      '│       │       │ second           │',
      '└───────┴───────┴──────────────────┘',
    ]);
  });

  test('never breaks a figure or its unit', () => {
    const figures = ['13.49 – 14.17 ms', '≤ 340.00 ms', '1,650 of 2,000', '-3.53 bps'];
    const lines = linesOf(100, ['a', 'b', 'c', 'd', 'e'], [[...figures, words(20)]]);
    for (const figure of figures) expect(lines.join('\n')).toContain(figure);
  });

  test('breaks a word that is longer than its column: a path after a slash, a name after a dot', () => {
    const source = 'some/long/folder/of/profiles/that/is/deep/s1.yaml:8:18';
    expect(linesOf(60, ['key', 'source'], [['quoting.baseSpreadBps', source]]).slice(2, -1)).toEqual([
      '│ quoting.baseSpreadBps │ some/long/folder/of/profiles/    │',
      '│                       │ that/is/deep/s1.yaml:8:18        │',
    ]);
    expect(linesOf(37, ['key', 'source'], [['quoting.baseSpreadBps', source]]).slice(2, -1)).toEqual([
      '│ quoting.       │ some/long/       │',
      '│ baseSpreadBps  │ folder/of/       │',
      '│                │ profiles/that/   │',
      '│                │ is/deep/         │',
      '│                │ s1.yaml:8:18     │',
    ]);
  });

  test('gives up the space beside the borders before a text gets too narrow to read', async () => {
    const lines = linesOf(40, ['a', 'b', 'c', 'd'], [['1.0000', '2.0000', '3.0000', words(6)]]);
    expect(lines[2]).toMatch(/^│1\.0000│2\.0000│3\.0000│word0 word1 /);
    expect(await misfits(lines.join('\n'), 40)).toEqual([]);
  });

  test('is one record for each row where there is no room for columns', () => {
    const head = ['', 'n', 'found'];
    const rows = [
      ['clock', '1,650', words(8)],
      ['keys', '', 'ok'],
    ];
    expect(linesOf(25, head, rows)).toEqual([
      'clock',
      'n: 1,650',
      'found: word0 word1',
      '  word2 word3 word4 word5',
      '  word6 word7',
      '',
      'keys',
      'found: ok',
    ]);
  });

  test('keeps the color of a cell on each of its lines, and its borders without', () => {
    const terminal = host(40);
    terminal.stdout.write(textTable(terminal, ['a', 'b'], [[paint(terminal).cyan(words(10)), 'x']]));
    expect(terminal.stdout.text).not.toContain(String.raw`\u001b`);
    const rows = terminal.stdout.text.split('\n').slice(2, -2);
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows)
      expect(row.split('\u001B')).toEqual(['│ ', expect.stringMatching(/^\[36mword/), expect.stringMatching(/^\[39m +│ /)]);
  });

  test('wraps a short text whose color begins with a digit', () => {
    const terminal = host(22);
    const row = [paint(terminal).red('too few samples'), '1.5 ms'];
    terminal.stdout.write(textTable(terminal, ['a head of words', 'b'], [row]));
    expect(stripVTControlCharacters(terminal.stdout.text).split('\n').slice(1, -2)).toEqual([
      '│ a head of │ b      │',
      '│ words     │        │',
      '│ too few   │ 1.5 ms │',
      '│ samples   │        │',
    ]);
  });

  test('never breaks a secret in two, which would escape redaction', () => {
    const terminal = host(60);
    const secret = 'abcdefghijklmnopqrstuvwxyz0123456789';
    terminal.hide([secret]);
    terminal.stdout.write(textTable(terminal, ['a', 'b', 'c'], [[secret, `a/b/${secret}`, words(20)]]));
    expect(terminal.stdout.text).not.toMatch(/bcde|fghi|jklm|nopq|rstu|vwxy|1234|5678/);
  });

  test.each([80, 120, 200])('fits %i columns with wide characters, long words and many columns', async (columns) => {
    const rows = [
      ['一二三四五六七八九十'.repeat(8), 'x'.repeat(300), `${words(30)} ${'y/'.repeat(90)}`, '1.5 ms'],
      ['', '中文 '.repeat(40), 'é'.repeat(90), '-'],
    ];
    const terminal = host(columns);
    terminal.stdout.write(textTable(terminal, ['a wide one', 'b', 'c', 'd'], rows));
    expect(await misfits(terminal.stdout.text, columns)).toEqual([]);
  });

  test('is never wrapped in a pipe', () => {
    const pipe = testHost({ columns: 40 });
    expect(textTable(pipe, ['a', 'b'], [[words(30), 'x']])).toBe(`a${' '.repeat(words(30).length + 1)}b\n${words(30)}  x\n`);
  });
});
