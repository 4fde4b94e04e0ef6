import type { Settings } from '../config/fields.ts';

type Limits = Settings['risk'];
type LimitName = { [Name in keyof Limits]: Limits[Name] extends number ? Name : never }[keyof Limits];

/** What the guards of one symbol can measure. */
export interface GuardView {
  readonly volatility: { readonly perSampleBps: number };
  /** How far the mid has moved in the last risk.moveWindowMs, bps. */
  readonly moveBps: number;
  readonly activity: { readonly latencyP95Ms: number; readonly takerFills: number };
}

interface Guard {
  /** Begins the reason of a verdict: `NAME_soft`, `NAME_hard`, or `NAME_unknown` where the measure is not a number. */
  readonly name: string;
  /** `inventoryRatio`: |position| over the maximum position. */
  readonly measure: (view: GuardView, inventoryRatio: number) => number;
  /** Settings of the section `risk`: the levels are reached at these values. */
  readonly soft: LimitName;
  readonly hard: LimitName;
  /** `reducing` quotes only the side that shrinks the position. */
  readonly atHard: 'hard' | 'reducing';
  /** Whose orders are smaller from the soft level on. */
  readonly shrinks: Exclude<GuardVerdict['shrinks'], 'neither'>;
}

/** To add a guard: a row here, and its two settings in `src/config/fields.ts`. Of several at one level the first gives the reason. */
const GUARDS: readonly Guard[] = [
  {
    name: 'volatility',
    measure: ({ volatility }) => volatility.perSampleBps,
    soft: 'softVolatilityBps',
    hard: 'hardVolatilityBps',
    atHard: 'hard',
    shrinks: 'both',
  },
  { name: 'move', measure: ({ moveBps }) => moveBps, soft: 'softMoveBps', hard: 'hardMoveBps', atHard: 'hard', shrinks: 'both' },
  {
    name: 'latency',
    measure: ({ activity }) => activity.latencyP95Ms,
    soft: 'softLatencyP95Ms',
    hard: 'hardLatencyP95Ms',
    atHard: 'hard',
    shrinks: 'both',
  },
  {
    name: 'inventory',
    measure: (_, inventoryRatio) => inventoryRatio,
    soft: 'softInventoryRatio',
    hard: 'hardInventoryRatio',
    // Stopping both sides would keep the position forever, and so would smaller orders on the side that shrinks it.
    atHard: 'reducing',
    shrinks: 'growing',
  },
  {
    name: 'taker_fills',
    measure: ({ activity }) => activity.takerFills,
    soft: 'softTakerFills',
    hard: 'hardTakerFills',
    atHard: 'hard',
    shrinks: 'both',
  },
];

type Level = 'none' | 'soft' | 'hard';

/** The level of each guard, in the order of the table: a level is left only well below where it was entered. */
export type GuardLevels = readonly Level[];

export const CALM: GuardLevels = GUARDS.map(() => 'none');

/** `hard`: quote nothing; `reducing`: only the side that shrinks the position; `soft`: smaller and wider. */
export interface GuardVerdict {
  readonly level: 'none' | 'soft' | 'reducing' | 'hard';
  /** Which guard decided, and why; undefined for `none`. */
  readonly reason: string | undefined;
  /** Orders of these sides are smaller; `growing`: of the side that grows the position. */
  readonly shrinks: 'neither' | 'growing' | 'both';
  /** For the next verdict. */
  readonly levels: GuardLevels;
}

const SEVERITY: Readonly<Record<GuardVerdict['level'], number>> = { none: 0, soft: 1, reducing: 2, hard: 3 };

/** The most severe of all guards. A measure that is not a number counts as hard: what cannot be measured cannot be trusted. */
export function judgeGuards(view: GuardView, inventoryRatio: number, limits: Limits, before: GuardLevels): GuardVerdict {
  let level: GuardVerdict['level'] = 'none';
  let reason: string | undefined;
  let shrinks: GuardVerdict['shrinks'] = 'neither';
  let changed: Level[] | undefined;
  let index = 0;
  for (const guard of GUARDS) {
    const value = guard.measure(view, inventoryRatio);
    const isUnknown = Number.isNaN(value);
    const last = before[index];
    const reached = isUnknown ? 'hard' : levelOf(value, limits[guard.soft], limits[guard.hard], limits.guardReleaseRatio, last);
    if (reached !== last) {
      changed ??= [...before];
      changed[index] = reached;
    }
    index += 1;
    if (reached === 'none') continue;
    if (shrinks !== 'both') shrinks = guard.shrinks;
    const effect = reached === 'soft' || isUnknown ? reached : guard.atHard;
    if (SEVERITY[effect] <= SEVERITY[level]) continue;
    level = effect;
    reason = `${guard.name}_${isUnknown ? 'unknown' : reached}`;
  }
  return { level, reason, shrinks, levels: changed ?? before };
}

function levelOf(value: number, soft: number, hard: number, release: number, before: Level = 'none'): Level {
  if (value >= (before === 'hard' ? hard * release : hard)) return 'hard';
  return value >= (before === 'none' ? soft : soft * release) ? 'soft' : 'none';
}

/** The setting behind a reason of a verdict, such as `inventory_hard`, and its level; undefined for other texts. */
export function guardSetting(reason: string): { readonly key: string; readonly level: 'soft' | 'hard' } | undefined {
  const guard = GUARDS.find(({ name }) => reason.startsWith(`${name}_`));
  if (guard === undefined) return undefined;
  const level = reason === `${guard.name}_soft` ? 'soft' : 'hard';
  return { key: `risk.${guard[level]}`, level };
}
