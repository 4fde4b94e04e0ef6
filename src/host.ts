import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { availableParallelism, uptime } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { EXIT, messageOf, type ExitCode } from './errors.ts';
import { backgroundClock, every } from './util/clock.ts';
import { Redaction } from './util/redact.ts';
import { executable, visible } from './util/terminal-text.ts';

/** Everything outside the process. The real one is created once, in bin, and passed down. */
export interface Host {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Redacts these values in all output from now on. */
  hide(secrets: readonly (string | undefined)[]): void;
  /** Redacts `text` as the output will be: for text that is to be broken into lines, where parts of a secret would not be recognized. */
  redact(text: string): string;
  /** Excludes these values from redaction: keys that this program creates for its users. */
  handOut(secrets: readonly string[]): void;
  /** Calls `listener` with an uncaught error, then ends the process with the exit code that it returns. */
  onCrash(listener: (error: unknown) => ExitCode): void;
  /** Calls `act`, which must be synchronous, before `onCrash` ends the process. The returned function removes it. */
  beforeCrash(act: () => void): () => void;
  /** Calls `listener` for every SIGINT, SIGTERM and SIGHUP until the returned function is called. */
  onSignal(listener: (signal: Signal) => void): () => void;
  /** From now on closing the terminal does not end this process. */
  ignoreHangup(): void;
  /** Asks the user at the terminal; returns '' without a terminal, without an answer (Ctrl-D), and when `signal` aborts. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** Starts another process of this program. If this one is killed, the other sees the end of its stdin and stays alive. */
  startBeside(args: readonly string[], env: Readonly<Record<string, string | undefined>>, how: BesideOptions): Companion;
  /** Reads lines from the process that started this one, until the returned function is called; calls `onEnd` when that process is gone. */
  onLines(onLine: (line: string) => void, onEnd: () => void): () => void;
  /** Ends this process at once, without cleanup. */
  endNow(exitCode: ExitCode): void;
  /** How many processes can calculate at the same time. */
  cores(): number;
  /** What numbers may depend on besides the program: the JavaScript engine and the processor. */
  engine(): string;
  /** Memory before speed from now on: for what runs for hours. Costs about 2 % of its time and 3 % more on other cores. */
  limitHeapGrowth(): void;
  /** Resident memory, bytes. */
  memoryBytes(): number;
  /** User and system CPU time of this process so far, ms. */
  cpuMs(): number;
  /** Time since the machine started, ms, including time in suspension. */
  uptimeMs(): number;
}

export interface BesideOptions {
  /** Called with each line that it writes to stdout. */
  readonly onLine: (line: string) => void;
  /** Whether this process may end while the other is still running. */
  readonly mayOutliveUs: boolean;
}

/** A process that this one started. */
export interface Companion {
  /** Process id; undefined when it could not be started. */
  readonly pid: number | undefined;
  send(line: string): void;
  /** Closes its stdin, which it handles as the end of this process. */
  end(): void;
  /** Kills it with SIGKILL. */
  kill(): void;
  /** Calls `listener` when it has ended and all its output was read; `how`: its exit code, the signal, or why it could not be started. */
  onExit(listener: (how: string) => void): void;
}

export interface TextSink {
  /** Whether it is a terminal that can move its cursor. */
  readonly isTerminal: boolean;
  /** 80 when it is not a terminal. */
  readonly columns: number;
  /** 24 when it is not a terminal. */
  readonly rows: number;
  write(text: string): void;
}

/** Each requests a clean stop; SIGHUP is sent when the terminal is closed or its connection is lost. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Signal = (typeof SIGNALS)[number];

export const EXIT_OF_SIGNAL: Readonly<Record<Signal, ExitCode>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** How much the heap may grow until all of it is collected again. */
const HEAP_GROWTH_PERCENT = 50;

/** How long the end of a command waits for a reader of stderr. */
const STDERR_PATIENCE_MS = 3000;

export function processHost(): Host {
  const redaction = new Redaction();
  const lastActs = new Set<() => void>();
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: resultSink(redaction),
    stderr: sinkOf(process.stderr, redaction),
    hide: (secrets) => redaction.hide(secrets),
    redact: (text) => redaction.apply(text),
    handOut: (secrets) => redaction.handOut(secrets),
    onCrash(listener) {
      // Unhandled rejections arrive here too.
      process.on('uncaughtException', (error) => {
        for (const act of lastActs) attemptAnything(act);
        process.exit(listener(error));
      });
    },
    beforeCrash(act) {
      lastActs.add(act);
      return () => lastActs.delete(act);
    },
    onSignal,
    ignoreHangup() {
      process.on('SIGHUP', () => undefined);
    },
    async ask(question, signal) {
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      // readline captures Ctrl-C: pass it on as a signal.
      terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      // After Ctrl-D the question is never answered.
      const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
      try {
        return await Promise.race([terminal.question(question, { signal }).catch(() => ''), closed]);
      } finally {
        terminal.close();
      }
    },
    startBeside,
    onLines(onLine, onEnd) {
      const lines = createInterface({ input: process.stdin });
      lines.on('line', onLine);
      lines.on('close', onEnd);
      return () => {
        lines.off('close', onEnd);
        lines.close();
        process.stdin.destroy();
      };
    },
    endNow: (exitCode) => process.exit(exitCode),
    cores: availableParallelism,
    engine: () => `${process.versions.v8} ${process.arch}`,
    // Left alone, V8 collects again when the heap is up to four times what was alive.
    limitHeapGrowth: () => setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`),
    memoryBytes: () => process.memoryUsage.rss(),
    uptimeMs: () => uptime() * 1000,
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
}

/**
 * Ends the process with this exit code when its output has been read. If nobody reads stderr, it ends after STDERR_PATIENCE_MS without the rest
 * of the log, so that a script that waits for the exit code gets it. It always waits for a reader of stdout: the result must be complete.
 */
export function endProcess(exitCode: ExitCode): void {
  process.exitCode = exitCode;
  const endUnread = (): void => {
    if (process.stdout.writableLength === 0) process.exit();
  };
  every(backgroundClock, STDERR_PATIENCE_MS, endUnread);
}

function onSignal(listener: (signal: Signal) => void): () => void {
  const listeners = SIGNALS.map((signal) => [signal, (): void => listener(signal)] as const);
  for (const [signal, hear] of listeners) process.on(signal, hear);
  return () => {
    for (const [signal, hear] of listeners) process.off(signal, hear);
  };
}

/** The process is already about to end because of another bug. */
function attemptAnything(act: () => void): void {
  try {
    act();
  } catch {
    return;
  }
}

function spawnPiped(command: readonly string[], env: Readonly<Record<string, string | undefined>>) {
  return spawn(process.execPath, command, { env: { ...env }, detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
}

function neverStarted(cause: unknown): Companion {
  const nothing = (): void => undefined;
  return {
    pid: undefined,
    send: nothing,
    end: nothing,
    kill: nothing,
    onExit: (listener) => queueMicrotask(() => listener(messageOf(cause))),
  };
}

/** Starts it in its own session, so that Ctrl-C at the terminal does not reach it. */
function startBeside(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { onLine, mayOutliveUs }: BesideOptions,
): Companion {
  const command = [process.argv[1] ?? '', ...args];
  let child: ReturnType<typeof spawnPiped>;
  try {
    child = spawnPiped(command, env);
  } catch (error) {
    // Lack of memory throws, lack of file descriptors emits an event: both reach the caller through `onExit`.
    return neverStarted(error);
  }
  // Undefined when it could not be started for lack of file descriptors.
  const stdin: Writable | undefined = child.stdin;
  const stdout: Readable | undefined = child.stdout;
  stdin?.on('error', () => undefined);
  if (stdout !== undefined) createInterface({ input: stdout }).on('line', onLine);
  if (mayOutliveUs) {
    child.unref();
    if (stdout instanceof Socket) stdout.unref();
  }
  const end = new Promise<string>((resolve) => {
    child.on('close', (exitCode, signal) => resolve(signal ?? `exit ${exitCode}`));
    child.on('error', (error) => resolve(error.message));
  });
  return {
    pid: child.pid,
    send: (line) => {
      stdin?.write(`${line}\n`);
    },
    end: () => {
      stdin?.end();
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    onExit: (listener) => {
      void end.then(listener);
    },
  };
}

/** stdout. If the result cannot be written to it, the command fails even when its work succeeded. */
function resultSink(redaction: Redaction): TextSink {
  const sink = sinkOf(process.stdout, redaction);
  process.stdout.once('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`error: the result could not be written to stdout: ${message}\nhint: free disk space, or redirect it elsewhere\n`);
    process.once('exit', (exitCode) => {
      if (exitCode === EXIT.ok) process.exitCode = EXIT.usage;
    });
  });
  return sink;
}

function sinkOf(stream: NodeJS.WriteStream, redaction: Redaction): TextSink {
  // A closed pipe (`mmbot ... | head`) must not crash the process with orders open.
  stream.on('error', () => undefined);
  return {
    isTerminal: stream.isTTY && process.env['TERM'] !== 'dumb',
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
    write: (text) => {
      stream.write(executable(redaction.apply(visible(text))));
    },
  };
}
