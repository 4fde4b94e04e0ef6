import { execa } from 'execa';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

test('the packed program, installed into an empty project, soaks', { timeout: 180_000 }, async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'mmbot-package-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'package.json'), '{ "private": true }');
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', cwd]);
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as readonly { filename: string; files: readonly { path: string }[] }[];
  const folders = new Set(packed?.files.map(({ path }) => path.split('/')[0] ?? ''));
  expect(folders).toEqual(new Set(['LICENSE', 'README.md', 'bin', 'dist', 'docs', 'monitoring', 'package.json', 'profiles']));
  await execa('npm', ['install', '--no-audit', '--no-fund', join(cwd, packed?.filename ?? '')], { cwd });
  const soak = await execa('npx', ['mmbot', 'soak', '--duration', '10'], { cwd, reject: false });
  expect([soak.exitCode, soak.stdout]).toEqual([5, expect.stringContaining('INCONCLUSIVE')]);
  expect(soak.stdout).toMatch(/(\d+) of \1 invariants hold/);
});
