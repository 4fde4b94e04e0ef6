import { execa } from 'execa';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';

const HANGING = `test('never ends', () => new Promise(() => undefined));
`;

test('every project has a limit for its tests: a minute for what calculates, two where programs run; and none is tried again', async () => {
  const { default: config } = (await import(pathToFileURL('vitest.config.ts').href)) as { default: unknown };
  const { test: shared } = config as { test: { retry: number; projects: { test: Record<string, unknown> }[] } };
  const limits = shared.projects.map(({ test: { name, testTimeout, hookTimeout } }) => [name, testTimeout, hookTimeout]);
  const programs = ['smoke', 'realtime', 'slow', 'screenshot', 'bench'].map((name) => [name, 120_000, 120_000]);
  expect(limits).toEqual([['suite', 120_000, 120_000], ['unit', 60_000, 60_000], ['integration', 60_000, 60_000], ...programs]);
  expect([shared.retry, ...shared.projects.map(({ test: { retry } }) => retry)]).toEqual([0, ...limits.map(() => undefined)]);
});

test('a test that hangs fails by its limit', async () => {
  const root = folderWith({ 'hanging.test.js': HANGING, 'vitest.config.js': 'export default {};' });
  const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs');
  const { exitCode, stderr } = await execa('node', [vitest, 'run', '--root', root, '--globals', '--testTimeout', '300'], { reject: false });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Test timed out in 300ms')]);
});

test('no unit or integration test sleeps on a real timer', () => {
  const files = ['unit', 'integration'].flatMap((folder) => {
    const names = readdirSync(`test/${folder}`, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.ts')).map((name) => `test/${folder}/${name}`);
  });
  const sleeping = /node:timers\/promises|sleep\(systemClock|new Promise\(.*setTimeout\(\w+, [1-9]/;
  const found = files.filter((path) => !path.endsWith('time-limit.test.ts') && sleeping.test(readFileSync(path, 'utf8')));
  expect(found).toEqual([]);
});
