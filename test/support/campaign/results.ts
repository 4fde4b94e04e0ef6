import { askedGates } from '../../../src/harness/measures/gates.ts';
import { settingsOf } from '../bots/virtual-soak.ts';
import type { RunResult } from '../../../src/harness/campaign/run-result.ts';

/** A result with these fields. */
export function runResult(fields: Partial<RunResult> = {}): RunResult {
  return {
    schemaVersion: 1,
    id: 'a1',
    seed: '7',
    verdict: 'INCONCLUSIVE',
    broken: [],
    gates: askedGates((key) => settingsOf(undefined).thresholds[key]).map((gate) => ({ ...gate, status: 'too_few_samples', value: null })),
    ordersRest: false,
    frozen: null,
    bug: null,
    elapsedMs: 60_000,
    fills: 12,
    turnoverUsd: 2500,
    spreadUsd: 1.25,
    adverseUsd: -0.25,
    feesUsd: 0.5,
    fundingUsd: 0,
    netUsd: 0.5,
    drawdownUsd: 0.75,
    largestPositionUsd: 195.1,
    inventorySdUsd: 85.65,
    uptime: null,
    requests: 242,
    ...fields,
  };
}
