import type { Value } from './field.ts';

/** The first must not exceed the second. */
type Pair = readonly [smaller: string, larger: string, remedy?: string];

const ASCENDING: readonly Pair[] = [
  ['quoting.adaptiveMinBps', 'quoting.adaptiveBaseBps'],
  ['quoting.adaptiveBaseBps', 'quoting.adaptiveMaxBps'],
  ['quoting.minIntervalMs', 'quoting.maxOrderAgeMs'],
  ['quoting.orderSizeUsd', 'risk.maxOrderUsd'],
  ['risk.maxOrderUsd', 'risk.maxPositionUsd'],
  ['risk.maxOrderUsd', 'risk.maxOpenNotionalUsd'],
  ['risk.deliveryFreezeMs', 'risk.deliveryHoldMs'],
  ['bybit.requestTimeoutMs', 'execution.stopDeadlineMs'],
  ['thresholds.orderLatencyP95Ms', 'thresholds.orderLatencyP99Ms'],
];

/**
 * Time to verify a stop, beyond `bybit.recvWindowMs`, when the private stream is down and the outcome of an order is unknown: 1.25 s for
 * clock differences, 6 s by which lists of open orders may be late, and 2 s for the last two reads and their responses.
 */
const PROOF_MS = 9250;

interface Sourced {
  readonly value: Value;
  readonly source: string;
}

/** Messages for pairs of settings that contradict each other; pairs with an invalid value are left out. */
export function brokenOrders(values: ReadonlyMap<string, Sourced>): readonly string[] {
  // Other models have no adaptive spread.
  const adaptive = values.get('quoting.adaptive')?.value === true && values.get('quoting.model')?.value === 'spread';
  const pairs = [...ASCENDING, ...guardLevels(values.keys())];
  // An adaptive spread that can never exceed the base spread would have no effect.
  if (adaptive) pairs.push(['quoting.baseSpreadBps', 'quoting.adaptiveMaxBps', 'raise that too, or set quoting.adaptive=false']);
  const broken = pairs.flatMap(([smaller, larger, remedy]) => {
    const low = values.get(smaller);
    const high = values.get(larger);
    if (low === undefined || high === undefined || low.value <= high.value) return [];
    const found = `${smaller}: expected at most ${larger} (${high.value} from ${high.source}), was '${low.value}' (from ${low.source})`;
    return [remedy === undefined ? found : `${found}: ${remedy}`];
  });
  return [...broken, ...shortStop(values)];
}

/** The two levels of each risk guard, which are called `risk.soft…` and `risk.hard…`. */
function guardLevels(keys: Iterable<string>): readonly Pair[] {
  return [...keys].filter((key) => key.startsWith('risk.hard')).map((hard) => [hard.replace('hard', 'soft'), hard]);
}

/** With less time a stop could not be verified when the private stream is down. */
function shortStop(values: ReadonlyMap<string, Sourced>): readonly string[] {
  const window = values.get('bybit.recvWindowMs');
  const stop = values.get('execution.stopDeadlineMs');
  if (window === undefined || stop === undefined) return [];
  const least = Number(window.value) + PROOF_MS;
  if (Number(stop.value) >= least) return [];
  return [
    `execution.stopDeadlineMs: expected at least ${least}, bybit.recvWindowMs (${window.value} from ${window.source}) plus the ${PROOF_MS} ms that verifying a stop takes when lists of open orders are late, was '${stop.value}' (from ${stop.source})`,
  ];
}
