import { withoutCredentials } from '../../config/credentials.ts';
import { EXIT, MmbotError } from '../../errors.ts';
import { MOST_DEATHS, type RunEngine, type RunOutcome, type RunTask } from '../../harness/campaign/engine.ts';
import type { Host } from '../../host.ts';
import { sleep, systemClock, type Clock } from '../../util/clock.ts';
import { RunChild, type Answer } from './run-child.ts';

/** A process is replaced after so many runs: what a run leaves behind must not add up over days. */
const RUNS_PER_CHILD = 500;
/** A process that is larger than this after a run is replaced. */
const MOST_MEMORY = 600_000_000;
/** The longest time without a sign of progress: of a start, or of a run, which tells how far it is every second. */
const SILENCE_MS = 60_000;
/** When no process runs and one of them could not be started so often, none will. */
const MOST_STARTS = 3;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

export interface LocalEngineOptions {
  /** How many processes; one for each core by default. */
  readonly width?: number | undefined;
  /** Of this program: a process of another one is refused. */
  readonly build: string;
  /** Called about every second with how far a run is. */
  readonly onProgress?: (id: string, simulatedMs: number) => void;
  /** Called when the process of a run has died; `how`: its exit code, its signal, its bug. */
  readonly onDeath?: (id: string, how: string) => void;
  readonly clock?: Clock;
  readonly runsPerChild?: number;
  readonly mostMemoryBytes?: number;
  readonly silenceMs?: number;
}

/** A run that was asked for. */
interface Job {
  readonly task: RunTask;
  /** How its processes ended. */
  readonly deaths: string[];
  readonly resolve: (outcome: RunOutcome) => void;
  readonly reject: (error: unknown) => void;
  /** The process that makes it now. */
  child: RunChild | undefined;
  isOver: boolean;
}

/** Makes runs in processes of this machine, each of which takes run after run. They start when they are needed. */
export function openLocalEngine(host: Host, options: LocalEngineOptions): RunEngine {
  return new LocalEngine(host, options);
}

class LocalEngine implements RunEngine {
  readonly width: number;
  readonly #host: Host;
  readonly #options: LocalEngineOptions;
  readonly #clock: Clock;
  /** Those that wait, next first. */
  readonly #jobs: Job[] = [];
  readonly #running = new Set<Job>();
  readonly #children = new Set<RunChild>();
  /** Processes without a run. */
  readonly #warm: RunChild[] = [];
  readonly #closing = new AbortController();
  #makers = 0;

  constructor(host: Host, options: LocalEngineOptions) {
    this.#host = host;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.width = options.width ?? host.cores();
  }

  run(task: RunTask, signal: AbortSignal): Promise<RunOutcome> {
    return new Promise((resolve, reject) => {
      this.#closing.signal.throwIfAborted();
      signal.throwIfAborted();
      const settle = (): void => {
        job.isOver = true;
        signal.removeEventListener('abort', abort);
      };
      const job: Job = {
        task,
        deaths: [],
        child: undefined,
        isOver: false,
        resolve: (outcome) => {
          settle();
          resolve(outcome);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const abort = (): void => {
        job.reject(signal.reason);
        job.child?.kill();
      };
      signal.addEventListener('abort', abort);
      this.#jobs.push(job);
      this.#serve();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close(
      new MmbotError({
        code: 'engine_closed',
        exitCode: EXIT.usage,
        message: 'the campaign has ended',
      }),
    );
    await Promise.all([...this.#children].map(({ end }) => end));
  }

  #serve(): void {
    if (this.#makers < this.width) void this.#makeAll();
  }

  /** Takes run after run until none waits. */
  async #makeAll(): Promise<void> {
    this.#makers += 1;
    let failures = 0;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      if (job.isOver) continue;
      this.#running.add(job);
      const child = this.#warm.pop() ?? (await this.#newChild());
      if (child instanceof RunChild) {
        failures = 0;
        await this.#make(job, child);
      }
      this.#running.delete(job);
      if (child instanceof RunChild || this.#closing.signal.aborted) continue;
      this.#jobs.unshift(job);
      failures += 1;
      if (failures >= MOST_STARTS && ![...this.#children].some(({ isReady }) => isReady)) return this.#close(notStarted(child.how));
      // Another process may be free for it meanwhile.
      this.#serve();
      await sleep(this.#clock, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures), this.#closing.signal);
    }
    this.#makers -= 1;
  }

  async #make(job: Job, child: RunChild): Promise<void> {
    if (job.isOver) return this.#keep(child);
    job.child = child;
    const answer = await child.run(job.task);
    job.child = undefined;
    if (!job.isOver) this.#answered(job, answer);
    if (answer.kind !== 'died') this.#keep(child);
  }

  #answered(job: Job, answer: Answer): void {
    if (answer.kind === 'done') return job.resolve({ kind: 'done', result: answer.result, page: answer.page, cpuMs: answer.cpuMs });
    if (answer.kind === 'failed') return job.reject(answer.error);
    job.deaths.push(answer.how);
    this.#options.onDeath?.(job.task.id, answer.how);
    if (job.deaths.length < MOST_DEATHS) this.#jobs.unshift(job);
    else job.resolve({ kind: 'lost', reason: `its process ended ${MOST_DEATHS} times: ${[...new Set(job.deaths)].join('; ')}` });
  }

  #keep(child: RunChild): void {
    const { runsPerChild = RUNS_PER_CHILD, mostMemoryBytes = MOST_MEMORY } = this.#options;
    if (child.runs >= runsPerChild || child.memoryBytes > mostMemoryBytes) child.kill();
    else this.#warm.push(child);
  }

  async #newChild(): Promise<RunChild | { readonly how: string }> {
    const { silenceMs = SILENCE_MS, onProgress = () => undefined, build } = this.#options;
    const env = withoutCredentials(this.#host.env);
    const child = new RunChild({
      start: (onLine) => this.#host.startBeside(['run-worker'], env, { onLine, mayOutliveUs: false }),
      clock: this.#clock,
      silenceMs,
      onProgress,
    });
    this.#children.add(child);
    void child.end.then(() => this.#forget(child));
    const birth = await child.birth;
    if (birth.kind === 'died') return birth;
    if (birth.build === build) return child;
    this.#close(otherBuild(build, birth.build));
    return { how: 'another build' };
  }

  #forget(child: RunChild): void {
    this.#children.delete(child);
    const at = this.#warm.indexOf(child);
    if (at >= 0) this.#warm.splice(at, 1);
  }

  #close(why: MmbotError): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(why);
    for (const job of [...this.#running, ...this.#jobs.splice(0)]) if (!job.isOver) job.reject(why);
    for (const child of this.#children) child.kill();
  }
}

function notStarted(how: string): MmbotError {
  return new MmbotError({
    code: 'workers_not_started',
    exitCode: EXIT.usage,
    message: `no process could be started to make the runs: ${how}`,
    hint: 'free memory on this machine, or use fewer processes; if nothing helps, install mmbot again',
  });
}

function otherBuild(ours: string, theirs: string): MmbotError {
  return new MmbotError({
    code: 'build_changed',
    exitCode: EXIT.usage,
    message: `mmbot was replaced while the campaign ran: expected build ${ours}, found ${theirs}`,
    hint: 'start the campaign again; results of different builds cannot be compared',
  });
}
