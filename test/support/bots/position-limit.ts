import type { BotEvent } from '../../../src/execution/events.ts';
import type { FaultName } from '../../../src/simulator/faults/fault-table.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import { settingsOf, virtualSoak } from './virtual-soak.ts';

export const LIMIT_USD = 1500;
const [EXECUTIONS, ORDERS, POSITIONS] = ['missed-executions', 'missed-orders', 'missed-positions'] as const;

/** Each loses something that a limit has to be kept without. */
export const ONE_LOST: readonly (readonly FaultName[])[] = [[EXECUTIONS], [ORDERS], [POSITIONS], ['missed-private-event']];

/** Only one source remains correct: a topic, or the lists. */
export const ONE_LEFT: readonly (readonly FaultName[])[] = [
  [EXECUTIONS, ORDERS],
  [EXECUTIONS, POSITIONS],
  [ORDERS, POSITIONS],
  [EXECUTIONS, ORDERS, POSITIONS],
];

/** Six levels of a quarter of the limit each, with no guard that would keep the position small before the limit does. */
const SETTINGS = {
  'quoting.levels': 6,
  'quoting.levelSpacingBps': 0.5,
  'quoting.baseSpreadBps': 1,
  'quoting.feeFloor': false,
  'quoting.orderSizeUsd': 380,
  'quoting.maxDeltaRatio': 0.3,
  'quoting.maxInFlight': 6,
  'quoting.minIntervalMs': 60,
  'quoting.replacesPerMinute': 600,
  'risk.maxPositionUsd': LIMIT_USD,
  'risk.maxOrderUsd': 400,
  'risk.softInventoryRatio': 1,
  'risk.hardInventoryRatio': 1,
};

/** A soak in which these faults are at work all the time; `worstUsd`: the largest position that the ledger would have shown had all of one side filled. */
export async function soakAtTheLimit(names: readonly FaultName[], seed: string, seconds: number) {
  const found = { worstUsd: 0, positionUsd: 0 };
  const run = await virtualSoak({
    settings: settingsOf(undefined, SETTINGS),
    seed,
    market: 'toxic',
    durationMs: seconds * 1000,
    faults: { set: undefined, faults: names.map((name) => ({ name, placed: { startMs: 2000, durationMs: (seconds - 6) * 1000 } })) },
    onEvent: (event, ledger) => look(event, ledger, found),
  });
  const fills = [...run.statistics.symbols.values()].reduce((sum, tally) => sum + tally.fills, 0);
  const broken = run.invariants.filter(({ holds }) => !holds).map(({ name, found: what }) => `${name}: ${what}`);
  return { ...found, fills, broken };
}

function look({ type }: BotEvent, ledger: Ledger, found: { worstUsd: number; positionUsd: number }): void {
  if (type !== 'turn') return;
  const [position] = ledger.positions();
  if (position === undefined) return;
  const [held, price] = [Number(position.size), Number(position.markPrice)];
  const resting = { Buy: 0, Sell: 0 };
  for (const { side, quantity, filled } of ledger.openOrders()) resting[side] += Number(quantity) - Number(filled);
  found.worstUsd = Math.max(found.worstUsd, (held + resting.Buy) * price, (resting.Sell - held) * price);
  found.positionUsd = Math.max(found.positionUsd, Math.abs(held * price));
}
