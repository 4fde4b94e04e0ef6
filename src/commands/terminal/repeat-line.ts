import type { Host } from '../../host.ts';

/** The command line that repeats a run: with its random seed, without options for the output. */
export function repeatLine({ argv }: Host, seed: string | undefined, drawn: string): string {
  const words = seed === undefined ? [...argv, '--seed', drawn] : argv;
  const kept = words.filter((word, i) => !isOutputOption(word) && !OUTPUT_OPTIONS_WITH_VALUE.has(words[i - 1] ?? ''));
  return ['mmbot', ...kept.map((word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))].join(' ');
}

const OUTPUT_OPTIONS_WITH_VALUE: ReadonlySet<string> = new Set(['--out', '--html', '--log-level', '--metrics-port', '--metrics-host']);

function isOutputOption(word: string): boolean {
  return ['--json', '--quiet', '--explain'].includes(word) || OUTPUT_OPTIONS_WITH_VALUE.has(word.split('=')[0] ?? '');
}
