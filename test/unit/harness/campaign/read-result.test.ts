import { expect, test } from 'vitest';
import { readResult } from '../../../../src/harness/campaign/read-result.ts';
import { resultText } from '../../../../src/harness/campaign/result-text.ts';
import type { GateResult, RunResult } from '../../../../src/harness/campaign/run-result.ts';
import type { RunSpec } from '../../../../src/harness/campaign/run-spec.ts';
import { runResult } from '../../../support/campaign/results.ts';
import { taskOf } from '../../../support/campaign/tasks.ts';

const SPEC = { seed: '7', durationMs: 60_000 };
const RECORDED: Partial<RunSpec> = {
  scenario: { market: null, recording: { files: [], queueModel: 'trade' }, symbols: ['BTCUSDT'], faults: 'none' },
};

const { gates } = runResult();
const NAMES = gates.map(({ name }) => name).join(', ');
const gated = (change: Partial<GateResult>, of = 'two-sided uptime'): GateResult[] =>
  gates.map((gate) => (gate.name === of ? { ...gate, ...change } : gate));

function read(changes: Partial<RunResult> = {}, spec: Partial<RunSpec> = {}) {
  return readResult(resultText(runResult(changes)), taskOf('a1', { ...SPEC, ...spec }));
}

test.each<[string, Partial<RunResult>, Partial<RunSpec>]>([
  ['as it is', {}, {}],
  ['without fills', { fills: 0, turnoverUsd: 0, spreadUsd: 0, adverseUsd: 0, feesUsd: 0, netUsd: 0 }, {}],
  [
    'with a loss, a rebate, and funding received',
    { adverseUsd: -3, feesUsd: -0.25, fundingUsd: -0.25, netUsd: -1.25, drawdownUsd: 1.25 },
    { fees: { makerPpm: -100, takerPpm: 550 } },
  ],
  ['with the last bits of a float', { elapsedMs: 59_999.999_999_9, netUsd: 0.5 + 1e-13 }, {}],
  ['with a broken invariant', { broken: ['position'], verdict: 'FAIL' }, {}],
  ['of a shorter recording', { elapsedMs: 9000 }, RECORDED],
  ['that a bug ended', { elapsedMs: 9000, bug: 'no' }, {}],
])('a result %s is read', (_, changes, spec) => {
  expect(read(changes, spec)).toEqual({ result: runResult(changes) });
});

test.each<[Partial<RunResult>, Partial<RunSpec>, string]>([
  [{ id: 'b2' }, {}, 'id: expected a1, was b2'],
  [{ seed: '8' }, {}, 'seed: expected 7, was 8'],
  [{ elapsedMs: 30_000 }, {}, 'elapsedMs: expected 60000, was 30000'],
  [{ elapsedMs: 60_001 }, RECORDED, 'elapsedMs: expected at most 60000, was 60001'],
  [{ elapsedMs: -1 }, RECORDED, 'elapsedMs: expected at most 60000, was -1'],
  [{ fills: -1 }, {}, 'fills: expected a whole number from 0 on, was -1'],
  [{ fills: 1.5 }, {}, 'fills: expected a whole number from 0 on, was 1.5'],
  [{ requests: -3 }, {}, 'requests: expected a whole number from 0 on, was -3'],
  [{ turnoverUsd: -2 }, {}, 'turnoverUsd: expected at least 0, was -2'],
  [{ drawdownUsd: -2 }, {}, 'drawdownUsd: expected at least 0, was -2'],
  [{ largestPositionUsd: -2 }, {}, 'largestPositionUsd: expected at least 0, was -2'],
  [{ inventorySdUsd: -2 }, {}, 'inventorySdUsd: expected at least 0, was -2'],
  [{ uptime: 1.01 }, {}, 'uptime: expected a share from 0 to 1, was 1.01'],
  [{ uptime: -0.01 }, {}, 'uptime: expected a share from 0 to 1, was -0.01'],
  [{ fills: 0 }, {}, 'turnoverUsd: expected that of 0 fills, was 2500'],
  [{ turnoverUsd: 0 }, {}, 'turnoverUsd: expected that of 12 fills, was 0'],
  [{ netUsd: 10.5 }, {}, 'netUsd: expected the sum of its parts, 0.5, was 10.5'],
  [{ feesUsd: 0.75 }, {}, 'netUsd: expected the sum of its parts, 0.25, was 0.5'],
  [{}, { fees: { makerPpm: 100, takerPpm: 150 } }, 'feesUsd: expected from 0.25 to 0.375 for this turnover, was 0.5'],
  [{}, { fees: { makerPpm: 210, takerPpm: 550 } }, 'feesUsd: expected from 0.525 to 1.375 for this turnover, was 0.5'],
  [{ spreadUsd: 1e308, adverseUsd: 1e308 }, {}, 'netUsd: expected the sum of its parts, Infinity, was 0.5'],
  [{ adverseUsd: -2, netUsd: -1.25 }, {}, 'drawdownUsd: expected at least the loss, 1.25, was 0.75'],
  [{ verdict: 'PASS' }, {}, 'verdict: expected INCONCLUSIVE, by its gates and invariants, was PASS'],
  [
    { gates: gates.slice(1) },
    {},
    `gates: expected ${NAMES}, was ${gates
      .slice(1)
      .map(({ name }) => name)
      .join(', ')}`,
  ],
  [{ gates: gated({ bound: 0.5 }) }, {}, 'gate two-sided uptime: expected the bound 0.9, was 0.5'],
  [{ gates: gated({ status: 'pass' }) }, {}, 'gate two-sided uptime: pass without a value'],
  [{ gates: gated({ value: 0.95 }), uptime: 0.6 }, {}, 'gate two-sided uptime: expected 0.6, as the figures say, was 0.95'],
  [{ gates: gated({ value: 0.6, status: 'pass' }), uptime: 0.6 }, {}, 'gate two-sided uptime: pass with 0.6, allowed 0.9'],
  [{ gates: gated({ value: 5 }, 'net edge') }, {}, 'gate net edge: expected 2, as the figures say, was 5'],
  [
    { gates: runResult().gates.map((gate) => ({ ...gate, status: 'fail' })) },
    {},
    'verdict: expected FAIL, by its gates and invariants, was INCONCLUSIVE',
  ],
])('%j is none of the run', (changes, spec, wrong) => {
  expect(read(changes, spec)).toEqual({ wrong });
});

test.each(['', '{}', resultText(runResult()).replace('2500', '1e999')])('%j is no text of a result', (text) => {
  expect(readResult(text, taskOf('a1', SPEC))).toEqual({ wrong: 'expected the text of a result, as mmbot writes it' });
});
