import { runMmbot } from './run-mmbot.ts';

const STARTS = 5;

/** What one start of the program takes here and now, ms: the median of some. Bounds of real time are counted in it. */
export async function startMs(): Promise<number> {
  const took: number[] = [];
  for (let run = 0; run < STARTS; run += 1) took.push((await runMmbot(['--version'])).durationMs);
  return took.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)] ?? 0;
}
