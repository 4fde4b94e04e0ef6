import type { RunTask } from '../../harness/campaign/engine.ts';
import type { Companion } from '../../host.ts';
import { every, type Clock } from '../../util/clock.ts';
import { withResolvers } from '../../util/promise.ts';
import { taskLine, wordIn, type WorkerDone, type WorkerWord } from './worker-words.ts';

const LOOK_MS = 1000;
/** If a check runs this late, this process was itself suspended, and words of the other may still be unread. */
const STALL_MS = 5000;

export interface RunChildParts {
  readonly start: (onLine: (line: string) => void) => Companion;
  readonly clock: Clock;
  /** After so long without a sign of progress, in its start or in a run, it is killed. */
  readonly silenceMs: number;
  readonly onProgress: (id: string, simulatedMs: number) => void;
}

/** `how`: its exit code or signal, its bug, or that it hung. */
export interface Death {
  readonly kind: 'died';
  readonly how: string;
}

type Birth = Extract<WorkerWord, { kind: 'ready' }> | Death;
export type Answer = WorkerDone | Extract<WorkerWord, { kind: 'failed' }> | Death;

/** A process that makes one run at a time. */
export class RunChild {
  readonly #companion: Companion;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #onProgress: RunChildParts['onProgress'];
  readonly #birth = withResolvers<Birth>();
  readonly #end = withResolvers<Death>();
  #answer: ((answer: Answer) => void) | undefined;
  #isBorn = false;
  #heardAt: number;
  #why: string | undefined;
  #runs = 0;
  #memoryBytes = 0;

  constructor({ start, clock, silenceMs, onProgress }: RunChildParts) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#onProgress = onProgress;
    this.#heardAt = clock.monotonic();
    this.#companion = start((line) => this.#hear(line));
    const endLooks = this.#watch();
    this.#companion.onExit((how) => {
      endLooks();
      this.#end.resolve({ kind: 'died', how: this.#why ?? how });
    });
    void this.#end.promise.then((death) => this.#birth.resolve(death));
  }

  get pid(): number | undefined {
    return this.#companion.pid;
  }

  /** Resolves when it takes tasks, or has died before. */
  get birth(): Promise<Birth> {
    return this.#birth.promise;
  }

  get isReady(): boolean {
    return this.#isBorn;
  }

  get end(): Promise<Death> {
    return this.#end.promise;
  }

  /** How many runs it has made. */
  get runs(): number {
    return this.#runs;
  }

  /** Its resident memory after the last run. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** To be called again only when the answer is there. */
  async run(task: RunTask): Promise<Answer> {
    const { promise, resolve } = withResolvers<Answer>();
    this.#heardAt = this.#clock.monotonic();
    this.#answer = resolve;
    this.#companion.send(taskLine(task));
    const answer = await Promise.race([promise, this.#end.promise]);
    this.#answer = undefined;
    this.#runs += 1;
    if (answer.kind === 'done') this.#memoryBytes = answer.memoryBytes;
    return answer;
  }

  kill(): void {
    this.#companion.kill();
  }

  #hear(line: string): void {
    const word = wordIn(line);
    this.#heardAt = this.#clock.monotonic();
    switch (word?.kind) {
      case 'ready':
        this.#isBorn = true;
        return this.#birth.resolve(word);
      case 'progress':
        return this.#onProgress(word.id, word.simulatedMs);
      case 'bug':
        this.#why = word.message;
        return;
      case 'done':
      case 'failed':
        return this.#answer?.(word);
      case undefined:
        return;
    }
  }

  /** Kills it when it is silent for too long although it has something to do. */
  #watch(): () => void {
    let lookedAt = this.#clock.monotonic();
    return every(this.#clock, LOOK_MS, () => {
      const now = this.#clock.monotonic();
      if (now - lookedAt > STALL_MS) this.#heardAt = now;
      lookedAt = now;
      const isIdle = this.#isBorn && this.#answer === undefined;
      if (isIdle || now - this.#heardAt < this.#silenceMs) return;
      this.#why ??= `it hung for ${this.#silenceMs / 1000} s`;
      this.kill();
    });
  }
}
