import { execa } from 'execa';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../support/folders.ts';

const HANGING = `test('never ends', () => new Promise(() => undefined));
`;

test('a test that hangs fails by its limit, which is 30 s everywhere', async () => {
  const config = readFileSync('vitest.config.ts', 'utf8');
  expect(config.match(/(?:test|hook)Timeout: 30_000/g)).toHaveLength(2);
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
