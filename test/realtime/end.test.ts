import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { startMs } from '../support/program/machine.ts';
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
