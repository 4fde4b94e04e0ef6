import { expect, test } from 'vitest';
import { RULES } from '../../../../src/harness/invariants/table.ts';
import { main } from '../../../../src/main.ts';
import { testHost } from '../../../support/program/test-host.ts';

test('soak --explain-invariants lists each with its meaning and its source, and runs nothing', async () => {
  const host = testHost({ argv: ['soak', '--explain-invariants'] });
  expect(await main(host)).toBe(0);
  for (const { id, name, meaning, sources } of RULES) {
    expect(host.stdout.text).toContain(`${id.padEnd(4)} ${name}\n     ${meaning}\n     by ${sources.join(', ')};`);
  }
  expect(host.stderr.text).toBe('');
});

test('and as a document', async () => {
  const host = testHost({ argv: ['soak', '--explain-invariants', '--json'] });
  expect(await main(host)).toBe(0);
  const document = JSON.parse(host.stdout.text) as { invariants: readonly { id: string; only: string | null }[] };
  expect(document).toMatchObject({ schemaVersion: 1, command: 'soak', ok: true });
  expect(document.invariants).toHaveLength(RULES.length);
  expect(document.invariants.filter(({ only }) => only !== null).map(({ id }) => id)).toEqual(['I10', 'I33']);
});
