import { execa } from 'execa';
import { fileURLToPath } from 'node:url';
import { hasMark } from './secret-search.ts';

export const BIN = fileURLToPath(new URL('../../../bin/mmbot.js', import.meta.url));

interface RunOptions {
  /** The whole environment: nothing of the developer's own leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Arguments for Node itself, before the program. */
  readonly nodeOptions?: readonly string[];
  /** No file that it writes may become longer. */
  readonly fileLimitBytes?: number;
  /** After it, the process is killed. */
  readonly timeoutMs?: number;
}

interface RunResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** Runs the built program as a user would, and waits for its end, whatever it is. */
export async function runMmbot(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { env = {}, cwd = process.cwd(), nodeOptions = [], fileLimitBytes, timeoutMs = 100_000 } = options;
  // POSIX counts in blocks of 512 bytes.
  const limited = fileLimitBytes === undefined ? [] : ['/bin/sh', '-c', `ulimit -f ${Math.ceil(fileLimitBytes / 512)}; exec "$@"`, 'sh'];
  const [file = '', ...words] = [...limited, process.execPath, ...nodeOptions, BIN, ...args];
  const { exitCode, stdout, stderr, durationMs } = await execa(file, words, {
    env,
    cwd,
    extendEnv: false,
    reject: false,
    timeout: timeoutMs,
    stripFinalNewline: false,
  });
  if (hasMark(args[0] === 'exchange' ? stderr : stdout + stderr)) throw new Error(`mmbot ${args.join(' ')} shows a secret`);
  return { exitCode, stdout, stderr, durationMs };
}
