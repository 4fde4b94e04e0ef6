import { countsFor } from '../../config/keys.ts';
import type { RunRef } from '../../harness/campaign/plan.ts';
import type { Host } from '../../host.ts';
import { shellWord } from '../../util/shell-word.ts';
import { keyOfAssignment } from '../options/options.ts';
import { settingsFrom } from '../terminal/repeat-line.ts';

/** The soak that makes the same run. */
export function soakLine({ env }: Pick<Host, 'env'>, durationMs: number, { setup, scenario, seed }: RunRef): string {
  const run = ['--duration', `${durationMs / 1000}`, '--seed', shellWord(seed)];
  // A setting of a symbol that this scenario does not trade would be refused.
  const counts = (word: string | undefined): boolean => word === undefined || countsFor(keyOfAssignment(word), scenario.symbols);
  const options = setup.options.filter((word, i, words) =>
    word === '--set' ? counts(words[i + 1]) : words[i - 1] !== '--set' || counts(word),
  );
  return [...settingsFrom(env), 'mmbot soak --clock virtual', ...options, ...scenario.options, ...run].join(' ');
}
