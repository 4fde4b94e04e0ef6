import { Command } from 'commander';
import { EXIT, failureOf, messageOf, MmbotError, type ExitCode } from '../errors.ts';
import { resultText } from '../harness/campaign/result-text.ts';
import { taskIn } from '../harness/campaign/task-in.ts';
import type { Host } from '../host.ts';
import { buildId } from '../store/build-id.ts';
import { systemClock } from '../util/clock.ts';
import { parseJson } from '../util/json.ts';
import { withResolvers } from '../util/promise.ts';
import { SimulatedRuns } from '../wiring/simulated-run.ts';
import { wordLine, type WorkerWord } from '../wiring/campaign/worker-words.ts';
import { addHelp, type HelpParts } from './options/basics.ts';
import { setExitCode } from './process/exit-code.ts';

const HELP: HelpParts = { examples: ['mmbot campaign'] };

/** Shortest time between two messages about the progress of a run. */
const PROGRESS_MS = 1000;

/** Started by `campaign`, not by users: makes one run after the other, because the first run of a process is the slowest. */
export function runWorkerCommand(host: Host): Command {
  const command = new Command('run-worker').description('Make the runs of a campaign, read from stdin; mmbot campaign starts it.');
  return addHelp(command, HELP).action(async () => setExitCode(command, await work(host)));
}

/** Ends with the process that started it, even in the middle of a run. */
async function work(host: Host): Promise<ExitCode> {
  const say = (word: WorkerWord): void => host.stdout.write(`${wordLine(word)}\n`);
  // Ctrl-C at the terminal is for the campaign, which ends this process when it wants to.
  host.onSignal((signal) => {
    if (signal === 'SIGTERM') host.endNow(EXIT.sigterm);
  });
  const bug = withResolvers<unknown>();
  const worker = new RunWorker(host, say);
  let last = Promise.resolve();
  const stopListening = host.onLines(
    (line) => {
      last = last.then(() => worker.make(line)).catch(bug.resolve);
    },
    () => host.endNow(EXIT.ok),
  );
  say({ kind: 'ready', build: buildId(host.engine()) });
  const error = await bug.promise;
  stopListening();
  say({ kind: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : messageOf(error) });
  return EXIT.bug;
}

class RunWorker {
  readonly #host: Host;
  readonly #say: (word: WorkerWord) => void;
  readonly #runs: SimulatedRuns;
  #id = '';
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(host: Host, say: (word: WorkerWord) => void) {
    this.#host = host;
    this.#say = say;
    this.#runs = new SimulatedRuns(host.cwd, (simulatedMs) => this.#progress(simulatedMs));
  }

  /** Throws only for a bug: nothing is known of the state of this process then. */
  async make(line: string): Promise<void> {
    const task = taskIn(parseJson(line));
    if (task === undefined) throw new Error('expected a task');
    const { id } = task;
    this.#id = id;
    this.#saidAt = Number.NEGATIVE_INFINITY;
    const cpuMs = this.#host.cpuMs();
    try {
      const { result, page } = await this.#runs.run(task);
      const [usedMs, memoryBytes] = [this.#host.cpuMs() - cpuMs, this.#host.memoryBytes()];
      this.#say({ kind: 'done', id, result: resultText(result), page, cpuMs: usedMs, memoryBytes });
    } catch (error) {
      const failure = failureOf(error);
      if (failure.exitCode === EXIT.bug) throw error;
      this.#say({ kind: 'failed', id, error: error instanceof MmbotError ? error : new MmbotError(failure) });
    }
  }

  #progress(simulatedMs: number): void {
    const now = systemClock.monotonic();
    if (now - this.#saidAt < PROGRESS_MS) return;
    this.#saidAt = now;
    this.#say({ kind: 'progress', id: this.#id, simulatedMs });
  }
}
