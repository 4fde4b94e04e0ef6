import { relative } from 'node:path';
import { attempt, endOf, type ExitCode, type RunEnd } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { writeFailure } from '../terminal/lines.ts';

export interface Publication {
  /** The exit code unless something failed. */
  readonly exitCode: ExitCode;
  /** What failed in the run itself. */
  readonly fault?: unknown;
  /** The folder of the files. */
  readonly out: string;
  /** Writes the files. */
  readonly write: () => void;
  /** The text for stdout. `folder`: where the files are, from the working folder; undefined when they could not be written. */
  readonly print: (end: RunEnd, folder: string | undefined) => string;
}

/** Writes the files of a result and prints it, even if they cannot be written. Returns the exit code. */
export function publish(host: Host, { exitCode, fault, out, write, print }: Publication): ExitCode {
  const unwritten = attempt(write);
  const end = endOf(exitCode, fault ?? unwritten);
  host.stdout.write(print(end, unwritten === undefined ? relative(host.cwd, out) || '.' : undefined));
  writeFailure(host, end.failure);
  return end.exitCode;
}
