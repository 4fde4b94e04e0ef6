import { randomInt, seededRandom, type Random } from '../../../src/util/random.ts';
import { KINDS } from './damages.ts';
import { drawOf, type Drawn } from './hostility.ts';
import type { Kind } from './kind.ts';

export const SCENARIOS = ['stop', 'freeze', 'restart', 'cancel-all', 'guard'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Everything that a session is, drawn from its seed. */
export interface Plan {
  readonly seed: string;
  readonly scenario: Scenario;
  readonly drawn: readonly Drawn[];
  /** Never drawn from by anything whose number of draws may change. */
  readonly random: Random;
}

interface PlanChoice {
  readonly seed: string;
  /** Which of all sessions it is: each kind gets its turn. */
  readonly index: number;
  readonly kinds?: readonly Kind[];
  readonly scenarios?: readonly Scenario[];
  /** Of the drawn kinds only these are kept. */
  readonly kept?: ReadonlySet<string> | undefined;
}

const MOST_OTHERS = 4;

/** A swarm: one kind by turn and up to four others, each at its own rate and in its own phases. */
export function planOf({ seed, index, kinds = KINDS, scenarios = SCENARIOS, kept }: PlanChoice): Plan {
  const random = seededRandom(seed);
  const draw = random.fork('plan');
  const names = new Set<string>([kinds[index % kinds.length]?.name ?? '']);
  const others = randomInt(draw, MOST_OTHERS + 1);
  for (let i = 0; i < others; i += 1) names.add(kinds[randomInt(draw, kinds.length)]?.name ?? '');
  const chosen = kinds.filter(({ name }) => names.has(name));
  const fit =
    chosen[0]?.needsLoop === true || chosen.some(({ needsLoop }) => needsLoop)
      ? scenarios.filter((name) => name !== 'cancel-all')
      : scenarios;
  const scenario = fit[randomInt(draw, fit.length)] ?? 'stop';
  const drawn = chosen.filter(({ name }) => kept?.has(name) !== false).map((kind) => drawOf(kind, random));
  return { seed, scenario, drawn, random };
}
