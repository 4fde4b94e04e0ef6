import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

const BIN = fileURLToPath(new URL('../../bin/mmbot.js', import.meta.url));

/** As if this Node were another. */
const pretend = (version: string): string =>
  `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });\n`;

describe('a Node that is too old', () => {
  test.each(['12.22.12', '18.20.4', '20.9.0', '20.18.3'])('%s is told before anything is loaded', async (version) => {
    const cwd = folderWith({ 'old.cjs': pretend(version) });
    const { exitCode, stderr } = await runMmbot(['soak'], { cwd, nodeOptions: ['--require', `${cwd}/old.cjs`] });
    expect([exitCode, stderr]).toEqual([
      2,
      `error: mmbot needs Node 20.19 or newer, this is ${version}\nhint: install a newer one: https://nodejs.org\n`,
    ]);
  });

  test.each(['20.19.0', '22.0.0', '100.1.0'])('%s is not', async (version) => {
    const cwd = folderWith({ 'new.cjs': pretend(version) });
    expect((await runMmbot(['--version'], { cwd, nodeOptions: ['--require', `${cwd}/new.cjs`] })).exitCode).toBe(0);
  });

  test('is what the package says, and can read the file that tells it', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe('>=20.19');
    // No syntax of the last ten years but import().
    expect(readFileSync(BIN, 'utf8')).not.toMatch(/=>|\b(?:const|let|await|async|class)\b|`|\?\.|^import /m);
  });
});

describe.skipIf(process.platform !== 'linux')('what the system takes away', () => {
  const sh = async (script: string, cwd = folderWith()) => {
    const { exitCode, stderr } = await execa('/bin/sh', ['-c', script, 'sh', process.execPath, BIN], {
      cwd,
      env: {},
      extendEnv: false,
      reject: false,
    });
    return [exitCode, stderr];
  };

  test('a disk that does not take the result: exit 2', async () => {
    for (const words of ['config-explain', 'completion bash'])
      expect(await sh(`"$@" ${words} >/dev/full`)).toEqual([
        2,
        expect.stringMatching(/result could not be written to stdout: ENOSPC[\s\S]*hint: /),
      ]);
  });

  test('a reader that goes away: no reason to fail', async () => {
    expect(await sh('"$@" config-explain | head -1 >/dev/null; exit 0')).toEqual([0, '']);
  });

  test('a working folder that was removed: exit 2', async () => {
    expect(await sh('mkdir gone; cd gone; rmdir ../gone; exec "$@" config-explain')).toEqual([2, expect.stringContaining('ENOENT')]);
  });

  test('a journal without room: exit 2 with its place', async () => {
    const soak = '"$@" soak --clock virtual --duration 20 --out out';
    expect(await sh(`ulimit -f 16; ${soak}`)).toEqual([2, expect.stringMatching(/EFBIG: .*out\/journal\.log'\nhint: free disk space/)]);
  });
});

describe.skipIf(process.platform === 'win32')('too few files may be open', () => {
  const runWith = (most: number, args: readonly string[]) => {
    const words = ['-c', `ulimit -n ${most}; exec "$@"`, 'sh', process.execPath, BIN, ...args];
    return execa('/bin/sh', words, { cwd: folderWith(), env: {}, extendEnv: false, reject: false });
  };

  /** How many Node itself needs differs: with fewer it dies on its own, before it has read a line of ours. */
  const leastOfNode = async (): Promise<number> => {
    for (let most = 12; ; most += 1) if ((await runWith(most, ['--version'])).exitCode === 0) return most;
  };

  test.each([
    ['live', '--duration', '1'],
    ['soak', '--clock', 'virtual', '--duration', '1'],
  ])('%s says so', async (...args) => {
    const least = await leastOfNode();
    const told: string[] = [];
    for (const most of [least, least + 1, least + 2]) {
      const { exitCode, stderr } = await runWith(most, args);
      expect(stderr).not.toContain('bug in mmbot');
      if (/^error: .*EMFILE/m.test(stderr)) told.push(`${exitCode} ${/hint: .*/.exec(stderr)?.[0]}`);
    }
    expect(told.length).toBeGreaterThan(0);
    for (const text of told) expect(text).toMatch(/^2 hint: .*ulimit -n 1024/);
  });
});
