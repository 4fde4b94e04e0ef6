import { Command } from 'commander';
import { join, resolve } from 'node:path';
import type { ConfigWarning } from '../../config/warnings.ts';
import { VERSION } from '../../config/version.ts';
import { EXIT, EXIT_OF_VERDICT, usageError, type ExitCode } from '../../errors.ts';
import { allOf } from '../../execution/events.ts';
import { MomentWatch } from '../../harness/soak/moment-watch.ts';
import { runSoak, type SoakRun } from '../../harness/soak/soak-run.ts';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../../host.ts';
import { duration } from '../../reports/text/format.ts';
import { recordingLacks } from '../../reports/soak/soak-rows.ts';
import { soakReport, type SoakOrigin, type SoakReport } from '../../reports/soak/soak-report.ts';
import { chosenFees, feeFigures } from '../../reports/fee-words.ts';
import { faultNames } from '../../simulator/faults/fault-choice.ts';
import { type MarketModelName } from '../../simulator/market-model/markets.ts';
import { reportedKnobs } from '../../simulator/market-model/reported-knobs.ts';
import { createFileJournal } from '../../store/file-journal.ts';
import { createAppendFile } from '../../store/files.ts';
import { expectWritable } from '../../store/whole-files.ts';
import { eventLog } from '../../telemetry/event-log.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { isoTime, scopedClock, systemClock, VirtualClock } from '../../util/clock.ts';
import { randomId, systemRandom } from '../../util/random.ts';
import { durationOption } from '../options/durations.ts';
import { addHelp, type HelpParts } from '../options/basics.ts';
import { feeOptions, feesOf, type FeeChoice } from '../options/fee-options.ts';
import { marketModelOption } from '../options/market.ts';
import { setExitCode } from '../process/exit-code.ts';
import { explainInvariants } from './explain-invariants.ts';
import { tradingLimiter } from '../../wiring/limiters.ts';
import { explainLevel, logAuditTrail, openLog } from '../process/log.ts';
import { addSharedOptions, loadSettings, outputOptions, profileOf } from '../options/options.ts';
import { repeatLine } from '../terminal/repeat-line.ts';
import { VIRTUAL_START } from '../../wiring/virtual-start.ts';
import { openEmbedded } from '../../wiring/soak-exchange.ts';
import { openReplay, replayOptions, type ReplayChoice } from './replay.ts';
import { openScreen } from '../terminal/screen.ts';
import { publishSoak, showProgress } from './output.ts';
import { expectWithin, faultsOption, type NamedFaults } from '../options/fault-option.ts';
import { stopOnSignal } from '../process/stop-on-signal.ts';
import { clockOption, explainAtOption, explainOption, outOption, seedOption, type ClockName } from '../options/run-options.ts';
import { marketSymbolsOption } from '../options/symbols.ts';
import { openTelemetry, telemetryOptions, type TelemetryChoice } from '../process/telemetry.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot soak --profile s1 --duration 60',
    'mmbot soak --profile s1 --clock virtual --duration 1h --seed 7',
    'mmbot soak --clock virtual --duration 10m --faults heavy',
    'mmbot soak --profile s1 --model glft --explain',
    'mmbot soak --clock virtual --faults lost-reply,ip-ban-403@10s:20s',
    'mmbot soak --profile s1 --clock virtual --duration 1h --maker-fee -0.005%',
    'mmbot soak --symbols BTCUSDT,ETHUSDT --market toxic --out reports/toxic',
    'mmbot soak --clock virtual --replay ob500.data.zip,BTCUSDT2024-12-01.csv.gz',
  ],
  notes: 'Exit codes: 0 PASS, 1 FAIL, 5 INCONCLUSIVE, 4 when orders may still be open.',
  list: { title: 'Faults', groups: faultNames() },
};

interface Choice extends FeeChoice, ReplayChoice, TelemetryChoice {
  readonly duration: number;
  readonly symbols: readonly string[];
  readonly market: MarketModelName;
  readonly faults: NamedFaults;
  readonly seed?: string;
  readonly clock: ClockName;
  readonly out: string;
  readonly explain?: boolean;
  /** ms since the start. */
  readonly explainAt?: number;
  readonly explainInvariants?: boolean;
}

export function soakCommand(host: Host): Command {
  const [makerFee, takerFee] = feeOptions();
  const command = new Command('soak')
    .description('Run the bot against the embedded exchange, check it against the exchange’s ledger, and report PASS or FAIL.')
    .addOption(durationOption('--duration', 'length of the run: seconds, or 90s, 15m, 1h').default(60_000, '60'))
    .addOption(marketSymbolsOption('symbols to trade'))
    .addOption(marketModelOption())
    .addOption(clockOption())
    .addOption(faultsOption())
    .addOption(makerFee)
    .addOption(takerFee)
    .addOption(explainOption())
    .addOption(explainAtOption())
    .option('--explain-invariants', 'list the invariants that a soak checks and the records that they are checked against; run nothing')
    .addOption(seedOption('the run; the same seed repeats it'))
    .addOption(outOption('report.html, report.md, report.json and journal.log', 'reports/soak'));
  for (const option of [...replayOptions(), ...telemetryOptions()]) command.addOption(option);
  return addHelp(addSharedOptions(command), HELP).action(async (choice: Choice) => {
    setExitCode(
      command,
      choice.explainInvariants === true ? explainInvariants(host, outputOptions(command)) : await soak(host, command, choice),
    );
  });
}

async function soak(host: Host, command: Command, given: Choice): Promise<ExitCode> {
  host.limitHeapGrowth();
  const replay = await openReplay(host, command, given);
  const choice = replay === undefined ? given : { ...given, symbols: replay.symbols, duration: replay.durationMs };
  const resolution = loadSettings(host, command, choice.symbols);
  expectTimes(choice);
  const seed = given.seed ?? randomId(systemRandom, 6);
  const out = resolve(host.cwd, given.out);
  expectWritable(join(out, 'report.html'));
  using wallClock = scopedClock(systemClock);
  const clock = choice.clock === 'virtual' ? new VirtualClock(replay?.startAt ?? VIRTUAL_START) : wallClock;
  const output = outputOptions(command);
  const startedAt = isoTime(clock.now());
  const origin = originOf(host, command, choice, { seed, configHash: resolution.hash, replay: replay?.origin, startedAt });
  const screen = openScreen(host.stderr);
  const log = openLog(host, output, clock, [], screen);
  logAuditTrail(log, origin.profile, resolution);
  await using telemetry = await openTelemetry(host, choice, { command: 'soak', symbols: choice.symbols, clock, log });
  const stop = stopOnSignal(host, log);
  const parts = { clock, seed, symbols: choice.symbols, market: choice.market, settings: resolution.settings };
  const limiter = tradingLimiter(clock, parts.settings.execution.opsPerSecond);
  const work = async (): Promise<SoakRun> => {
    await using embedded = await openEmbedded({
      ...parts,
      faults: choice.faults.choice,
      fees: feesOf(choice),
      replay: replay?.player(clock),
      limiter,
      overSockets: choice.clock === 'wall',
    });
    announce(log, origin, embedded.warnings);
    const file = createFileJournal(createAppendFile(join(out, 'journal.log'), { replace: true }), { durable: choice.clock === 'wall' });
    const journal = embedded.listens.journal(file);
    journal.append({ type: 'start', at: clock.now(), runId: embedded.idPrefix, configHash: resolution.hash, version: VERSION, seed });
    const run = await runSoak({
      ...parts,
      ...embedded,
      limiter,
      journal,
      durationMs: choice.duration,
      stop: replay === undefined ? stop.aborted : AbortSignal.any([stop.aborted, replay.stop]),
      memoryBytes: choice.clock === 'wall' ? () => host.memoryBytes() : undefined,
      onSample: showProgress(host, log, screen, origin, output),
      onLoop: telemetry.watch,
      moment: choice.explainAt === undefined ? undefined : new MomentWatch(clock, choice.explainAt),
      onEvent: allOf(telemetry.record, eventLog(log, { explain: explainLevel(output, choice.explain) })),
    });
    journal.close();
    return run;
  };
  const run = await (clock instanceof VirtualClock ? clock.run(work()) : work()).finally(() => {
    stop.release();
    screen.end();
  });
  const report = soakReport(run, origin, resolution);
  const exitCode = exitCodeOf(run, report, stop.signal());
  if (exitCode !== EXIT.ordersRemain) replay?.stop.throwIfAborted();
  return publishSoak(host, report, run.moments, { exitCode, fault: run.fault, out, json: output.json });
}

/** Times of the run that were given have to lie within it. */
function expectTimes({ faults, explainAt: explainAtMs, duration: durationMs }: Choice): void {
  expectWithin(faults, durationMs);
  if (explainAtMs === undefined || explainAtMs <= durationMs) return;
  throw usageError(`--explain-at: expected a time within the run of ${duration(durationMs)}, was ${duration(explainAtMs)}`, {
    code: 'explain_at_late',
  });
}

function announce(log: Logger, origin: SoakOrigin, warnings: readonly ConfigWarning[]): void {
  const { seed, market, knobs, symbols, faults, clock, durationMs, replay } = origin;
  const recorded = replay === undefined ? {} : { recording: replay.files.map(({ name }) => name).join(','), queueModel: replay.queueModel };
  log.info('soak_started', {
    seed,
    market,
    ...knobs,
    ...recorded,
    symbols: symbols.join(','),
    faults,
    ...chosenFees(origin.fees),
    clock,
    durationMs,
  });
  for (const lack of replay === undefined ? [] : recordingLacks(replay)) log.warn('recording_lacks', { ...lack });
  for (const { code, text, change } of warnings) log.warn('settings_conflict', { code, meaning: text, try: change });
}

type RunOrigin = Pick<SoakOrigin, 'seed' | 'configHash' | 'replay' | 'startedAt'>;

function originOf(host: Host, command: Command, choice: Choice, { replay, ...run }: RunOrigin): SoakOrigin {
  return {
    ...run,
    version: VERSION,
    profile: profileOf(command),
    clock: choice.clock,
    symbols: choice.symbols,
    market: replay === undefined ? choice.market : 'replay',
    knobs: replay === undefined ? reportedKnobs(choice.market, choice.symbols) : {},
    replay,
    faults: choice.faults.text,
    fees: feeFigures(feesOf(choice)),
    durationMs: choice.duration,
    repeat: repeatLine(host, choice.seed, run.seed),
  };
}

function exitCodeOf(run: SoakRun, report: SoakReport, signal: Signal | undefined): ExitCode {
  if (run.ordersRest || run.stopReport?.verified !== true) return EXIT.ordersRemain;
  if (signal !== undefined && report.interrupted) return EXIT_OF_SIGNAL[signal];
  return EXIT_OF_VERDICT[run.verdict];
}
