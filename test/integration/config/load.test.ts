import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load, type Sources } from '../../../src/config/load.ts';
import type { Resolution } from '../../../src/config/resolve.ts';
import { MmbotError } from '../../../src/errors.ts';
import { folderWith } from '../../support/program/folders.ts';

const NO_SOURCES: Sources = { profile: undefined, overrides: undefined, typed: { assignments: [], flags: [] } };

function loadIn(cwd: string, sources: Partial<Sources>, env: Record<string, string> = {}): Resolution {
  return load({ env, cwd }, { ...NO_SOURCES, ...sources });
}

function refusal(cwd: string, sources: Partial<Sources>): string {
  try {
    loadIn(cwd, sources);
  } catch (error) {
    if (error instanceof MmbotError && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

const spread = (bps: number): string => `quoting:\n  baseSpreadBps: ${bps}\n`;

function winnerOfSpread({ explain }: Resolution): unknown {
  return explain.find(({ key }) => key === 'quoting.baseSpreadBps')?.winner;
}

test('the shipped profiles are valid, and s1 states every key', () => {
  const s1 = loadIn(folderWith(), { profile: 's1' });
  expect(s1.settings.quoting.baseSpreadBps).toBe(0.85);
  expect(s1.explain.filter(({ winner }) => winner.layer !== 'profile')).toEqual([]);
  expect(loadIn(folderWith(), { profile: 'conservative' }).settings.quoting.baseSpreadBps).toBe(12);
});

test('a profile of the working folder goes before a shipped one of the same name', () => {
  const cwd = folderWith({ 'profiles/s1.yaml': spread(3) });
  expect(winnerOfSpread(loadIn(cwd, { profile: 's1' }))).toEqual({ layer: 'profile', source: 'profiles/s1.yaml:2:18', value: 3 });
});

test('a profile can be a file, and a file outside the working folder shows its whole path', () => {
  const file = join(folderWith({ 'mine.json': '{"quoting.baseSpreadBps": 3}' }), 'mine.json');
  expect(winnerOfSpread(loadIn(folderWith(), { profile: file }))).toEqual({ layer: 'profile', source: `${file}:1:27`, value: 3 });
});

test('an unknown profile is refused with the known names', () => {
  expect(refusal(folderWith({ 'profiles/own.yaml': spread(3) }), { profile: 's2' })).toContain(
    "--profile: expected a file or one of conservative, own, s1 (did you mean s1?), was 's2' (from --profile)",
  );
});

test.each([
  ['missing', {}, 'o.yaml', 'expected a file that exists'],
  ['of code', { 'o.js': 'module.exports = {}' }, 'o.js', 'expected a file that ends in .yaml, .yml, .json'],
  ['empty', { 'o.yaml': '' }, 'o.yaml', 'expected a file with keys and values'],
  ['UTF-16', { 'o.yaml': Buffer.from(`\ufeff${spread(3)}`, 'utf16le') }, 'o.yaml', 'expected UTF-8 text'],
  ['not UTF-8', { 'o.yaml': Buffer.from([0x61, 0xff, 0x62]) }, 'o.yaml', 'expected UTF-8 text'],
  ['huge', { 'o.yaml': '# padding\n'.repeat(1_000_000) }, 'o.yaml', 'expected a file of at most 65536 bytes'],
  ['deep', { 'o.yaml': '['.repeat(60_000) }, 'o.yaml', 'expected at most 16 levels of nesting'],
  ['a folder', { 'o.yaml/x': '' }, 'o.yaml', 'expected a file, was'],
])('an override file that is %s is refused', (_, files, overrides, message) => {
  expect(refusal(folderWith(files), { overrides })).toContain(message);
});

test('problems of all layers come together, before anything runs', () => {
  const cwd = folderWith({ 'p.yaml': 'quoting:\n  baseSpredBps: 1\n', 'o.yaml': 'risk:\n  maxOpenOrders: 1e3\n' });
  const message = refusal(cwd, { profile: 'p.yaml', overrides: 'o.yaml', typed: { assignments: ['a.b=1'], flags: [] } });
  for (const place of ['p.yaml:2:3', 'o.yaml:2:18', '--set #1']) expect(message).toContain(`(from ${place})`);
});

test('only the named file is read: no code, imports or configuration of the folder, nor of those above it', () => {
  const cwd = folderWith({
    '.config/config.js': `require('node:fs').writeFileSync(${JSON.stringify('ran')}, '')`,
    'package.json': '{ broken',
    'mmbot.config.js': 'throw new Error("ran")',
    'inner/o.yaml': spread(3),
  });
  expect(winnerOfSpread(loadIn(join(cwd, 'inner'), { overrides: 'o.yaml' }))).toMatchObject({ source: 'o.yaml:2:18' });
  expect(existsSync(join(cwd, 'ran'))).toBe(false);
  const importing = folderWith({ 'import.yaml': `$import: inner/o.yaml\n${spread(4)}` });
  expect(refusal(importing, { overrides: 'import.yaml' })).toContain('$import: expected a known key');
});

test.each(['js', 'ts', 'cjs', 'mjs'])(
  'a working folder whose .config/config.%s would be run as code is refused, and nothing is run',
  (suffix) => {
    const place = `.config/config.${suffix}`;
    const cwd = folderWith({ [place]: `require('node:fs').writeFileSync('ran', '')`, 'o.yaml': spread(3) });
    expect(refusal(cwd, { overrides: 'o.yaml' })).toContain(`--overrides: expected a working folder without .config/config.js`);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  },
);
