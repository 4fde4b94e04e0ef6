import { InvalidArgumentError, Option } from 'commander';
import { usageError } from '../../errors.ts';
import { neverBegin, parseFaults, type FaultChoice } from '../../simulator/faults/fault-choice.ts';

/** The chosen faults, with their text on the command line. */
export interface NamedFaults {
  readonly text: string;
  readonly choice: FaultChoice;
}

/** `more`: where the names are, if not in the same help. */
export function faultsOption(more = ''): Option {
  const about = `faults to inject into the embedded exchange: none, light, heavy, or NAME[@START[:DURATION]],...${more}`;
  return new Option('--faults <list>', about).argParser(parseFaultOption).default(parseFaultOption('none'), 'none');
}

/** Parser for commander: the value of `--faults`. */
export function parseFaultOption(text: string): NamedFaults {
  const choice = parseFaults(text);
  if (typeof choice === 'string') throw new InvalidArgumentError(`${choice.charAt(0).toUpperCase()}${choice.slice(1)}`);
  return { text, choice };
}

/** Throws MmbotError (exit 2) when a fault would begin after the end of a run of `durationMs`. */
export function expectWithin({ choice }: NamedFaults, durationMs: number): void {
  const late = neverBegin(choice, durationMs);
  if (late.length === 0) return;
  throw usageError(`--faults: ${late.join(', ')} would begin after the run, which lasts ${durationMs / 1000} s`, {
    code: 'fault_after_end',
    hint: 'start it earlier (NAME@START), or make the run longer with --duration',
  });
}
