import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import type { ExitCode } from './errors.ts';
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
  /** Calls `listener` for every SIGINT and SIGTERM until the returned function is called. */
  onSignal(listener: (signal: Signal) => void): () => void;
  /** Asks the person at the terminal; '' when there is none. */
  ask(question: string): Promise<string>;
  /**
   * Starts this program again beside it, with these arguments and environment; it outlives a kill of this one and hears of
   * it. `onLine` hears what it writes to its standard output; then this process does not end before it.
   */
  startBeside(args: readonly string[], env: Readonly<Record<string, string | undefined>>, onLine?: (line: string) => void): Companion;
  /** Lines from whoever started this program, until the returned function is called; `onEnd` when it is gone. */
  onLines(onLine: (line: string) => void, onEnd: () => void): () => void;
  /** Resident memory, bytes. */
  memoryBytes(): number;
  /** User and system time of this process so far, ms. */
  cpuMs(): number;
}

/** A process started beside this one. */
export interface Companion {
  send(line: string): void;
  /** Nothing more will be sent: it hears that as if this process were gone. */
  end(): void;
  /** Calls `listener` when it has ended; null when it was killed or could not be started. */
  onExit(listener: (exitCode: number | null) => void): void;
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

export type Signal = 'SIGINT' | 'SIGTERM';

export const EXIT_OF_SIGNAL: Readonly<Record<Signal, ExitCode>> = { SIGINT: 130, SIGTERM: 143 };

export function processHost(): Host {
  const redaction = new Redaction();
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: sinkOf(process.stdout, redaction),
    stderr: sinkOf(process.stderr, redaction),
    hide: (secrets) => redaction.hide(secrets),
    handOut: (secrets) => redaction.handOut(secrets),
    onCrash(listener) {
      // A rejection that nobody handles is one of these too.
      process.on('uncaughtException', (error) => process.exit(listener(error)));
    },
    onSignal(listener) {
      const onInt = (): void => listener('SIGINT');
      const onTerm = (): void => listener('SIGTERM');
      process.on('SIGINT', onInt);
      process.on('SIGTERM', onTerm);
      return () => {
        process.off('SIGINT', onInt);
        process.off('SIGTERM', onTerm);
      };
    },
    async ask(question) {
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await terminal.question(question);
      } finally {
        terminal.close();
      }
    },
    startBeside: (args, env, onLine) => startBeside(args, env, onLine),
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
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
}

/** In a session of its own, so that a Ctrl-C at the terminal does not reach it. */
function startBeside(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  onLine?: (line: string) => void,
): Companion {
  const options = { env: { ...env }, detached: true };
  const command = [process.argv[1] ?? '', ...args];
  const child =
    onLine === undefined
      ? spawn(process.execPath, command, { ...options, stdio: ['pipe', 'ignore', 'inherit'] })
      : spawn(process.execPath, command, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  if (onLine === undefined || child.stdout === null) child.unref();
  else createInterface({ input: child.stdout }).on('line', onLine);
  return {
    send: (line) => {
      child.stdin.write(`${line}\n`);
    },
    end: () => {
      child.stdin.end();
    },
    onExit: (listener) => {
      child.on('exit', listener);
      child.on('error', () => listener(null));
    },
  };
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
