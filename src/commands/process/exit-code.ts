import type { Command } from 'commander';
import type { ExitCode } from '../../errors.ts';

const exitCodes = new WeakMap<Command, ExitCode>();

/** Sets the exit code of a command that completed with a result other than success, such as a failed verdict or a difference. */
export function setExitCode(command: Command, code: ExitCode): void {
  exitCodes.set(command, code);
}

export function exitCodeOf(command: Command): ExitCode | undefined {
  return exitCodes.get(command);
}
