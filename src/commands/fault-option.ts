import { InvalidArgumentError } from 'commander';
import { parseFaults, type FaultChoice } from '../simulator/faults/fault-choice.ts';

/** The choice, and the words that made it. */
export interface NamedFaults {
  readonly text: string;
  readonly choice: FaultChoice;
}

/** For commander. */
export function parseFaultOption(text: string): NamedFaults {
  const choice = parseFaults(text);
  if (typeof choice === 'string') throw new InvalidArgumentError(`${choice.charAt(0).toUpperCase()}${choice.slice(1)}`);
  return { text, choice };
}
