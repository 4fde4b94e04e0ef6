import { KEYS } from '../../config/fields.ts';
import type { Host } from '../../host.ts';
import { shellWord } from '../../util/shell-word.ts';

/** The command line that repeats a run: with its settings from the environment and its random seed, without options for the output. */
export function repeatLine(host: Pick<Host, 'argv' | 'env'>, seed: string | undefined, drawn: string): string {
  return repeatWords(host, seed === undefined ? ['--seed', drawn] : []);
}

/** The same command with `more` words. `needed`: options for the output without which it would not be the same. */
export function repeatWords(
  { argv, env }: Pick<Host, 'argv' | 'env'>,
  more: readonly string[] = [],
  needed: readonly string[] = [],
): string {
  const words = [...argv, ...more];
  const isLeftOut = (word: string, before: string | undefined): boolean =>
    (isOutputOption(word) && !needed.includes(nameOf(word))) || (isValueOf(before, word) && !needed.includes(before ?? ''));
  const kept = words.filter((word, i) => !isLeftOut(word, words[i - 1]));
  return [...settingsFrom(env), 'mmbot', ...kept.map(shellWord)].join(' ');
}

/** Settings from the environment, as words in front of a command. */
export function settingsFrom(env: Host['env']): string[] {
  return KEYS.flatMap(({ env: name = '' }) => {
    const value = env[name];
    return value === undefined ? [] : [`${name}=${shellWord(value)}`];
  });
}

/** The value of `--redis` may be left out. */
function isValueOf(option: string | undefined, word: string): boolean {
  return OUTPUT_OPTIONS_WITH_VALUE.has(option ?? '') && !(option === '--redis' && word.startsWith('-'));
}

const OUTPUT_OPTIONS_WITH_VALUE: ReadonlySet<string> = new Set([
  '--out',
  '--html',
  '--log-level',
  '--metrics-port',
  '--metrics-host',
  '--jobs',
  '--redis',
  '--write',
]);

function isOutputOption(word: string): boolean {
  return ['--json', '--quiet', '--explain', '--csv', '--no-pages'].includes(word) || OUTPUT_OPTIONS_WITH_VALUE.has(nameOf(word));
}

/** Of `--out` and of `--out=DIR`. */
function nameOf(word: string): string {
  return word.replace(/=.*/s, '');
}
