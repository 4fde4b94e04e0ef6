import { processHost, type Companion, type Host } from '../../../src/host.ts';
import { BIN } from '../program/run-mmbot.ts';
import { testHost } from '../program/test-host.ts';

export interface ProgramHost extends Host {
  /** Processes that it started, oldest first. */
  readonly started: readonly Companion[];
}

/** A host that starts processes of the built program; nothing else of it is real. */
export function programHost(): ProgramHost {
  const real = processHost();
  const started: Companion[] = [];
  return {
    ...testHost({ cwd: process.cwd() }),
    started,
    startBeside: (args, env, how) => {
      const script = process.argv[1] ?? '';
      // What a process of this program is started with.
      process.argv[1] = BIN;
      try {
        const companion = real.startBeside(args, env, how);
        started.push(companion);
        return companion;
      } finally {
        process.argv[1] = script;
      }
    },
  };
}

export function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}
