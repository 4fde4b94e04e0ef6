import { expect, test } from 'vitest';
import type { LoadReport } from '../../src/reports/load/load-report.ts';
import { folderWith } from '../support/program/folders.ts';
import { startMmbot } from '../support/program/running.ts';

test.each([
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('mmbot load-test ends in order on %s: exit %i, nothing rests, and what ran is reported', async (signal, exitCode) => {
  const args = ['--rate', '8/s', '--duration', '600', '--warmup', '0', '--symbols', '1', '--json', '--out', folderWith()];
  const load = startMmbot(['load-test', ...args]);
  await load.seen('load_progress');
  load.kill(signal);
  expect(await load.exitCode).toBe(exitCode);
  const report = JSON.parse(load.stdout()) as LoadReport;
  expect(report).toMatchObject({ interrupted: true, restingAtEnd: 0, cancelAll: { verified: true } });
});
