/** Exit codes; each has the same meaning in every command. */
export const EXIT = {
  ok: 0,
  /** The run completed and the verdict is FAIL. */
  failed: 1,
  /** Wrong flags, configuration or input; nothing was sent. Or the files of a result could not be written. */
  usage: 2,
  /** The exchange rejected a request or could not be reached. */
  exchange: 3,
  /** Orders may still be open. */
  ordersRemain: 4,
  /** Too few samples or tests to judge. */
  inconclusive: 5,
  bug: 70,
  sighup: 129,
  sigint: 130,
  sigterm: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a soak, a load test or a summary of tests says of what it judged. */
export type Verdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE';

export const EXIT_OF_VERDICT = { PASS: EXIT.ok, FAIL: EXIT.failed, INCONCLUSIVE: EXIT.inconclusive } as const;

/** A failure that the user can fix. */
export class MmbotError extends Error {
  /** Stable snake_case identifier for programs. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** What the user can try. */
  readonly hint: string | undefined;
  /** A command that the hint ends with, shown on a line of its own so that it can be copied. */
  readonly run: string | undefined;

  constructor(details: {
    code: string;
    exitCode: ExitCode;
    message: string;
    hint?: string | undefined;
    run?: string | undefined;
    cause?: unknown;
  }) {
    super(details.message, { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.exitCode = details.exitCode;
    this.hint = details.hint;
    this.run = details.run;
  }
}

/** An error of the command line, the configuration or the input (exit 2). */
export function usageError(
  message: string,
  details: { readonly code?: string; readonly hint?: string | undefined; readonly run?: string | undefined; readonly cause?: unknown } = {},
): MmbotError {
  return new MmbotError({ code: 'usage', exitCode: EXIT.usage, message, ...details });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A failure, for JSON output and as text. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** A command that the hint ends with. */
  readonly run?: string | undefined;
  /** Text for the terminal. */
  readonly text: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof MmbotError) {
    const { exitCode, code, message, hint, run } = error;
    const hinted = hint === undefined ? '' : `hint: ${hanging(hint)}${run === undefined ? '' : `:\n  ${run}`}\n`;
    return { exitCode, code, message, hint, run, text: `error: ${hanging(message)}\n${hinted}` };
  }
  const refused = refusedBySystem(error);
  if (refused !== undefined) return refused;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: EXIT.bug, code: 'bug', message: messageOf(error), hint: undefined, text: `bug in mmbot: ${hanging(stack)}\n` };
}

/** An error of the operating system (disk, file descriptors, permissions, names), which is not a bug; undefined for other errors. */
function refusedBySystem(error: unknown): Failure | undefined {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error) || typeof error.code !== 'string') return undefined;
  const exitCode = /^(E(CONN|HOST|NET|TIMEDOUT|AI_|PIPE)|ENOTFOUND)/.test(error.code) ? EXIT.exchange : EXIT.usage;
  const hint = exitCode === EXIT.exchange ? 'check that the address is reachable from here' : SYSTEM_HINTS.get(error.code);
  if (hint === undefined) return undefined;
  const message = `operating system error: ${error.message}`;
  return { exitCode, code: 'system', message, hint, text: `error: ${hanging(message)}\nhint: ${hint}\n` };
}

const ROOM = 'free disk space, or use another path';
const OTHER = 'use another path';
const PLACE = 'use another path: one that exists, has the right type, and is accessible to this user';
/** Errors of the process or the machine, not of a certain file. */
const SCARCE = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'];
const DESCRIPTORS = 'raise the limit of open files: ulimit -n 1024';
/** Hints by error code; a code that is not here counts as a bug. */
const SYSTEM_HINTS: ReadonlyMap<string, string> = new Map([
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'].map((code) => [code, ROOM] as const),
  ...['EMFILE', 'ENFILE'].map((code) => [code, DESCRIPTORS] as const),
  ...[
    'EACCES',
    'EPERM',
    'EROFS',
    'ELOOP',
    'ENAMETOOLONG',
    'ENOTDIR',
    'EISDIR',
    'ENOENT',
    'EEXIST',
    'ENODEV',
    'ENXIO',
    'EBUSY',
    'ETXTBSY',
  ].map((code) => [code, PLACE] as const),
  ...['ENOMEM', 'EAGAIN'].map((code) => [code, 'give this machine or user more memory and processes'] as const),
  ...['EADDRINUSE', 'EADDRNOTAVAIL'].map((code) => [code, 'use another address or port'] as const),
]);

/** Hint for a file that could not be used: `usual`, unless the cause is a lack of memory or file descriptors. */
export function hintOf(error: unknown, usual: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return SCARCE.includes(code) ? (SYSTEM_HINTS.get(code) ?? usual) : usual;
}

/** Hint for a path that could not be written to. */
export function pathHintOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'part of this path is a file, where a folder is needed: use another path';
  return SYSTEM_HINTS.get(code) ?? OTHER;
}

/** Indents further lines of a message, so that text from elsewhere does not look like our own lines. */
function hanging(text: string): string {
  return text.replaceAll(/\n(?! )/g, '\n  ');
}

/** End of a run that has a result to show. */
export interface RunEnd {
  readonly exitCode: ExitCode;
  /** A failure in addition to the result. */
  readonly failure: Failure | undefined;
}

/** The failure decides the exit code, unless orders may be open, which outranks it. */
export function endOf(exitCode: ExitCode, error: unknown): RunEnd {
  if (error === undefined) return { exitCode, failure: undefined };
  const failure = failureOf(error);
  return { exitCode: exitCode === EXIT.ordersRemain ? exitCode : failure.exitCode, failure };
}

/** Fields of a JSON document for the end of a run. */
export function endFields({ exitCode, failure }: RunEnd): object {
  const { code, message, hint, run } = failure ?? {};
  return { ok: exitCode === EXIT.ok, exitCode, ...(failure === undefined ? {} : { error: { code, message, hint, run } }) };
}

/** Runs `work` and returns an MmbotError that it throws; other errors are rethrown. */
export function attempt(work: () => void): MmbotError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof MmbotError) return error;
    throw error;
  }
}
