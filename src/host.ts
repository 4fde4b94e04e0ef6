import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { uptime } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { EXIT, messageOf, type ExitCode } from './errors.ts';
import { Redaction } from './util/redact.ts';
import { executable, visible } from './util/terminal-text.ts';

/** All there is outside the process; the real one is made once, in bin, and handed down. */
export interface Host {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Blots out these values in all that is written from now on, whoever writes it. */
  hide(secrets: readonly (string | undefined)[]): void;
  /** Keys that this program makes and hands out: they are shown, also when the environment has the same ones. */
  handOut(secrets: readonly string[]): void;
  /** Calls `listener` with an error that nothing has caught, then ends the process with the code that it returns. */
  onCrash(listener: (error: unknown) => ExitCode): void;
  /** Calls `act` before that end, for what must not end with this process, until the returned function is called. It must not wait. */
  beforeCrash(act: () => void): () => void;
  /** Calls `listener` for every SIGINT, SIGTERM and SIGHUP until the returned function is called. */
  onSignal(listener: (signal: Signal) => void): () => void;
  /** From now on this process outlives its terminal. */
  ignoreHangup(): void;
  /** Asks the person at the terminal; '' when there is none, when no answer is given (Ctrl-D), and when `signal` aborts. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** Starts this program again beside it, with these arguments and environment; it outlives a kill of this one and hears of it. */
  startBeside(args: readonly string[], env: Readonly<Record<string, string | undefined>>, how: BesideOptions): Companion;
  /** Lines from whoever started this program, until the returned function is called; `onEnd` when it is gone. */
  onLines(onLine: (line: string) => void, onEnd: () => void): () => void;
  /** Resident memory, bytes. */
  memoryBytes(): number;
  /** User and system time of this process so far, ms. */
  cpuMs(): number;
  /** Since the machine was started, ms, also while it was suspended. */
  uptimeMs(): number;
}

export interface BesideOptions {
  /** Hears what it writes to its standard output. */
  readonly onLine: (line: string) => void;
  /** Whether this process may end before it. */
  readonly mayOutliveUs: boolean;
}

/** A process started beside this one. */
export interface Companion {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  send(line: string): void;
  /** Nothing more will be sent: it hears that as if this process were gone. */
  end(): void;
  /** At once, also when it hangs. */
  kill(): void;
  /** Calls `listener` when it has ended and all that it said was heard; `how`: its exit code, the signal, or why it could not be started. */
  onExit(listener: (how: string) => void): void;
}

export interface TextSink {
  /** One that can move its cursor. */
  readonly isTerminal: boolean;
  /** 80 when it is not a terminal. */
  readonly columns: number;
  /** 24 when it is not a terminal. */
  readonly rows: number;
  write(text: string): void;
}

/** Each asks for an orderly stop; SIGHUP comes when the terminal is closed or its connection lost. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Signal = (typeof SIGNALS)[number];

export const EXIT_OF_SIGNAL: Readonly<Record<Signal, ExitCode>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

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
    handOut: (secrets) => redaction.handOut(secrets),
    onCrash(listener) {
      // A rejection that nobody handles is one of these too.
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
      // It takes Ctrl-C for itself, which is to be heard as everywhere else.
      terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      // Closed by the person, a question is never answered.
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
    memoryBytes: () => process.memoryUsage.rss(),
    uptimeMs: () => uptime() * 1000,
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
}

function onSignal(listener: (signal: Signal) => void): () => void {
  const listeners = SIGNALS.map((signal) => [signal, (): void => listener(signal)] as const);
  for (const [signal, hear] of listeners) process.on(signal, hear);
  return () => {
    for (const [signal, hear] of listeners) process.off(signal, hear);
  };
}

/** The process is about to end for another bug already. */
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

/** In a session of its own, so that a Ctrl-C at the terminal does not reach it. */
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
    // Want of memory is thrown, want of descriptors is told by an event: the caller hears of both in the same way.
    return neverStarted(error);
  }
  // None where it could not be started for want of descriptors.
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

/** A result that could not be written was not shown, also where the work itself succeeded. */
function resultSink(redaction: Redaction): TextSink {
  const sink = sinkOf(process.stdout, redaction);
  process.stdout.once('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`error: the result could not be written to stdout: ${message}\nhint: make room, or send it elsewhere\n`);
    process.once('exit', (exitCode) => {
      if (exitCode === EXIT.ok) process.exitCode = EXIT.usage;
    });
  });
  return sink;
}

function sinkOf(stream: NodeJS.WriteStream, redaction: Redaction): TextSink {
  // A reader that goes away (`mmbot ... | head`) is no reason to crash with orders open.
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
