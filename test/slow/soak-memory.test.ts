import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

const MOST_MB = 300;
/** Writes the most memory that the process ever had, kB, when it ends. */
const TELL_PEAK = "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS} kB\\n`))";

test(`six hours of s1 take ${MOST_MB} MB at most`, { timeout: 1_800_000 }, async () => {
  const { stderr } = await runMmbot('soak --profile s1 --clock virtual --duration 6h --seed 1 --log-level error'.split(' '), {
    cwd: folderWith({}),
    nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(TELL_PEAK)}`],
    timeoutMs: 1_800_000,
  });
  const peakMb = (Number(/peak (\d+) kB/.exec(stderr)?.[1]) * 1024) / 1e6;
  console.log(`peak of six hours: ${peakMb.toFixed(0)} MB`);
  expect(peakMb).toBeLessThanOrEqual(MOST_MB);
});
