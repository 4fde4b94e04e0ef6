import { KEYS } from '../../config/fields.ts';
import type { Host } from '../../host.ts';
import { shellWord } from '../../util/shell-word.ts';

/** The command line that repeats a run: with its settings from the environment and its random seed, without options for the output. */
export function repeatLine({ argv, env }: Pick<Host, 'argv' | 'env'>, seed: string | undefined, drawn: string): string {
  const words = seed === undefined ? [...argv, '--seed', drawn] : argv;
  const kept = words.filter((word, i) => !isOutputOption(word) && !OUTPUT_OPTIONS_WITH_VALUE.has(words[i - 1] ?? ''));
  const settings = KEYS.flatMap((key) => (env[key.env] === undefined ? [] : [`${key.env}=${shellWord(env[key.env] ?? '')}`]));
  return [...settings, 'mmbot', ...kept.map(shellWord)].join(' ');
}

const OUTPUT_OPTIONS_WITH_VALUE: ReadonlySet<string> = new Set(['--out', '--html', '--log-level', '--metrics-port', '--metrics-host']);

function isOutputOption(word: string): boolean {
  return ['--json', '--quiet', '--explain'].includes(word) || OUTPUT_OPTIONS_WITH_VALUE.has(word.split('=')[0] ?? '');
}
