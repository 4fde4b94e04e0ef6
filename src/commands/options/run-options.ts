import { Option } from 'commander';
import { parseInstant } from './durations.ts';
import { filled } from './filled.ts';

export type ClockName = 'wall' | 'virtual';

export function clockOption(): Option {
  return new Option('--clock <clock>', 'wall: real sockets in real time; virtual: the embedded exchange in simulated time')
    .choices(['wall', 'virtual'] satisfies readonly ClockName[])
    .default('wall');
}

/** `of`: what the seed decides. */
export function seedOption(of: string): Option {
  return new Option('--seed <text>', `seed of ${of} (default: random)`).argParser(filled('a text, such as 7'));
}

export function outOption(files: string, folder: string): Option {
  return new Option('--out <dir>', `folder for ${files}`).default(folder);
}

export function explainAtOption(): Option {
  return new Option('--explain-at <time>', 'show the decisions at this time of the run, such as 1:35 or 95s').argParser(parseInstant);
}

export function explainOption(): Option {
  return new Option('--explain', 'log, for each change of the orders, how the quotes were computed');
}
