import { expect, test } from 'vitest';
import { resultIn, resultText } from '../../../../src/harness/campaign/result-text.ts';
import { runResult } from '../../../support/campaign/results.ts';

test('the text of a result reads as that result', () => {
  for (const result of [runResult(), runResult({ frozen: 'day loss', bug: 'no\u2028idea \u001b[2J', uptime: 0.5, broken: ['a', 'b'] })])
    expect(resultIn(resultText(result))).toEqual(result);
});

test('control characters of a message are written as escapes', () => {
  expect(resultText(runResult({ bug: '\u009b2J' }))).toContain(String.raw`"bug":"\u009b2J"`);
});

test.each([
  ['nothing', () => ''],
  ['a part of it', (text: string) => text.slice(0, -10)],
  ['it without its end of line', (text: string) => text.trimEnd()],
  ['twice', (text: string) => text + text],
  ['another format', (text: string) => `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`],
  ['another version', (text: string) => text.replace('"schemaVersion":1', '"schemaVersion":2')],
  ['a field too few', (text: string) => text.replace('"fills":12,', '')],
  ['a field too many', (text: string) => text.replace('"fills":12,', '"fills":12,"more":1,')],
  ['fields in another order', (text: string) => text.replace('"seed":"7","verdict":"INCONCLUSIVE"', '"verdict":"INCONCLUSIVE","seed":"7"')],
  ['a number that is none', (text: string) => text.replace('"fills":12', '"fills":null')],
  ['a text as a number', (text: string) => text.replace('"fills":12', '"fills":"12"')],
  ['a list of something else', (text: string) => text.replace('"broken":[]', '"broken":[1]')],
  ['a gate without a bound', (text: string) => text.replace('"bound":0,', '')],
  ['an unknown verdict', (text: string) => text.replace('INCONCLUSIVE', 'GOOD')],
  ['a list', () => '[]\n'],
])('%s is no result', (_, change) => {
  expect(resultIn(change(resultText(runResult())))).toBeUndefined();
});
