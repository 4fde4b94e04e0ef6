/** Exit codes: one meaning each, in every command. */
export const EXIT = {
  ok: 0,
  /** The run is sound and the verdict is no. */
  failed: 1,
  /** Wrong flags, configuration or input; nothing was sent anywhere. Or the files of a shown result could not be written. */
  usage: 2,
  /** The exchange refused or could not be reached. */
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

/** A failure that a person can act on. */
export class MmbotError extends Error {
  /** Stable snake_case word for programs. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** What to try. */
  readonly hint: string | undefined;

  constructor(details: { code: string; exitCode: ExitCode; message: string; hint?: string; cause?: unknown }) {
    super(details.message, { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.exitCode = details.exitCode;
    this.hint = details.hint;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A failure as programs and people read it. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** For people. */
  readonly text: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof MmbotError) {
    const { exitCode, code, message, hint } = error;
    return { exitCode, code, message, hint, text: `error: ${hanging(message)}\n${hint === undefined ? '' : `hint: ${hanging(hint)}\n`}` };
  }
  const refused = refusedBySystem(error);
  if (refused !== undefined) return refused;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: EXIT.bug, code: 'bug', message: messageOf(error), hint: undefined, text: `bug in mmbot: ${hanging(stack)}\n` };
}

/** An error of the operating system (disk, descriptors, permissions, names) is no bug. Undefined when it is something else. */
function refusedBySystem(error: unknown): Failure | undefined {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error) || typeof error.code !== 'string') return undefined;
  const exitCode = /^(E(CONN|HOST|NET|TIMEDOUT|AI_|PIPE)|ENOTFOUND)/.test(error.code) ? EXIT.exchange : EXIT.usage;
  const hint = exitCode === EXIT.exchange ? 'is it reachable from here?' : SYSTEM_HINTS.get(error.code);
  if (hint === undefined) return undefined;
  const message = `the system refuses: ${error.message}`;
  return { exitCode, code: 'system', message, hint, text: `error: ${hanging(message)}\nhint: ${hint}\n` };
}

const ROOM = 'make room, or name another place';
const PLACE = 'name another place: one that is there, of this kind, and open to this user';
/** Of the process or the machine, whichever file it is. */
const SCARCE = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'];
const DESCRIPTORS = 'raise the limit of open files: ulimit -n 1024';
/** What a person can do; a code that is not here is one that the program should not have met. */
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
  ...['ENOMEM', 'EAGAIN'].map((code) => [code, 'give this machine, or this user, more memory and processes'] as const),
  ...['EADDRINUSE', 'EADDRNOTAVAIL'].map((code) => [code, 'name another address or port'] as const),
]);

/** What a person can do about a file that could not be used: where it is not the file that is at fault, something else than `usual`. */
export function hintOf(error: unknown, usual: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return SCARCE.includes(code) ? (SYSTEM_HINTS.get(code) ?? usual) : usual;
}

/** What others said, in several lines, must not look like lines of ours. */
function hanging(text: string): string {
  return text.replaceAll(/\n(?! )/g, '\n  ');
}

/** How a run ends that has a result to show. */
export interface RunEnd {
  readonly exitCode: ExitCode;
  /** What went wrong beside it. */
  readonly failure: Failure | undefined;
}

/** A failure decides the exit code, but orders that may rest outrank it. */
export function endOf(exitCode: ExitCode, error: unknown): RunEnd {
  if (error === undefined) return { exitCode, failure: undefined };
  const failure = failureOf(error);
  return { exitCode: exitCode === EXIT.ordersRemain ? exitCode : failure.exitCode, failure };
}

/** Of a JSON document. */
export function endFields({ exitCode, failure }: RunEnd): object {
  const { code, message, hint } = failure ?? {};
  return { ok: exitCode === EXIT.ok, exitCode, ...(failure === undefined ? {} : { error: { code, message, hint } }) };
}

/** What a person can act on, returned; a bug stays thrown. */
export function attempt(work: () => void): MmbotError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof MmbotError) return error;
    throw error;
  }
}
