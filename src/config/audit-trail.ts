import type { Resolution } from './resolve.ts';

/** One line for each key that a layer sets, logged at the start of a run. */
export function auditTrail(resolution: Resolution): readonly string[] {
  return resolution.explain
    .filter(({ winner }) => winner.layer !== 'default')
    .map(({ key, winner, losers }) => {
      const over = losers.map((loser) => (loser.layer === 'default' ? `default ${loser.value}` : `${loser.value} from ${loser.source}`));
      return `${key} = ${winner.value} from ${winner.source}, over ${over.join(', ')}`;
    });
}
