import { expect, test } from 'vitest';
import { z } from 'zod';
import { settingsSchema } from '../../../src/config/schema.ts';

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
