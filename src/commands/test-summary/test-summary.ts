import { Command, InvalidArgumentError, Option } from 'commander';
import { basename, join, resolve } from 'node:path';
import { messageOf, usageError, type ExitCode } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { summarizeTests, type SuiteRun, type SummaryOptions } from '../../reports/test-summary/test-summary.ts';
import { readText } from '../../store/files.ts';
import { expectWritable } from '../../store/whole-files.ts';
import { mergeRuns } from '../../test-results/merge.ts';
import { readResults } from '../../test-results/read-results.ts';
import type { TestCase } from '../../test-results/test-run.ts';
import { systemClock } from '../../util/clock.ts';
import { durationOption } from '../options/durations.ts';
import { outOption } from '../options/run-options.ts';
import { setExitCode } from '../process/exit-code.ts';
import { openLog } from '../process/log.ts';
import { addHelp, jsonOption, quietOption, type HelpParts } from '../options/basics.ts';
import { outputOptions } from '../options/options.ts';
import { publishSummary, SUMMARY_FILES, type SummaryFormat } from './output.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot test-summary',
    'mmbot test-summary --suites unit,slow --baseline reports/audit/ctrf.json',
    'mmbot test-summary results/*.xml --min-tests 200 --slower-than 30s',
    'mmbot test-summary first-try.xml second-try.xml --retries --markdown',
  ],
  notes: `\
Files may be JSON of vitest or jest, JUnit XML, CTRF, a pytest log, or TAP; each
file is a suite with the name of the file. Without files, the vitest projects of
the package in this folder are run, and their logs and results go to --out.
Exit codes: 0 PASS, 1 FAIL, 5 INCONCLUSIVE (for example a suite without tests),
2 when results cannot be read.`,
};

const SUITES = ['unit', 'integration', 'smoke'] as const;
/** Stops a runner that hangs; single tests have their own timeout in vitest's configuration. */
const SUITE_TIMEOUT_MS = 900_000;

interface Choice extends OutputChoice {
  readonly suites?: readonly string[];
  readonly timeout?: number;
  readonly retries?: boolean;
  readonly baseline?: string;
  readonly maxFailures: number;
  readonly minTests: number;
  readonly slowerThan?: number;
  readonly out: string;
}

interface OutputChoice {
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly ctrf?: boolean;
}

export function testSummaryCommand(host: Host): Command {
  const command = new Command('test-summary')
    .description('Run the test suites or read their results, and report PASS or FAIL.')
    .argument('[files...]', 'results files of any test runner; without files, run the suites')
    .addOption(new Option('--suites <list>', `vitest projects to run (default: ${SUITES.join(',')})`).argParser(parseSuites))
    .addOption(durationOption('--timeout', 'stop a suite that takes longer, and FAIL (default: 15m)'))
    .option('--retries', 'treat later files as retries of the tests in earlier ones: a pass after a failure counts as flaky, not as failed')
    .option('--baseline <file>', 'compare with the results of an earlier run: newly failing, fixed, slower, new and removed tests')
    .addOption(new Option('--max-failures <n>', 'FAIL when more tests failed').argParser(parseCount).default(0))
    .addOption(new Option('--min-tests <n>', 'INCONCLUSIVE when fewer tests ran').argParser(parseCount).default(1))
    .addOption(durationOption('--slower-than', 'FAIL when a test took longer: seconds, or 90s, 2m'))
    .addOption(outOption('TEST_SUMMARY.md and ctrf.json', 'reports/audit'))
    .addOption(new Option('--markdown', 'print Markdown on stdout').conflicts(['json', 'ctrf']))
    .addOption(jsonOption().conflicts('ctrf'))
    .option('--ctrf', 'print the results in the Common Test Report Format (CTRF) on stdout')
    .addOption(quietOption());
  return addHelp(command, HELP).action(async (files: readonly string[], choice: Choice) =>
    setExitCode(command, await summarize(host, command, files, choice)),
  );
}

async function summarize(host: Host, command: Command, files: readonly string[], choice: Choice): Promise<ExitCode> {
  const startedAt = systemClock.now();
  const began = systemClock.monotonic();
  const options: SummaryOptions = {
    retries: choice.retries === true,
    baseline: choice.baseline === undefined ? undefined : baselineIn(host, choice.baseline),
    maxFailures: choice.maxFailures,
    minTests: choice.minTests,
    slowerThanMs: choice.slowerThan,
  };
  const out = resolve(host.cwd, choice.out);
  const runs = files.length > 0 ? readAll(host, files, choice) : await runAll(host, command, choice, out);
  const summary = summarizeTests(runs, options);
  const span = { startedAt, endedAt: startedAt + Math.round(systemClock.monotonic() - began) };
  return publishSummary(host, summary, { span, out, format: formatOf(choice) });
}

function readAll(host: Host, files: readonly string[], { suites, timeout }: Choice): readonly SuiteRun[] {
  if (suites !== undefined || timeout !== undefined) {
    throw usageError('--suites and --timeout apply to running the suites, not to reading results files');
  }
  return files.map((file) => runIn(host, file));
}

async function runAll(host: Host, command: Command, choice: Choice, out: string): Promise<readonly SuiteRun[]> {
  // Loaded first: the suites may rebuild the program's files while it runs.
  const { runSuites } = await import('./run-suites.ts');
  // Checked first, because the suites take minutes.
  for (const name of SUMMARY_FILES) expectWritable(join(out, name));
  const log = openLog(host, outputOptions(command), systemClock, []);
  return runSuites(host, log, { suites: choice.suites ?? SUITES, timeoutMs: choice.timeout ?? SUITE_TIMEOUT_MS, out });
}

function runIn({ cwd }: Host, path: string): SuiteRun {
  const text = textOf(resolve(cwd, path), path);
  const suite = basename(path).replace(/\.[^.]+$/, '');
  return { suite, ...readResults(text, path, { suite, root: cwd }) };
}

function textOf(path: string, given: string): string {
  let problem: unknown = new Error('no such results file');
  try {
    const text = readText(path);
    if (text !== undefined) return text;
  } catch (error) {
    problem = error;
  }
  throw usageError(`${given}: ${messageOf(problem)}`, { code: 'results_missing', cause: problem });
}

function baselineIn(host: Host, path: string): readonly TestCase[] {
  return mergeRuns([runIn(host, path)], { retries: false });
}

function formatOf({ markdown, json, ctrf }: OutputChoice): SummaryFormat {
  if (markdown === true) return 'markdown';
  if (json === true) return 'json';
  return ctrf === true ? 'ctrf' : 'text';
}

function parseSuites(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => !/^[\w-]+$/.test(name))) throw new InvalidArgumentError(`Expected comma-separated names, was '${text}'.`);
  return [...new Set(names)];
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`Expected a whole number, was '${text}'.`);
  return Number(text);
}
