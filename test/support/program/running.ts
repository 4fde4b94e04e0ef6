import { execa } from 'execa';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { LedgerExecution, LedgerOrder, LedgerPosition } from '../../../src/simulator/ledger/ledger.ts';
import { hasMark } from './secret-search.ts';

const BIN = fileURLToPath(new URL('../../../bin/mmbot.js', import.meta.url));

type Environment = Readonly<Record<string, string>>;

/** A process of ours that runs beside the test, and ends with it. */
export interface Running {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the text has appeared on stderr, or stdout; rejects with all that was said when the process ended without it. */
  seen(text: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly exitCode: Promise<number | undefined>;
}

type OnEnd = typeof onTestFinished;

interface StartOptions {
  readonly env?: Environment;
  readonly cwd?: string;
  /** A test that runs beside others of its file hands in its own. */
  readonly onEnd?: OnEnd;
}

export function startMmbot(args: readonly string[], { env = {}, cwd = process.cwd(), onEnd = onTestFinished }: StartOptions = {}): Running {
  // What does not end when it is told to has to be seen, not killed after five seconds.
  const options = { env, cwd, extendEnv: false, reject: false, forceKillAfterDelay: false } as const;
  const child = execa(process.execPath, [BIN, ...args], options);
  const text = { stdout: '', stderr: '' };
  let hasEnded = false;
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      text[name] += chunk.toString();
      for (const look of waiting) look();
    });
  }
  // Its pipes are closed by then, unless a guard still has them: everything it said was read.
  void child.then(() => {
    hasEnded = true;
    for (const look of waiting) look();
  });
  onEnd(() => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    // Its guard would ask the exchange for minutes, which ends with the test too.
    if (!hasEnded) killIfAlive(guardOf(text.stderr));
    // The exchange hands out its keys on stdout: that is what it is for.
    if (hasMark(args[0] === 'exchange' ? text.stderr : text.stdout + text.stderr))
      throw new Error(`mmbot ${args.join(' ')} shows a secret`);
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    seen: (part) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const isThere = [text.stdout, text.stderr].some((said) => (typeof part === 'string' ? said.includes(part) : part.test(said)));
          if (!isThere && !hasEnded) return;
          waiting.delete(look);
          if (isThere) resolve();
          else reject(new Error(`mmbot ${args.join(' ')} ended without ${String(part)}:\n${text.stdout}\n${text.stderr}`));
        };
        waiting.add(look);
        look();
      }),
    kill: (signal) => child.kill(signal),
    exitCode: child.then(({ exitCode }) => exitCode),
  };
}

/** The process of the guard that answered last; 0: none has. It has the stderr of its bot, which is at its end only when it has gone as well. */
export function guardOf(stderr: string): number {
  const pids = [...stderr.matchAll(/"guard_watches","pid":(\d+)/g)].map(([, pid]) => Number(pid));
  return pids.at(-1) ?? 0;
}

function killIfAlive(pid: number): void {
  try {
    if (pid !== 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

export interface RunningExchange {
  readonly pid: number;
  readonly restUrl: string;
  /** Keys of its first account, for the environment of a command. */
  readonly env: Environment;
  /** Its own record of the open orders. */
  openOrders(): Promise<LedgerRecord['openOrders']>;
  /** Its own record of its first account. */
  ledger(): Promise<LedgerRecord>;
}

export interface LedgerRecord {
  readonly openOrders: readonly LedgerOrder[];
  readonly executions: readonly LedgerExecution[];
  readonly positions: readonly LedgerPosition[];
}

/** `mmbot exchange` in a process of its own. */
export async function startExchange(args: readonly string[] = [], onEnd: OnEnd = onTestFinished): Promise<RunningExchange> {
  const running = startMmbot(['exchange', '--json', '--ledger', ...args], { onEnd });
  await running.seen('\n}');
  const document = JSON.parse(running.stdout()) as { restUrl: string; keys: { apiKey: string; secret: string }[] };
  const { apiKey = '', secret = '' } = document.keys[0] ?? {};
  const accounts = async (): Promise<readonly LedgerRecord[]> => {
    const response = await fetch(`${document.restUrl}/admin/ledger`);
    return ((await response.json()) as { accounts: LedgerRecord[] }).accounts;
  };
  return {
    pid: running.pid,
    restUrl: document.restUrl,
    env: { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret },
    openOrders: async () => (await accounts()).flatMap(({ openOrders }) => openOrders),
    async ledger() {
      const [first] = await accounts();
      if (first === undefined) throw new Error('an exchange without an account');
      return first;
    },
  };
}
