import { expect, test } from 'vitest';
import { wrappedLines, writeFailure } from '../../../../src/commands/terminal/lines.ts';
import { failureOf, usageError } from '../../../../src/errors.ts';
import { main } from '../../../../src/main.ts';
import { testHost } from '../../../support/program/test-host.ts';

const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');
const TERMINAL = { isTerminal: true, columns: 40 };

test('lines are wrapped at words on a terminal, below their beginning, and left as they are in a pipe', () => {
  const text = `${words(10)}\n  ${words(9)}\nshort\n`;
  expect(wrappedLines(text, { ...TERMINAL, isTerminal: false })).toBe(text);
  expect(wrappedLines(text, TERMINAL)).toBe(`${words(7)}\n  ${words(3)}\n  ${words(7)}\n    ${words(2)}\nshort\n`);
});

test('a word that is longer than a line stays whole, so that it can be copied', () => {
  const path = `/folder${'/sub'.repeat(12)}`;
  expect(wrappedLines(`written to ${path} now`, TERMINAL)).toBe(`written to\n  ${path}\n  now`);
});

test('commands and the lines of a stack are never wrapped', () => {
  for (const line of [
    'hint: mmbot cancel-all --venue testnet --symbols BTCUSDT,ETHUSDT --mine',
    "  BYBIT_KEY_FILE='/srv/my key.json' mmbot cancel-all --rest-url http://127.0.0.1:8099 --force",
    'MM_RISK_MAX_ORDER_USD=10 mmbot soak --profile conservative --duration 60',
    '    at placeOrder (file:///opt/mmbot/src/execution/orders/gateway.ts:10:20)',
  ])
    expect(wrappedLines(line, TERMINAL)).toBe(line);
  expect(wrappedLines('hint: mmbot config-explain lists every key; --why KEY shows one', TERMINAL)).toContain('\n');
  expect(wrappedLines('  at its price and quantity, within three turns', TERMINAL)).toContain('\n');
});

test('an error is wrapped where it is read: its JSON has the message as it is', async () => {
  const failure = failureOf(usageError(words(20), { hint: words(20) }));
  const host = testHost(TERMINAL);
  writeFailure(host, failure);
  expect(host.stderr.text).toBe(['error', 'hint'].map((label) => `${label}: ${words(6)}\n  ${words(7)}\n  ${words(7)}\n`).join(''));
  const options = { argv: ['soak', '--json', '--set', 'quoting.unknown=3'], ...TERMINAL };
  const [narrow, pipe] = [testHost(options), testHost({ ...options, isTerminal: false })];
  expect([await main(narrow), await main(pipe)]).toEqual([2, 2]);
  expect(narrow.stdout.text).toBe(pipe.stdout.text);
  expect(narrow.stderr.text).not.toBe(pipe.stderr.text);
});
