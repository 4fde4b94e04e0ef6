import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { freezeReason, type BrakeInputs } from '../../../src/risk/kill-switch.ts';

const risk = { ...resolve({}).settings.risk, minEdgeBps: -2 };
const edge = (netBps: number, fills: number): BrakeInputs['edge'] => ({ spreadBps: 0, markoutBps: 0, feesBps: 0, netBps, fills });

interface Terms {
  readonly dayPnlUsd?: number | undefined;
  readonly fillsInBurst?: number;
  readonly rejectsInRow?: BrakeInputs['activity']['rejectsInRow'];
  readonly edge?: BrakeInputs['edge'];
}

function reasonFor(terms: Terms, limits = risk): string | undefined {
  const dayPnlUsd = 'dayPnlUsd' in terms ? terms.dayPnlUsd : 0;
  const { fillsInBurst = 0, rejectsInRow = { buy: 0, sell: 0 } } = terms;
  return freezeReason({ account: { dayPnlUsd }, activity: { fillsInBurst, rejectsInRow }, edge: terms.edge ?? edge(0, 0) }, limits);
}

describe('brakes', () => {
  test.each([
    [{}, undefined],
    [{ dayPnlUsd: -999.99 }, undefined],
    [{ dayPnlUsd: -1000 }, 'daily_loss'],
    [{ dayPnlUsd: undefined }, undefined],
    [{ dayPnlUsd: Number.NaN }, 'daily_loss'],
    [{ fillsInBurst: 100 }, undefined],
    [{ fillsInBurst: 101 }, 'fill_burst'],
    [{ rejectsInRow: { buy: 9, sell: 9 } }, undefined],
    [{ rejectsInRow: { buy: 10, sell: 0 } }, 'reject_brake_buy'],
    [{ rejectsInRow: { buy: 0, sell: 10 } }, 'reject_brake_sell'],
    [{ edge: edge(-2.01, 99) }, undefined],
    [{ edge: edge(-2, 100) }, undefined],
    [{ edge: edge(-2.01, 100) }, 'edge_below_minimum'],
  ] as const)('%j freezes: %s', (inputs, reason) => {
    expect(reasonFor(inputs)).toBe(reason);
  });

  test('the edge never freezes at its default', () => {
    expect(reasonFor({ edge: edge(-99.9, 1e6) }, resolve({}).settings.risk)).toBeUndefined();
  });
});
