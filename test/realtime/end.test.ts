import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { startMs } from '../support/program/machine.ts';
import { BIN } from '../support/program/run-mmbot.ts';
import { startMmbot } from '../support/program/running.ts';

/** A second on a quiet machine. What the run would have asked about later, acknowledged cancels for one, comes after two more. */
const STARTS = 20;

test('a run ends when it has said how it ended', async () => {
  const bound = STARTS * (await startMs());
  const run = startMmbot(['live', '--profile', 's1', '--duration', '1'], { cwd: folderWith() });
  await run.seen('VERIFIED EMPTY');
  const saidAt = performance.now();
  expect(await run.exitCode).toBe(0);
  const took = performance.now() - saidAt;
  console.info(`ended after ${took.toFixed(0)} ms, allowed ${bound.toFixed(0)}`);
  expect(took).toBeLessThan(bound);
});

/** Runs Node; only the test reads its pipes. */
function unread(args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd: folderWith(), stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('a command ends although nobody reads what it logs', async () => {
  const child = unread([BIN, 'soak', '--clock', 'virtual', '--duration', '300', '--explain']);
  const result = text(child.stdout);
  const [exitCode] = await once(child, 'exit');
  expect(exitCode).not.toBeNull();
  expect(await result).toContain('report.html');
  // It writes 300 kB, and a pipe holds 64: it did not wait for a reader.
  expect((await text(child.stderr)).length).toBeLessThan(200_000);
});

test('a result is complete however late it is read', async () => {
  const program = pathToFileURL(BIN.replace('bin/mmbot.js', 'dist/main.js')).href;
  const child = unread(['-e', `import('${program}').then((mmbot) => { process.stdout.write('x'.repeat(1e6)); mmbot.endProcess(0); })`]);
  await pause(8000);
  expect(await text(child.stdout)).toHaveLength(1e6);
});
