import { Command } from 'commander';
import { join, resolve } from 'node:path';
import { EXIT_OF_VERDICT, usageError, type ExitCode } from '../../errors.ts';
import type { RunEngine, RunTask } from '../../harness/campaign/engine.ts';
import { PlannedRuns, type CampaignPlan, type RunRef } from '../../harness/campaign/plan.ts';
import { knownIn, runCampaign } from '../../harness/campaign/run-campaign.ts';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../../host.ts';
import { isUnchanged } from '../../reports/campaign/best-profile.ts';
import { campaignReport } from '../../reports/campaign/build-report.ts';
import { buildId } from '../../store/build-id.ts';
import { readText } from '../../store/files.ts';
import { expectWritable } from '../../store/whole-files.ts';
import { claimFolder } from '../../store/folder-lock.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { every, scopedClock, systemClock } from '../../util/clock.ts';
import { counted } from '../../util/counted.ts';
import { redisAddress } from '../../wiring/campaign/redis-address.ts';
import { openLocalEngine } from '../../wiring/campaign/local-engine.ts';
import { feesOf, isFeeKey } from '../options/fee-options.ts';
import { addHelp, type HelpParts } from '../options/basics.ts';
import { addSharedOptions, outputOptions, sourcesOf, type OutputOptions } from '../options/options.ts';
import { setExitCode } from '../process/exit-code.ts';
import { openLog } from '../process/log.ts';
import { openTelemetry, telemetryOptions, type OpenTelemetry } from '../process/telemetry.ts';
import { repeatWords } from '../terminal/repeat-line.ts';
import { openScreen, type Screen } from '../terminal/screen.ts';
import { announce } from './cost.ts';
import { KeptResults } from './kept-results.ts';
import { campaignOptions, inputOf, type CampaignChoice } from './options.ts';
import { publishCampaign } from './output.ts';
import { planOf, type PreparedPlan } from './plan.ts';
import { soakLine } from './soak-line.ts';
import { keptRuns, Progress } from './progress.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot campaign --profile s1,conservative --seeds 40',
    'mmbot campaign --profile conservative --vary quoting.baseSpreadBps=6,8,12,18 --duration 20m',
    'mmbot campaign --profile conservative --vary quoting.baseSpreadBps=6..18/5 --vary quoting.maxSkewBps=1,2,4 --write best.yaml',
    "mmbot campaign --profile s1,conservative --market btc,toxic --expect 's1 > conservative'",
    'mmbot campaign --profile s1 --survive --seeds 200',
    'mmbot campaign --plan plan.yaml',
  ],
  notes: [
    'Every setup meets the same markets, and setups are compared by their differences.',
    'Results are kept: after Ctrl-C or a crash the same command goes on.',
    'Exit codes: 0 PASS, 1 FAIL, 5 INCONCLUSIVE, by --expect and the invariants.',
  ].join('\n'),
};

export function campaignCommand(host: Host): Command {
  const command = new Command('campaign').description(
    'Run many soaks in simulated time and compare setups: which is better, and how sure is that.',
  );
  for (const option of [...campaignOptions(), ...telemetryOptions()]) command.addOption(option);
  return addHelp(addSharedOptions(command), HELP).action(async (choice: CampaignChoice) =>
    setExitCode(command, await campaign(host, command, choice)),
  );
}

async function campaign(host: Host, command: Command, choice: CampaignChoice): Promise<ExitCode> {
  const output = outputOptions(command);
  const out = resolve(host.cwd, choice.out);
  const build = buildId(host.engine());
  const { overrides, typed } = sourcesOf(command);
  const prepared = await planOf(host, {
    aim: choice.survive === true ? 'survive' : 'compare',
    build,
    file: choice.plan,
    typed: inputOf(command, choice),
    shared: { overrides, typed },
    fees: feesOf(choice),
  });
  refuseFeeTwice(command, prepared.plan);
  expectWritable(join(out, 'campaign.html'));
  if (choice.write !== undefined) expectOurs(resolve(host.cwd, choice.write));
  using clock = scopedClock(systemClock);
  const screen = openScreen(host.stderr);
  const log = openLog(host, output, clock, [], screen);
  for (const { event, fields } of prepared.notes) log.warn(event, fields);
  await using telemetry = await openTelemetry(host, choice, { command: 'campaign', symbols: [], clock, log });
  await using _lock = await claimFolder(out, () => log.error('folder_taken', { out, meaning: 'another campaign uses this folder too' }));
  await using engine = await openEngine(host, choice, build, log);
  return await runAndPublish({ host, choice, output, out, build, prepared, screen, log, engine, telemetry });
}

/** Processes of this machine, or workers of a Redis server. */
async function openEngine(host: Host, { jobs, redis }: CampaignChoice, build: string, log: Logger): Promise<RunEngine> {
  const onDeath = (id: string, how: string): void => log.warn('run_process_died', { run: id, how, next: 'the run is made again' });
  if (redis === undefined) return openLocalEngine(host, { width: jobs, build, onDeath });
  const { openRedisEngine } = await import('../../wiring/campaign/redis-engine.ts');
  return openRedisEngine({ address: redisAddress(host, redis === true ? undefined : redis), build, log });
}

interface Parts {
  readonly host: Host;
  readonly choice: CampaignChoice;
  readonly output: OutputOptions;
  readonly out: string;
  readonly build: string;
  readonly prepared: PreparedPlan;
  readonly screen: Screen;
  readonly log: Logger;
  readonly engine: RunEngine;
  readonly telemetry: OpenTelemetry;
}

async function runAndPublish(parts: Parts): Promise<ExitCode> {
  const { host, choice, output, out, prepared, screen, log, engine } = parts;
  const runs = new PlannedRuns(prepared.plan);
  const store = new KeptResults(out, runs, log);
  const lost = new Map<string, string>();
  const known = knownIn({ store, lost });
  const repeatRun = (ref: RunRef): string => soakLine(host, prepared.plan.durationMs, ref);
  const taskOf = (ref: RunRef): RunTask => ({
    id: ref.id,
    spec: runs.spec(ref),
    sources: ref.setup.sources,
    repeat: repeatRun(ref),
    // A page from elsewhere would be opened as ours, with what somebody put into the Redis server.
    wantsPage: choice.pages && choice.redis === undefined,
  });
  const stop = stopOnSignal(host);
  const progress = new Progress({ host, log, screen, output, runs, known, width: () => engine.width });
  parts.telemetry.readBy(progress.readInto);
  const endShows = every(systemClock, 1000, progress.show);
  try {
    await announce({ log, runs, known, engine, taskOf, stop: stop.aborted, openPilot: () => pilotEngine(parts) });
    await runCampaign({ runs, engine, store, lost, taskOf, stop: stop.aborted, onStep: progress.step, onRun: progress.ended });
  } catch (error) {
    const signal = stop.signal();
    if (signal === undefined) throw error;
    screen.end();
    return interrupted(parts, { signal, kept: keptRuns(runs, (id) => store.result(id)) });
  } finally {
    endShows();
    stop.release();
    screen.end();
  }
  // Elsewhere it would make all runs again.
  const repeat = repeatWords(host, [], ['--out']);
  const report = campaignReport({ runs, known, expectations: prepared.expectations, repeat, repeatRun, reasons: lost });
  const profile = choice.write === undefined ? undefined : resolve(host.cwd, choice.write);
  const pageOf = (id: string): string | undefined => (store.hasPage(id) ? `runs/${id}.html` : undefined);
  const publication = { exitCode: EXIT_OF_VERDICT[report.verdict], out, json: output.json, csv: choice.csv === true, profile, pageOf };
  return publishCampaign(host, report, publication);
}

/** The one fee would never be used. Throws a usage error. */
function refuseFeeTwice(command: Command, { axes }: CampaignPlan): void {
  const twice = axes.find(({ key }) => isFeeKey(key) && command.getOptionValueSource(key) === 'cli');
  if (twice === undefined) return;
  throw usageError(`--vary ${twice.key}: expected no fee of all setups beside it`, {
    code: 'fee_varied',
    hint: 'leave out one of the two',
  });
}

/** A profile that somebody wrote by hand is not written over. Throws a usage error. */
function expectOurs(path: string): void {
  expectWritable(path);
  const there = readText(path);
  if (there === undefined || isUnchanged(there)) return;
  throw usageError(`--write: ${path} is there, and no campaign wrote it as it is`, {
    code: 'profile_there',
    hint: 'choose another name, or remove it',
  });
}

/** What a run costs is measured on this machine, also where others make the runs. */
function pilotEngine({ host, choice, engine, build }: Parts): RunEngine {
  if (choice.redis !== undefined) return openLocalEngine(host, { width: 1, build });
  return { width: engine.width, run: (task, signal) => engine.run(task, signal), [Symbol.asyncDispose]: () => Promise.resolve() };
}

interface CampaignStop {
  readonly aborted: AbortSignal;
  signal(): Signal | undefined;
  release(): void;
}

function stopOnSignal(host: Host): CampaignStop {
  const controller = new AbortController();
  let first: Signal | undefined;
  const release = host.onSignal((signal) => {
    first ??= signal;
    controller.abort();
  });
  return { aborted: controller.signal, signal: () => first, release };
}

/** A campaign that is not finished has no answer. */
function interrupted({ host, output, choice, out }: Parts, { signal, kept }: { readonly signal: Signal; readonly kept: number }): ExitCode {
  const exitCode = EXIT_OF_SIGNAL[signal];
  const words = `Stopped: the results of ${counted(kept, 'run')} are kept in ${choice.out}, and the same command goes on from there.`;
  if (output.json)
    host.stdout.write(`${JSON.stringify({ schemaVersion: 1, command: 'campaign', ok: false, exitCode, interrupted: true, kept, out })}\n`);
  else host.stderr.write(`${words}\n`);
  return exitCode;
}
