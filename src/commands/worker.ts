import { Command, Option } from 'commander';
import { hostname } from 'node:os';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../host.ts';
import { buildId } from '../store/build-id.ts';
import { counted } from '../util/counted.ts';
import { systemClock } from '../util/clock.ts';
import { redisAddress } from '../wiring/campaign/redis-address.ts';
import type { WorkerCounts } from '../wiring/campaign/redis-worker.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { addHelp, quietOption, type HelpParts } from './options/basics.ts';
import { filled } from './options/filled.ts';
import { redisOption } from './options/redis-option.ts';
import { wholeNumber } from './options/whole-number.ts';
import { setExitCode } from './process/exit-code.ts';
import { openLog } from './process/log.ts';
import { openTelemetry, telemetryOptions, type TelemetryChoice } from './process/telemetry.ts';

const MOST_JOBS = 1024;

const HELP: HelpParts = {
  examples: ['mmbot worker --redis redis://10.0.0.5:6379', 'mmbot worker --redis redis://10.0.0.5:6379 --jobs 4 --name office'],
  notes: `The password comes from the environment: MM_REDIS_PASSWORD, or
MM_REDIS_PASSWORD_FILE, a file of mode 0600. Only runs of the same build of
mmbot are made. Ctrl-C hands the runs back that it has begun, so that other
workers make them.
`,
};

interface Choice extends TelemetryChoice {
  readonly redis?: string | true;
  readonly jobs?: number;
  readonly name?: string;
  readonly quiet?: boolean;
}

export function workerCommand(host: Host): Command {
  const command = new Command('worker')
    .description('Make the runs of campaigns on other machines, which a Redis server hands out, until stopped.')
    .addOption(redisOption('the Redis server of the campaigns'))
    .addOption(
      new Option('--jobs <n>', 'runs at the same time, each in a process (default: one for each core)').argParser(
        wholeNumber(1, MOST_JOBS),
      ),
    )
    .addOption(new Option('--name <text>', 'its name in logs (default: that of the machine)').argParser(filled('a text, such as office')))
    .addOption(quietOption());
  for (const option of telemetryOptions()) command.addOption(option);
  return addHelp(command, HELP).action(async (choice: Choice) => {
    const signal = await work(host, choice);
    if (signal !== undefined) setExitCode(command, EXIT_OF_SIGNAL[signal]);
  });
}

async function work(host: Host, choice: Choice): Promise<Signal | undefined> {
  const { redis, jobs = host.cores(), name = hostname(), quiet = false } = choice;
  const address = redisAddress(host, redis === true ? undefined : redis);
  const secrets = address.password === undefined ? [] : [address.password];
  const log = openLog(host, { json: false, quiet, logLevel: 'info' }, systemClock, secrets);
  await using telemetry = await openTelemetry(host, choice, { command: 'worker', symbols: [], clock: systemClock, log });
  const onReady = (counts: () => WorkerCounts): void => telemetry.readBy((metrics) => readInto(metrics, counts()));
  const stop = new AbortController();
  let first: Signal | undefined;
  const forget = host.onSignal((signal) => {
    log.warn(first === undefined ? 'stopping' : 'already_stopping', { signal, next: 'hand the runs back' });
    first ??= signal;
    stop.abort();
  });
  try {
    const build = buildId(host.engine());
    const [{ workFromRedis }, { openLocalEngine }] = await Promise.all([
      import('../wiring/campaign/redis-worker.ts'),
      import('../wiring/campaign/local-engine.ts'),
    ]);
    const openEngine = (onDeath: (id: string, how: string) => void) => openLocalEngine(host, { width: jobs, build, onDeath });
    const parts = { address, info: { name, jobs, build }, log, openEngine, onReady };
    const { made, lost, handedBack } = await workFromRedis(parts, stop.signal);
    host.stdout.write(`${counted(made, 'run')} made, ${lost === 0 ? '' : `${lost} lost, `}${handedBack} handed back\n`);
  } finally {
    forget();
  }
  return first;
}

function readInto(metrics: Metrics, { made, lost, handedBack, running }: WorkerCounts): void {
  metrics.set('mm_worker_runs', { state: 'made' }, made);
  metrics.set('mm_worker_runs', { state: 'lost' }, lost);
  metrics.set('mm_worker_runs', { state: 'handed_back' }, handedBack);
  metrics.set('mm_worker_runs', { state: 'running' }, running);
}
