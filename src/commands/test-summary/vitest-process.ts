import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { usageError } from '../../errors.ts';
import { LONGEST_TIMER_MS } from '../../util/clock.ts';

export interface VitestRequest {
  readonly vitest: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
}

export interface VitestEnd {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  /** stdout and stderr, interleaved. */
  readonly log: string;
}

/** Path of the vitest program that the project in `cwd` uses. Throws a usage error when it has none. */
export function vitestOf(cwd: string): string {
  try {
    return join(dirname(createRequire(join(cwd, 'package.json')).resolve('vitest/package.json')), 'vitest.mjs');
  } catch (cause) {
    throw usageError(`expected a project with vitest among its packages in ${cwd}, found none`, {
      code: 'no_suites',
      hint: 'run it in the folder of the project after npm ci, or give results files to read',
      cause,
    });
  }
}

/** Runs vitest until it ends, times out or `stop` aborts; afterwards no process of it is left. */
export async function runVitest({ vitest, cwd, env, args, timeoutMs, stop }: VitestRequest): Promise<VitestEnd> {
  const child = execa(vitest, args, {
    node: true,
    cwd,
    env: { ...env },
    extendEnv: false,
    all: true,
    stdin: 'ignore',
    reject: false,
    timeout: Math.min(timeoutMs, LONGEST_TIMER_MS),
    cancelSignal: stop,
    forceKillAfterDelay: 5000,
    // Its own process group: a worker in an endless loop handles no signal and can only be killed with the group.
    detached: true,
    cleanup: true,
  });
  child.once('exit', () => killGroup(child.pid));
  const { exitCode, timedOut, all } = await child;
  return { exitCode, timedOut, log: all };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // No process of the group is left.
  }
}
