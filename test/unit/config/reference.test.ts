import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { KEYS } from '../../../src/config/fields.ts';
import { configurationTable } from '../../../src/config/reference.ts';
import { settingsSchema } from '../../../src/config/schema.ts';

test('the table names every key once, with its default', () => {
  const rows = configurationTable().split('\n');
  const counts = KEYS.map(({ key, field }) => rows.filter((row) => row.startsWith(`| \`${key}\` | ${field.default} |`)).length);
  expect(counts).toEqual(KEYS.map(() => 1));
});

test('the README shows this table and no other', () => {
  const text = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const shown = /<!-- configuration:start -->\n([\s\S]*)<!-- configuration:end -->/.exec(text)?.[1];
  expect(shown?.trim()).toBe(configurationTable().trim());
});

test('the schema accepts what the program accepts, and refuses unknown keys, wrong types and values out of range', () => {
  const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(settingsSchema())) as z.core.JSONSchema.JSONSchema);
  const accepted = [{}, { quoting: { baseSpreadBps: 0.85, minIntervalMs: 60 } }, { 'quoting.baseSpreadBps': 3 }, { risk: {} }];
  const refused = [
    { quoting: { baseSpredBps: 1 } },
    { quoting: { baseSpreadBps: '1' } },
    { quoting: { baseSpreadBps: 501 } },
    { quoting: { minIntervalMs: 60.5 } },
    { 'quoting.baseSpreadBps': 501 },
    { other: 1 },
  ];
  const passes = (document: object): boolean => schema.safeParse(document).success;
  expect(accepted.filter((document) => !passes(document))).toEqual([]);
  expect(refused.filter(passes)).toEqual([]);
});
