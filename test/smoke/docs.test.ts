import { describe, expect, test } from 'vitest';
import { DOCUMENTS } from '../support/docs/documents.ts';
import { runBlocks } from '../support/docs/run-block.ts';

describe('examples in the documents', () => {
  test.concurrent.each(DOCUMENTS)('%s: every command runs as written, and ends as it says', async (path) => {
    const results = await runBlocks(path, (info) => !info.includes('no-run') && !info.includes('slow'));
    expect(results.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
  });
});
