import { Command } from 'commander';
import { join, resolve } from 'node:path';
import type { Settings } from '../../config/fields.ts';
import { VERSION } from '../../config/version.ts';
import { emergencyAt, type Emergency } from '../../config/emergency.ts';
import { EXIT, EXIT_OF_VERDICT, failureOf, MmbotError, type ExitCode } from '../../errors.ts';
import { allOf } from '../../execution/events.ts';
import type { Journal } from '../../execution/journal.ts';
import { runLoad, type LoadRun } from '../../harness/load/load-run.ts';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../../host.ts';
import { LOAD_PREFIX } from '../../model/order.ts';
import { loadReport, type LoadOrigin } from '../../reports/load/load-report.ts';
import { createFileJournal } from '../../store/file-journal.ts';
import { createAppendFile } from '../../store/files.ts';
import { expectWritable } from '../../store/whole-files.ts';
import { eventLog } from '../../telemetry/event-log.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { isoTime, scopedClock, systemClock, VirtualClock, type Clock } from '../../util/clock.ts';
import { randomId, seededRandom, systemRandom } from '../../util/random.ts';
import { setExitCode } from '../process/exit-code.ts';
import { addressFor, isEmbedded } from '../../wiring/consent.ts';
import { orderLanesOpen, tradingLimiter } from '../../wiring/limiters.ts';
import { addLoadOptions, limitsOf, refuseContradictions, type LoadChoice } from './choice.ts';
import { parseRate, slaOf, withoutCountLimits } from './options.ts';
import { publishLoad, showLoadProgress } from './output.ts';
import { openRemote, refuseOwnOrders } from './remote.ts';
import { openBeside, openWithin, type LoadVenue, type LoadVenueChoice } from '../../wiring/load-venue.ts';
import { tradingExchange } from '../../wiring/trading-exchange.ts';
import { explainLevel, logAuditTrail, openLog } from '../process/log.ts';
import { addHelp, type HelpParts } from '../options/basics.ts';
import { addSharedOptions, loadSettings, outputOptions, profileOf, type OutputOptions } from '../options/options.ts';
import { VIRTUAL_START } from '../../wiring/virtual-start.ts';
import { repeatLine } from '../terminal/repeat-line.ts';
import { openScreen, type Screen } from '../terminal/screen.ts';
import { stopOnSignal } from '../process/stop-on-signal.ts';
import { openTelemetry, type OpenTelemetry } from '../process/telemetry.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot load-test --rate 50 --duration 5m',
    'mmbot load-test --rate 9/s --arrival poisson --sla p95=340,p99=500',
    'mmbot load-test --rate 100 --duration 1h --clock virtual',
    'mmbot load-test --find-knee --no-limiter --transport rest',
    'mmbot load-test --venue testnet --symbols BTCUSDT --rate 30',
  ],
  notes: `\
Orders are sent on schedule, whether or not earlier ones were acknowledged, and
latency counts from the scheduled time. They are placed away from the best
prices so that they do not fill, and are later amended and canceled. At the end
it verifies that no order is open.
Exit codes: 0 when the SLA holds, 1 when it does not, 5 when there are too few
samples to judge, 4 when orders may still be open.`,
};

const DURATION_MS = 60_000;
const STEP_MS = 10_000;
/** Orders per second at which a search begins. */
const FIRST_RATE = { paced: 2, unpaced: 100 } as const;

export function loadTestCommand(host: Host): Command {
  const command = new Command('load-test').description(
    'Place, amend and cancel orders at a steady rate, measure their latency, and compare it with an SLA.',
  );
  return addHelp(addSharedOptions(addLoadOptions(command)), HELP).action(async (choice: LoadChoice) =>
    setExitCode(command, await loadTest(host, command, choice)),
  );
}

async function loadTest(host: Host, command: Command, choice: LoadChoice): Promise<ExitCode> {
  refuseContradictions(host, choice);
  for (const page of pagesOf(host, choice)) expectWritable(page);
  const resolution = loadSettings(host, command, choice.symbols);
  const settings = choice.limiter ? resolution.settings : withoutCountLimits(resolution.settings);
  const seed = choice.seed ?? randomId(systemRandom, 6);
  using wallClock = scopedClock(systemClock);
  const clock = choice.clock === 'virtual' ? new VirtualClock(VIRTUAL_START) : wallClock;
  const output = outputOptions(command);
  const screen = openScreen(host.stderr);
  const log = openLog(host, output, clock, [], screen);
  logAuditTrail(log, profileOf(command), resolution);
  const origin = originOf(host, command, choice, { seed, configHash: resolution.hash, startedAt: isoTime(clock.now()) });
  const { venue, perSecond, arrival, transport, durationMs } = origin;
  log.info('load_started', {
    venue,
    perSecond: Number(perSecond.toPrecision(6)),
    arrival,
    transport,
    symbols: origin.symbols.join(','),
    durationMs,
    seed,
  });
  await using telemetry = await openTelemetry(host, choice, { command: 'load-test', symbols: origin.symbols, clock, log });
  const stop = stopOnSignal(host, log);
  const emergency = emergencyOf(host, choice);
  const halts = new AbortController();
  const work = load({ emergency, halts, host, choice, settings, origin, clock, log, screen, telemetry, output, stop: stop.aborted });
  const run = await (clock instanceof VirtualClock ? clock.run(work) : work).finally(() => {
    stop.release();
    screen.end();
  });
  return conclude({ host, origin, choice, output, emergency, halts }, run, stop.signal());
}

/** Orders on the embedded exchange end with it. */
function emergencyOf(host: Host, choice: LoadChoice): Emergency | undefined {
  return isEmbedded(choice) ? undefined : emergencyAt(addressFor(host, 'load', choice), host);
}

interface Work {
  readonly emergency: Emergency | undefined;
  /** Aborted, with the reason, when mmbot cancel-all halts the load or another process takes the account. */
  readonly halts: AbortController;
  readonly host: Host;
  readonly choice: LoadChoice;
  readonly settings: Settings;
  readonly origin: LoadOrigin;
  readonly clock: Clock;
  readonly log: Logger;
  readonly screen: Screen;
  readonly telemetry: OpenTelemetry;
  readonly output: OutputOptions;
  readonly stop: AbortSignal;
}

async function load({
  emergency,
  halts,
  host,
  choice,
  settings,
  origin,
  clock,
  log,
  screen,
  telemetry,
  output,
  stop,
}: Work): Promise<LoadRun> {
  const { seed, symbols, perSecond, arrival, amendRatio, durationMs, warmUpMs } = origin;
  await using venue = await openVenue({ host, choice, clock, log }, seed, (reason) => halts.abort(reason));
  const isHere = isEmbedded(choice);
  const random = seededRandom(seed);
  const idPrefix = `${LOAD_PREFIX}${randomId(isHere ? random.fork('run id') : systemRandom, 6)}-`;
  const limiter = (choice.limiter ? tradingLimiter : orderLanesOpen)(clock, settings.execution.opsPerSecond);
  const exchange = tradingExchange({
    ...venue.address,
    wire: venue.wire,
    clock,
    random: random.fork('adapter'),
    credentials: venue.credentials,
    settings,
    limiter,
    orderEntry: choice.transport === 'ws' ? 'socket' : 'rest',
  });
  const journal = journalOf({ host, choice, clock, origin }, idPrefix);
  try {
    if (emergency !== undefined) await refuseOwnOrders(exchange, emergency.mine);
    return await runLoad({
      settings,
      symbols,
      exchange,
      journal,
      limiter,
      heedsLimits: choice.limiter,
      clock,
      random,
      idPrefix,
      plan: { symbols, perSecond, arrival, amendRatio },
      warmUpMs,
      durationMs,
      findsKnee: choice.findKnee === true,
      bounds: choice.sla ?? slaOf(settings.thresholds),
      resources: choice.clock === 'wall' ? host : undefined,
      ledger: () => venue.ledger(idPrefix),
      stop: AbortSignal.any([stop, halts.signal]),
      onSample: showLoadProgress({ host, log, screen, output, origin }),
      record: allOf(telemetry.record, eventLog(log, { explain: explainLevel(output, false), run: emergency?.mine.command })),
      watch: telemetry.watch,
    });
  } finally {
    await exchange.close();
    journal.close();
  }
}

function journalOf({ host, choice, clock, origin }: Pick<Work, 'host' | 'choice' | 'clock' | 'origin'>, runId: string): Journal {
  const file = createAppendFile(join(resolve(host.cwd, choice.out), 'journal.log'), { replace: true });
  const journal = createFileJournal(file, { durable: choice.clock === 'wall' });
  const { configHash, seed } = origin;
  journal.append({ type: 'start', at: clock.now(), runId, configHash, version: VERSION, seed });
  return journal;
}

async function openVenue(
  { host, choice, clock, log }: Pick<Work, 'host' | 'choice' | 'clock' | 'log'>,
  seed: string,
  onHalt: (reason: string) => void,
): Promise<LoadVenue> {
  const venue: LoadVenueChoice = { ...choice, limits: limitsOf(choice) };
  if (!isEmbedded(choice)) return openRemote({ host, clock, log }, venue, onHalt);
  return choice.clock === 'virtual' ? openWithin(venue, clock, seed) : openBeside(host, venue, clock, seed);
}

function conclude(
  { host, origin, choice, output, emergency, halts }: Pick<Work, 'host' | 'origin' | 'choice' | 'output' | 'emergency' | 'halts'>,
  run: LoadRun,
  signal: Signal | undefined,
): ExitCode {
  const out = resolve(host.cwd, choice.out);
  const exitCode = exitCodeOf(run, signal);
  const fault = exitCode === EXIT.ordersRemain ? ordersRemain(run, emergency) : (run.fault ?? haltOf(halts.signal));
  if (run.step === undefined) {
    if (fault !== undefined) throw fault;
    host.stderr.write(`stopped before the load began: no order was sent\n`);
    return exitCode;
  }
  const report = loadReport(run, run.step, origin);
  return publishLoad(host, report, run.step, { exitCode, fault, out, json: output.json, pages: pagesOf(host, choice) });
}

function haltOf({ aborted, reason }: AbortSignal): MmbotError | undefined {
  if (!aborted) return undefined;
  return new MmbotError({ code: 'halted', exitCode: EXIT.inconclusive, message: `the load was stopped: ${String(reason)}` });
}

/** The load also says how to cancel its orders; a fault that it had is part of the message. */
function ordersRemain({ stopReport, fault }: LoadRun, emergency: Emergency | undefined): MmbotError {
  const why = stopReport === undefined ? 'the exchange could not be read' : 'the report has what is known of them';
  const before = fault === undefined ? '' : `; before that, ${failureOf(fault).text.trimEnd()}`;
  return new MmbotError({
    code: 'orders_remain',
    exitCode: EXIT.ordersRemain,
    message: `ORDERS MAY REMAIN: orders of this load may still be open: ${why}${before}`,
    ...(emergency === undefined ? {} : { hint: emergency.mine.lead, run: emergency.mine.command }),
    cause: fault,
  });
}

function pagesOf({ cwd }: Host, { out, html }: LoadChoice): readonly string[] {
  return [join(out, 'report.html'), ...(html === undefined ? [] : [html])].map((page) => resolve(cwd, page));
}

function exitCodeOf(run: LoadRun, signal: Signal | undefined): ExitCode {
  if (run.stopReport?.verified !== true || (run.ledger?.resting ?? 0) > 0) return EXIT.ordersRemain;
  // Interrupted without a signal: mmbot cancel-all halted it, or another process has taken the account.
  if (run.interrupted) return signal === undefined ? EXIT.inconclusive : EXIT_OF_SIGNAL[signal];
  return EXIT_OF_VERDICT[run.verdict];
}

function originOf(
  host: Host,
  command: Command,
  choice: LoadChoice,
  run: Pick<LoadOrigin, 'seed' | 'configHash' | 'startedAt'>,
): LoadOrigin {
  const isHere = isEmbedded(choice);
  const isSearch = choice.findKnee === true;
  const first = isSearch ? FIRST_RATE[choice.limiter ? 'paced' : 'unpaced'] : parseRate('100').perSecond;
  return {
    ...run,
    version: VERSION,
    profile: profileOf(command),
    clock: choice.clock,
    venue: choice.restUrl ?? choice.venue,
    symbols: choice.symbols,
    perSecond: choice.rate?.perSecond ?? first,
    arrival: choice.arrival,
    transport: choice.transport,
    amendRatio: choice.amendRatio,
    limiter: choice.limiter,
    market: isHere ? choice.market : null,
    limits: isHere ? limitsOf(choice) : null,
    latency: isHere ? choice.latency.name : null,
    warmUpMs: choice.warmup,
    durationMs: choice.duration ?? (isSearch ? STEP_MS : DURATION_MS),
    repeat: repeatLine(host, choice.seed, run.seed),
  };
}
