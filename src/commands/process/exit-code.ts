import type { Command } from 'commander';
import type { ExitCode } from '../../errors.ts';

const exitCodes = new WeakMap<Command, ExitCode>();

/** For a command that did its work and whose answer is not plain success: a verdict, a difference. */
export function setExitCode(command: Command, code: ExitCode): void {
  exitCodes.set(command, code);
}

export function exitCodeOf(command: Command): ExitCode | undefined {
  return exitCodes.get(command);
}
