import { randomInt, seededRandom, type Random } from '../../../src/util/random.ts';
import { KINDS } from './damages.ts';
import { drawOf, type Drawn } from './hostility.ts';
import { SCENARIOS, type Kind, type Scenario } from './kind.ts';

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
  /** Instead of those that the seed draws. */
  readonly only?: readonly Kind[] | undefined;
}

const MOST_OTHERS = 4;

/**
 * A swarm: one kind by turn and up to four others, each at its own rate and in its own phases. Seed and kinds are the whole session: it is
 * repeated by them, and narrowed by leaving kinds out, whatever the table has become.
 */
export function planOf({ seed, index, kinds = KINDS, scenarios = SCENARIOS, only }: PlanChoice): Plan {
  const random = seededRandom(seed);
  const draw = random.fork('kinds');
  const first = kinds[index % kinds.length];
  const names = new Set<string>([first?.name ?? '']);
  const others = randomInt(draw, MOST_OTHERS + 1);
  for (let i = 0; i < others; i += 1) names.add(kinds[randomInt(draw, kinds.length)]?.name ?? '');
  const chosen = only ?? kinds.filter(({ name }) => names.has(name));
  const anywhere = scenarios[randomInt(random.fork('scenario'), scenarios.length)] ?? 'stop';
  const needed = (only?.[0] ?? first)?.scenario;
  const scenario = needed !== undefined && scenarios.includes(needed) ? needed : anywhere;
  return { seed, scenario, drawn: chosen.map((kind) => drawOf(kind, random)), random };
}
