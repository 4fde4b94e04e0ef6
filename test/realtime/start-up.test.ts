import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

/** Says at the end what the process has cost, in ms of a processor. */
const COST = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeFileSync(process.env.COST_FILE, String((user + system) / 1000));
});`;

test('--help costs less than two and a half times what Node itself costs', async () => {
  const folder = folderWith({ 'empty.mjs': '', 'cost.cjs': COST });
  const file = join(folder, 'cost');
  const env = { NODE_OPTIONS: `--require ${join(folder, 'cost.cjs')}`, COST_FILE: file };
  const bare: number[] = [];
  const help: number[] = [];
  // Time of the processor, in turn, and the least of each: whatever else a machine does only adds.
  for (let run = 0; run < 15; run += 1) {
    await execa(process.execPath, [join(folder, 'empty.mjs')], { env, extendEnv: false });
    bare.push(Number(readFileSync(file, 'utf8')));
    await runMmbot(['--help'], { env });
    help.push(Number(readFileSync(file, 'utf8')));
  }
  const [ours, theirs] = [Math.min(...help), Math.min(...bare)];
  console.info(`--help: ${ours.toFixed(0)} ms, node: ${theirs.toFixed(0)} ms, ratio ${(ours / theirs).toFixed(2)}`);
  expect(ours, 'cheaper than Node itself: not a measurement').toBeGreaterThan(theirs);
  expect(ours / theirs).toBeLessThan(2.5);
});
