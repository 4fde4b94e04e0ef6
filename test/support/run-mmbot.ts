import { execa } from 'execa';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/mmbot.js', import.meta.url));

interface RunOptions {
  /** The whole environment: nothing of the developer's own leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Arguments for Node itself, before the program. */
  readonly nodeOptions?: readonly string[];
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
  const { env = {}, cwd = process.cwd(), nodeOptions = [], timeoutMs = 25_000 } = options;
  const { exitCode, stdout, stderr, durationMs } = await execa(process.execPath, [...nodeOptions, BIN, ...args], {
    env,
    cwd,
    extendEnv: false,
    reject: false,
    timeout: timeoutMs,
    stripFinalNewline: false,
  });
  return { exitCode, stdout, stderr, durationMs };
}
