import type { ExitCode } from './errors.ts';

/** All there is outside the process; the real one is made once, in bin, and handed down. */
export interface Host {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Calls `listener` for every SIGINT and SIGTERM until the returned function is called. */
  onSignal(listener: (signal: Signal) => void): () => void;
  /** Resident memory, bytes. */
  memoryBytes(): number;
  /** User and system time of this process so far, ms. */
  cpuMs(): number;
}

export interface TextSink {
  readonly isTerminal: boolean;
  /** 80 when it is not a terminal. */
  readonly columns: number;
  write(text: string): void;
}

export type Signal = 'SIGINT' | 'SIGTERM';

export const EXIT_OF_SIGNAL: Readonly<Record<Signal, ExitCode>> = { SIGINT: 130, SIGTERM: 143 };

export function processHost(): Host {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
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
    memoryBytes: () => process.memoryUsage.rss(),
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
}

function sinkOf(stream: NodeJS.WriteStream): TextSink {
  // A reader that goes away (`mmbot ... | head`) is no reason to crash with orders open.
  stream.on('error', () => undefined);
  return {
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns ?? 80;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}
