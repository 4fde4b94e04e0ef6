import { Redaction } from '../../../src/util/redact.ts';
import { executable, visible } from '../../../src/util/terminal-text.ts';
import type { Host, Signal, TextSink } from '../../../src/host.ts';

export interface TestHost extends Host {
  readonly stdout: MemorySink;
  readonly stderr: MemorySink;
  /** As if the operator pressed Ctrl-C, or the system stopped the process. */
  signal(signal: Signal): void;
}

export interface MemorySink extends TextSink {
  /** Everything written so far. */
  readonly text: string;
}

interface TestHostOptions {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly isTerminal?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
  /** What the person at the terminal answers. */
  readonly answer?: string | ((question: string) => string);
  /** Sees each text that is written to stderr, and may send a signal. */
  readonly onStderr?: (text: string, host: TestHost) => unknown;
}

/** A host in memory; it has no environment but the given one. */
export function testHost({
  argv = [],
  env = {},
  cwd = '/nowhere',
  isTerminal = false,
  columns = 120,
  answer = '',
  onStderr,
}: TestHostOptions = {}): TestHost {
  const listeners = new Set<(signal: Signal) => void>();
  const redaction = new Redaction();
  const sink = (onText?: (text: string) => unknown): MemorySink =>
    memorySink({ isTerminal, columns }, (text) => executable(redaction.apply(visible(text))), onText);
  const host: TestHost = {
    argv,
    env,
    cwd,
    stdout: sink(),
    stderr: sink((text) => onStderr?.(text, host)),
    hide: (secrets) => redaction.hide(secrets),
    redact: (text) => redaction.apply(text),
    handOut: (secrets) => redaction.handOut(secrets),
    onCrash: () => undefined,
    beforeCrash: () => () => undefined,
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ignoreHangup: () => undefined,
    ask: (question) => Promise.resolve(typeof answer === 'string' ? answer : answer(question)),
    startBeside: () => ({ pid: undefined, send: () => undefined, end: () => undefined, kill: () => undefined, onExit: () => undefined }),
    onLines: () => () => undefined,
    endNow: () => undefined,
    cores: () => 2,
    engine: () => 'an engine',
    limitHeapGrowth: () => undefined,
    memoryBytes: () => 100_000_000,
    uptimeMs: () => 0,
    cpuMs: () => 0,
    signal: (signal) => {
      for (const listener of listeners) listener(signal);
    },
  };
  return host;
}

function memorySink(
  terminal: Pick<TextSink, 'isTerminal' | 'columns'>,
  redact: (text: string) => string,
  onText?: (text: string) => unknown,
): MemorySink {
  let written = '';
  return {
    ...terminal,
    rows: 40,
    get text() {
      return written;
    },
    write: (text) => {
      written += redact(text);
      onText?.(text);
    },
  };
}
