import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { executable, linesOf, oneLine, own, visible } from '../../../src/util/terminal-text.ts';

/** Whatever a terminal, a pager or a browser would act on. */
// oxlint-disable-next-line eslint/no-control-regex -- they are what must not be there
const EXECUTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const RED = '\u001B[31mred\u001B[39m';

describe('text of others', () => {
  test.each([
    ['a cleared screen', '\u001b[2J', String.raw`\u001b[2J`],
    ['a title', '\u001b]0;owned\u0007', String.raw`\u001b]0;owned\u0007`],
    ['C1', '\u009b31m\u0085', String.raw`\u009b31m\u0085`],
    ['a line drawn over', 'ORDERS MAY REMAIN\rVERIFIED EMPTY\b\u007f', String.raw`ORDERS MAY REMAIN\u000dVERIFIED EMPTY\u0008\u007f`],
    ['the other direction', '\u202eYTPME\u2066', String.raw`\u202eYTPME\u2066`],
    ['styles', RED, String.raw`\u001b[31mred\u001b[39m`],
  ])('%s is shown, not executed', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(executable(visible(text))).toBe(shown);
  });

  test('keeps its lines, tabs, letters and signs', () => {
    const text = 'über\t一二三 👩‍💻\nsecond\n';
    expect(visible(text)).toBe(text);
    expect(visible('first\r\nsecond\r\n')).toBe('first\nsecond\n');
  });

  test('stays in its line where it is one of several', () => {
    expect(linesOf(['found: x\nVERIFIED EMPTY', '\tat y\r'])).toBe(String.raw`found: x\u000aVERIFIED EMPTY` + '\n\tat y\n');
  });

  test('in a JSON document it means what it meant', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(JSON.stringify({ text }));
        expect(JSON.parse(shown)).toEqual({ text });
        expect(shown).not.toMatch(EXECUTED);
        expect(oneLine(text)).not.toMatch(EXECUTED);
      }),
    );
  });
});

test('styles of our own are executed, also beside those of others', () => {
  const mixed = `${own(RED)} ${RED}`;
  expect(executable(oneLine(mixed))).toBe(`${RED} ${String.raw`\u001b[31mred\u001b[39m`}`);
});
