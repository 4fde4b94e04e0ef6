import { describe, expect, test } from 'vitest';
import { DOCUMENTS } from '../support/docs/documents.ts';
import { runBlocks } from '../support/docs/run-block.ts';

const LONG_MS = 600_000;

describe('slow examples in the documents', () => {
  test.each(DOCUMENTS)(
    '%s',
    async (path) => {
      const results = await runBlocks(path, (info) => info.includes('slow'), LONG_MS);
      expect(results.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
    },
    2 * LONG_MS,
  );
});
