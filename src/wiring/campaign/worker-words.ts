import { EXIT, failureOf, MmbotError, type ExitCode } from '../../errors.ts';
import type { RunTask } from '../../harness/campaign/engine.ts';
import { unreachable } from '../../util/assert.ts';
import { isObject, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../../util/json.ts';
import { visible } from '../../util/terminal-text.ts';

/** The lines between a campaign and a process that makes its runs: a task is answered by progress, and in the end by `done` or `failed`. */

/** What such a process says. */
export type WorkerWord =
  /** It takes tasks. `build`: of its program. */
  | { readonly kind: 'ready'; readonly build: string }
  /** It has taken the task, or is still making the run. */
  | { readonly kind: 'progress'; readonly id: string; readonly simulatedMs: number }
  | WorkerDone
  /** This machine cannot make the run. */
  | { readonly kind: 'failed'; readonly id: string; readonly error: MmbotError }
  /** A bug ends it. */
  | { readonly kind: 'bug'; readonly message: string };

export interface WorkerDone {
  readonly kind: 'done';
  readonly id: string;
  readonly result: string;
  readonly page: string | null;
  readonly cpuMs: number;
  /** Resident memory of the process after the run. */
  readonly memoryBytes: number;
}

export function taskLine(task: RunTask): string {
  return oneLineOf(task);
}

export function wordLine(word: WorkerWord): string {
  switch (word.kind) {
    case 'ready':
      return oneLineOf({ ready: word.build });
    case 'progress':
      return oneLineOf({ id: word.id, simulatedMs: word.simulatedMs });
    case 'done': {
      const { id, result, page, cpuMs, memoryBytes } = word;
      return oneLineOf({ id, result, page, cpuMs, memoryBytes });
    }
    case 'failed': {
      const { exitCode, code, message, hint, run } = failureOf(word.error);
      return oneLineOf({ id: word.id, failed: { exitCode, code, message, hint, run } });
    }
    case 'bug':
      return oneLineOf({ bug: word.message });
    default:
      return unreachable(word);
  }
}

/** Undefined when the line is none of these. */
export function wordIn(line: string): WorkerWord | undefined {
  const word = parseJson(line);
  if (!isObject(word)) return undefined;
  const { ready, id, result, page, simulatedMs, failed, bug } = word;
  if (typeof ready === 'string') return { kind: 'ready', build: ready };
  if (typeof bug === 'string') return { kind: 'bug', message: bug };
  if (typeof id !== 'string') return undefined;
  if (isObject(failed)) return { kind: 'failed', id, error: errorIn(failed) };
  if (typeof simulatedMs === 'number') return { kind: 'progress', id, simulatedMs };
  if (typeof result !== 'string') return undefined;
  const [cpuMs, memoryBytes] = [numberIn(word['cpuMs']) ?? 0, numberIn(word['memoryBytes']) ?? 0];
  return { kind: 'done', id, result, page: typeof page === 'string' ? page : null, cpuMs, memoryBytes };
}

function errorIn(failed: JsonObject): MmbotError {
  const { exitCode, code, message, hint, run } = objectIn(failed);
  return new MmbotError({
    code: textIn(code),
    exitCode: exitCodeIn(exitCode),
    message: textIn(message),
    hint: textIn(hint) || undefined,
    run: textIn(run) || undefined,
  });
}

function exitCodeIn(value: unknown): ExitCode {
  return Object.values(EXIT).find((code) => code === value) ?? EXIT.usage;
}

/** Who reads lines takes some characters for line ends that JSON leaves as they are. */
function oneLineOf(content: object): string {
  return visible(JSON.stringify(content));
}
