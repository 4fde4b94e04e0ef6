import { execa } from 'execa';
import { processHost, type Companion, type Host } from '../../../src/host.ts';
import { wordIn } from '../../../src/wiring/campaign/worker-words.ts';
import { BIN } from '../program/run-mmbot.ts';
import { testHost } from '../program/test-host.ts';

/** Build of the program under `dist`, as its workers say it. */
export async function builtId(): Promise<string> {
  const { stdout } = await execa(process.execPath, [BIN, 'run-worker'], { input: '' });
  const word = wordIn(stdout);
  if (word?.kind !== 'ready') throw new Error(`a worker that says ${stdout}`);
  return word.build;
}

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
