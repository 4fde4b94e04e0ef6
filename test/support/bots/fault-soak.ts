import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../../src/main.ts';
import type { SoakReport } from '../../../src/reports/soak/soak-report.ts';
import { folderWith } from '../program/folders.ts';
import { testHost } from '../program/test-host.ts';

/** A soak in virtual time; `broken`: invariants that do not hold, with what was found. */
export async function faultSoak(faults: readonly string[], seed: string, seconds: number) {
  const out = folderWith();
  const choice = ['--faults', faults.join(','), '--seed', seed, '--duration', String(seconds)];
  const host = testHost({
    argv: ['soak', '--profile', 's1', '--clock', 'virtual', '--quiet', '--out', out, ...choice],
    cwd: process.cwd(),
  });
  const exitCode = await main(host);
  const text = readFileSync(join(out, 'report.json'), 'utf8');
  const report = JSON.parse(text) as SoakReport;
  const broken = report.invariants.filter(({ holds }) => !holds).map(({ name, found }) => `${name}: ${found}`);
  return { exitCode, report, broken, text, out };
}
