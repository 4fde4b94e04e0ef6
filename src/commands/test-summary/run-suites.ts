import { join, relative } from 'node:path';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../../host.ts';
import { MmbotError } from '../../errors.ts';
import type { SuiteRun } from '../../reports/test-summary/test-summary.ts';
import { readText, removeFile } from '../../store/files.ts';
import { writeWhole } from '../../store/whole-files.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { readResults } from '../../test-results/read-results.ts';
import { suiteRun } from '../../test-results/suite-results.ts';
import type { TestRun } from '../../test-results/test-run.ts';
import { systemClock } from '../../util/clock.ts';
import { runVitest, vitestOf } from './vitest-process.ts';

interface SuitesRequest {
  /** Names of vitest projects. */
  readonly suites: readonly string[];
  /** For each suite. */
  readonly timeoutMs: number;
  /** Absolute path of the folder for NAME.log, NAME.json and NAME.xml. */
  readonly out: string;
}

/** Runs the suites one after the other, so that they do not compete for the machine and a crash affects only one. */
export async function runSuites(host: Host, log: Logger, request: SuitesRequest): Promise<readonly SuiteRun[]> {
  const vitest = vitestOf(host.cwd);
  const stop = new AbortController();
  let interrupted: Signal | undefined;
  const release = host.onSignal((signal) => {
    interrupted ??= signal;
    stop.abort();
  });
  const runs: SuiteRun[] = [];
  try {
    for (const suite of request.suites) {
      log.info('suite_started', { suite, log: relative(host.cwd, join(request.out, `${suite}.log`)) });
      const run = await runSuite(host, suite, { ...request, vitest, stop: stop.signal });
      if (interrupted !== undefined) throw stopped(interrupted, suite);
      const failed = run.tests.filter(({ status }) => status === 'failed').length;
      log.info('suite_ended', { suite, tests: run.tests.length, failed, seconds: Math.round((run.durationMs ?? 0) / 1000) });
      runs.push(run);
    }
  } finally {
    release();
  }
  return runs;
}

async function runSuite(
  { cwd, env }: Host,
  suite: string,
  { vitest, out, timeoutMs, stop }: SuitesRequest & { readonly vitest: string; readonly stop: AbortSignal },
): Promise<SuiteRun> {
  const [json, junit] = [join(out, `${suite}.json`), join(out, `${suite}.xml`)];
  // If this run crashes, results of an earlier run must not be read in its place.
  for (const file of [json, junit]) if (readText(file) !== undefined) removeFile(file);
  const reporters = ['default', 'json', 'junit'].map((name) => `--reporter=${name}`);
  const args = ['run', '--project', suite, '--no-color', ...reporters, `--outputFile.json=${json}`, `--outputFile.junit=${junit}`];
  const startedAt = systemClock.monotonic();
  const { exitCode, timedOut, log } = await runVitest({ vitest, cwd, env, args, timeoutMs, stop });
  const durationMs = systemClock.monotonic() - startedAt;
  writeWhole(join(out, `${suite}.log`), `${log}\n`);
  const read = (file: string): TestRun | undefined => resultsIn(file, suite, cwd);
  const timedOutMs = timedOut ? timeoutMs : undefined;
  return suiteRun({ suite, root: cwd, exitCode, timedOutMs, durationMs, log, json: read(json), junit: read(junit) });
}

/** Undefined when the runner wrote no results, or only a part of them. */
function resultsIn(file: string, suite: string, root: string): TestRun | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    return readResults(text, file, { suite, root });
  } catch (error) {
    if (error instanceof MmbotError) return undefined;
    throw error;
  }
}

function stopped(signal: Signal, suite: string): MmbotError {
  return new MmbotError({
    code: 'interrupted',
    exitCode: EXIT_OF_SIGNAL[signal],
    message: `stopped by ${signal} while ${suite} ran; no summary is written`,
  });
}
