import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEYS } from '../../../src/config/fields.ts';
import { parseFile } from '../../../src/config/parse-file.ts';

test('keys are nested, dotted or mixed, each with its line and column', () => {
  const { entries, problems } = parseFile('# a\nquoting:\n  baseSpreadBps: 0.85 # b\n  maxInFlight: 3\nrisk.maxOrderUsd: 10\n', 'p.yaml');
  expect(problems).toEqual([]);
  expect(entries).toEqual([
    { key: 'quoting.baseSpreadBps', text: '0.85', quoted: false, source: 'p.yaml:3:18' },
    { key: 'quoting.maxInFlight', text: '3', quoted: false, source: 'p.yaml:4:16' },
    { key: 'risk.maxOrderUsd', text: '10', quoted: false, source: 'p.yaml:5:19' },
  ]);
});

test('JSON is read the same way', () => {
  const json = '{\n\t"quoting": { "baseSpreadBps": 0.85 },\n\t"risk.maxOrderUsd": 10\n}';
  expect(parseFile(json, 'p.json').entries.map(({ source }) => source)).toEqual(['p.json:2:32', 'p.json:3:22']);
  expect(parseFile('{ quoting: { baseSpreadBps: 1 } }', 'p.json').problems).toEqual([
    'p.json: expected strict JSON, because its name ends in .json (from p.json)',
  ]);
});

test('a byte order mark and Windows line ends change nothing', () => {
  const text = 'quoting:\n  baseSpreadBps: 0.85\n  maxInFlight: 3\n';
  expect(parseFile(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'p.yaml')).toEqual(parseFile(text, 'p.yaml'));
});

test('numbers keep the text that was written, so that 1e3 cannot pass as 1000', () => {
  const texts = parseFile(
    'quoting:\n  maxInFlight: 1e3\n  orderSizeUsd: 0x10\n  minIntervalMs: 010\n  maxOrderAgeMs: "9"',
    'p.yaml',
  ).entries;
  expect(texts.map(({ text, quoted }) => [text, quoted])).toEqual([
    ['1e3', false],
    ['0x10', false],
    ['010', false],
    ['9', true],
  ]);
});

test.each([
  [
    'unknown key',
    'quoting:\n  baseSpredBps: 1',
    'quoting.baseSpredBps: expected a known key (did you mean quoting.baseSpreadBps?) (from p.yaml:2:3)',
  ],
  ['unknown section', 'qouting:\n  baseSpreadBps: 1', 'qouting: expected a known key (did you mean quoting?) (from p.yaml:1:1)'],
  ['two letters swapped', 'riks:\n  maxOrderUsd: 1', 'riks: expected a known key (did you mean risk?) (from p.yaml:1:1)'],
  ['prototype', '__proto__:\n  polluted: 1', '__proto__: expected a known key (from p.yaml:1:1)'],
  ['prototype in a section', 'risk:\n  __proto__: 1', 'risk.__proto__: expected a known key (from p.yaml:2:3)'],
  ['constructor', 'constructor: 1', 'constructor: expected a known key (from p.yaml:1:1)'],
  ['section twice', 'risk:\n  maxOrderUsd: 1\nrisk:\n  maxOpenOrders: 1', 'risk: expected once (from p.yaml:1:1 and p.yaml:3:1)'],
  ['list', 'risk:\n  maxOrderUsd: [1]', 'risk.maxOrderUsd: expected 1 to 10000000 USD in steps of 0.01, was a list (from p.yaml:2:3)'],
  [
    'mapping',
    'risk.maxOrderUsd: { a: 1 }',
    'risk.maxOrderUsd: expected 1 to 10000000 USD in steps of 0.01, was a mapping (from p.yaml:1:1)',
  ],
  [
    'alias',
    'risk:\n  maxOpenOrders: &a 3\n  maxOrderUsd: *a',
    'risk.maxOrderUsd: expected 1 to 10000000 USD in steps of 0.01, was an alias (from p.yaml:3:3)',
  ],
  [
    'tag',
    'risk:\n  maxOrderUsd: !!int 3',
    'risk.maxOrderUsd: expected 1 to 10000000 USD in steps of 0.01, was a value with a tag (from p.yaml:2:3)',
  ],
  ['value for a section', 'risk: 3', 'risk: expected the keys of this section, was a single value (from p.yaml:1:1)'],
  ['empty section', 'bybit:\n', 'bybit: expected the keys of this section, was empty (from p.yaml:1:1)'],
  ['null for a section', 'bybit: ~\n', 'bybit: expected the keys of this section, was a single value (from p.yaml:1:1)'],
  ['list for a section', 'bybit: [1]\n', 'bybit: expected the keys of this section, was a list (from p.yaml:1:1)'],
  ['key of a list', '? [a]\n: 1', '(no text): expected a known key (from p.yaml:1:3)'],
  ['list instead of keys', '- a\n- b', 'p.yaml: expected keys and values (from p.yaml)'],
  ['comments only', '# nothing\n', 'p.yaml: expected keys and values (from p.yaml)'],
  ['UTF-16', '\ufffd\ufffdr\u0000i\u0000s\u0000k\u0000', 'p.yaml: expected UTF-8 text (from p.yaml)'],
  ['open bracket', 'risk: {', 'p.yaml: expected YAML or JSON, was'],
  ['second document', 'risk.maxOrderUsd: 1\n---\nrisk.maxOrderUsd: 2', 'p.yaml: expected YAML or JSON, was'],
])('%s is refused with its place', (_, content, problem) => {
  const { problems } = parseFile(content, 'p.yaml');
  expect(problems[0]).toContain(problem);
  expect(problems.join()).not.toContain('undefined');
});

test.each(['[', '- ', '? ', 'a: ', '{a: ', '[[{', '- - ? '])('60 kB of nested %j are refused before they can hurt', (part) => {
  const { problems } = parseFile(part.repeat(60_000 / part.length), 'p.yaml');
  expect(problems).toEqual(['p.yaml: expected at most 16 levels of nesting (from p.yaml)']);
});

test('an unknown key never shows its value', () => {
  expect(parseFile('bybit:\n  apiSecret: hunter2hunter2', 'p.yaml').problems.join()).not.toContain('hunter2');
});

test('no text makes the reader throw, and all it lets through are known keys', () => {
  const known = new Set(KEYS.map(({ key }) => key));
  const word = fc.constantFrom(
    'quoting',
    'risk.',
    'baseSpreadBps',
    ':',
    ': ',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a',
    '*a',
    '#',
    '!!str ',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(word, { maxLength: 25 }).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, (content) => parseFile(content, 'p.yaml').entries.every(({ key }) => known.has(key))),
    { numRuns: 5000 },
  );
  expect(known.size).toBeGreaterThan(0);
});
