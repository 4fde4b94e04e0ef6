import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FAULTS, OTHER_FAULTS } from '../../../../src/simulator/faults/fault-table.ts';

describe('the table of faults', () => {
  test('names each fault once, in kebab-case', () => {
    const names = FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test('has a place for each of the 72 known failures, and at least 30 of them can be chosen', () => {
    const built = new Set(FAULTS.flatMap(({ covers }) => covers));
    const all = new Set([...built, ...OTHER_FAULTS.map(({ covers }) => covers)]);
    expect([...all].sort((a, b) => a - b)).toEqual(Array.from({ length: 72 }, (_, i) => i + 1));
    expect(built.size).toBeGreaterThanOrEqual(30);
    for (const { covers } of OTHER_FAULTS) expect(built).not.toContain(covers);
  });

  test('names the files that bring each fault about, and no other', () => {
    const folder = new URL('../../../../src/simulator/faults/', import.meta.url);
    const tables = new Set(['fault-table.ts', 'fault-choice.ts']);
    const texts = readdirSync(folder).flatMap((file) =>
      tables.has(file) ? [] : [[file.replace(/\.ts$/, ''), readFileSync(new URL(file, folder), 'utf8')] as const],
    );
    const found = FAULTS.map(({ name }) => [name, texts.flatMap(([file, text]) => (text.includes(`'${name}'`) ? [file] : [])).sort()]);
    expect(FAULTS.map(({ name, effectIn }) => [name, [...effectIn].sort()])).toEqual(found);
  });

  test('says how often and how long, and what it is', () => {
    for (const { what, everyMs, lastsMs, share } of FAULTS) {
      expect(what.length).toBeGreaterThan(10);
      expect(lastsMs).toBeGreaterThan(0);
      expect(everyMs).toBeGreaterThan(lastsMs);
      expect(share > 0 && share <= 1).toBe(true);
    }
  });
});
