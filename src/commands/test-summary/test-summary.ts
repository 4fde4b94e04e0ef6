import { Command, InvalidArgumentError, Option } from 'commander';
import { basename, join, relative, resolve } from 'node:path';
import { attempt, endOf, EXIT, MmbotError, messageOf, type ExitCode } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { summarizeTests, type SuiteRun, type SummaryOptions } from '../../reports/test-summary/test-summary.ts';
import { expectWritable, readText } from '../../store/files.ts';
import { mergeRuns } from '../../test-results/merge.ts';
import { readResults } from '../../test-results/read-results.ts';
import type { TestCase } from '../../test-results/test-run.ts';
import { systemClock } from '../../util/clock.ts';
import { parseDuration } from '../options/durations.ts';
import { setExitCode } from '../process/exit-code.ts';
import { openLog } from '../process/log.ts';
import { outputOptions } from '../options/options.ts';
import { showTestSummary, SUMMARY_FILES, writeTestSummary, type SummaryFormat } from './output.ts';

const EXAMPLES = `
FILES: results as JSON of vitest or jest, JUnit XML, CTRF, a log of pytest, or TAP; without any, the suites of the
project in this folder are run (projects of its vitest), with their logs and results under --out.
A suite is called like its file. Exit 0 PASS, 1 FAIL, 5 INCONCLUSIVE (a suite without a test is that), 2 unreadable results.

Examples:
  $ mmbot test-summary
  $ mmbot test-summary --suites unit,slow --baseline reports/audit/ctrf.json
  $ mmbot test-summary results/*.xml --min-tests 200 --slower-than 30s
  $ mmbot test-summary first-try.xml second-try.xml --retries --markdown
`;

const SUITES = ['unit', 'integration', 'smoke'] as const;
/** For a runner that hangs: each test has its own limit in vitest's configuration. */
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
    .description('Say what the tests say: run the suites or read results of any runner, and judge them.')
    .argument('[files...]', 'results files; their names are the suites’')
    .addOption(
      new Option('--suites <list>', `what to run, by names of vitest projects (default: ${SUITES.join(',')})`).argParser(parseSuites),
    )
    .addOption(new Option('--timeout <time>', 'a suite that takes longer is stopped: FAIL (default: 15m)').argParser(parseDuration))
    .option('--retries', 'later files are further tries of tests in earlier ones: a pass after a failure is flaky, not failed')
    .option('--baseline <file>', 'results of an earlier run: shows what is newly failing, fixed, slower, new and gone')
    .addOption(new Option('--max-failures <n>', 'more failed tests than this: FAIL').argParser(parseCount).default(0))
    .addOption(new Option('--min-tests <n>', 'fewer tests that ran than this: INCONCLUSIVE').argParser(parseCount).default(1))
    .addOption(new Option('--slower-than <time>', 'a test that took longer: FAIL; seconds, or 90s, 2m').argParser(parseDuration))
    .option('--out <dir>', 'where TEST_SUMMARY.md and ctrf.json go', 'reports/audit')
    .addOption(new Option('--markdown', 'Markdown on stdout').conflicts(['json', 'ctrf']))
    .addOption(new Option('--json', 'one JSON document on stdout').conflicts('ctrf'))
    .option('--ctrf', 'the results in the common test report format on stdout')
    .option('--quiet', 'no progress, only the result');
  return command
    .addHelpText('after', EXAMPLES)

    .action(async (files: readonly string[], choice: Choice) => setExitCode(command, await summarize(host, command, files, choice)));
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
  const exitCode = { PASS: EXIT.ok, FAIL: EXIT.failed, INCONCLUSIVE: EXIT.inconclusive }[summary.verdict];
  const span = { startedAt, endedAt: startedAt + Math.round(systemClock.monotonic() - began) };
  const unwritten = attempt(() => writeTestSummary(host, summary, span, out));
  const end = endOf(exitCode, unwritten);
  const written = unwritten === undefined ? SUMMARY_FILES.map((name) => join(relative(host.cwd, out) || '.', name)) : [];
  showTestSummary(host, summary, { format: formatOf(choice), span, end, files: written });
  return end.exitCode;
}

function readAll(host: Host, files: readonly string[], { suites, timeout }: Choice): readonly SuiteRun[] {
  if (suites !== undefined || timeout !== undefined) {
    const message = '--suites and --timeout are for running the suites, not for results files';
    throw new MmbotError({ code: 'usage', exitCode: EXIT.usage, message });
  }
  return files.map((file) => runIn(host, file));
}

async function runAll(host: Host, command: Command, choice: Choice, out: string): Promise<readonly SuiteRun[]> {
  // Loaded first: the suites may build the program anew while it runs.
  const { runSuites } = await import('./run-suites.ts');
  // They take minutes.
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
  let problem: unknown = new Error('there is no such results file');
  try {
    const text = readText(path);
    if (text !== undefined) return text;
  } catch (error) {
    problem = error;
  }
  throw new MmbotError({ code: 'results_missing', exitCode: EXIT.usage, message: `${given}: ${messageOf(problem)}`, cause: problem });
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
  if (names.some((name) => !/^[\w-]+$/.test(name)))
    throw new InvalidArgumentError(`Expected names with commas between them, was '${text}'.`);
  return [...new Set(names)];
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`Expected a whole number, was '${text}'.`);
  return Number(text);
}
