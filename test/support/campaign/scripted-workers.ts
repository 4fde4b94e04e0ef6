import type { Companion, Host } from '../../../src/host.ts';
import type { RunTask } from '../../../src/harness/campaign/engine.ts';
import { wordLine, type WorkerWord } from '../../../src/wiring/campaign/worker-words.ts';
import type { VirtualClock } from '../../../src/util/clock.ts';
import { testHost } from '../program/test-host.ts';

export const BUILD = 'test+0';
const START_MS = 200;

/** What becomes of a run, or of a start. `hang`: nothing is heard any more. */
export type Fate = 'done' | 'hang' | { readonly dies: string } | { readonly says: WorkerWord };

interface Script {
  readonly clock: VirtualClock;
  /** By default every start succeeds. */
  readonly start?: (index: number) => Fate;
  /** Called with each task as it is handed to a process. */
  readonly run: (task: RunTask, worker: ScriptedWorker) => Fate;
  readonly runMs?: number;
}

/** Processes that make no runs: a run takes a second, and its result is the name of the process. */
export class ScriptedWorkers {
  readonly workers: ScriptedWorker[] = [];
  readonly host: Host;

  constructor(script: Script) {
    const startBeside: Host['startBeside'] = (_args, _env, { onLine }) => {
      const worker = new ScriptedWorker(script, this.workers.length, onLine);
      this.workers.push(worker);
      return worker;
    };
    this.host = { ...testHost(), startBeside };
  }

  get living(): number {
    return this.workers.filter(({ hasEnded }) => !hasEnded).length;
  }
}

export class ScriptedWorker implements Companion {
  readonly pid: number;
  hasEnded = false;
  memoryBytes = 0;
  readonly tasks: string[] = [];
  readonly #script: Script;
  readonly #onLine: (line: string) => void;
  #onExit: (how: string) => void = () => undefined;

  constructor(script: Script, index: number, onLine: (line: string) => void) {
    this.pid = index;
    this.#script = script;
    this.#onLine = onLine;
    this.#meet(START_MS, script.start?.(index) ?? 'done', { kind: 'ready', build: BUILD });
  }

  send(line: string): void {
    const task = JSON.parse(line) as RunTask;
    this.tasks.push(task.id);
    const result = `made by ${this.pid}`;
    this.#meet(this.#script.runMs ?? 1000, this.#script.run(task, this), {
      kind: 'done',
      id: task.id,
      result,
      page: null,
      cpuMs: 1,
      memoryBytes: this.memoryBytes,
    });
  }

  bug(message: string): void {
    this.#onLine(wordLine({ kind: 'bug', message }));
  }

  /** Says it after `delayMs`, unless it has ended. */
  later(delayMs: number, word: WorkerWord): void {
    this.#meet(delayMs, { says: word }, word);
  }

  end(): void {
    this.#exit('exit 0');
  }

  kill(): void {
    this.#script.clock.schedule(1, () => this.#exit('SIGKILL'));
  }

  onExit(listener: (how: string) => void): void {
    this.#onExit = listener;
  }

  #meet(delayMs: number, fate: Fate, word: WorkerWord): void {
    if (fate === 'hang') return;
    this.#script.clock.schedule(delayMs, () => {
      if (this.hasEnded) return;
      if (typeof fate === 'object' && 'dies' in fate) this.#exit(fate.dies);
      else this.#onLine(wordLine(fate === 'done' ? word : fate.says));
    });
  }

  #exit(how: string): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.#onExit(how);
  }
}
