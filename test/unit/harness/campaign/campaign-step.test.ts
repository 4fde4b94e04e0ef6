import { describe, expect, test } from 'vitest';
import { campaignStep } from '../../../../src/harness/campaign/campaign-step.ts';
import { PlannedRuns } from '../../../../src/harness/campaign/plan.ts';
import { runId } from '../../../../src/harness/campaign/run-spec.ts';
import { at } from '../../../../src/util/array.ts';
import { finished, madeNet, plan, result, setup } from '../../../support/campaign/made-campaign.ts';

describe('a run has an id', () => {
  const runs = new PlannedRuns(plan());
  const spec = runs.spec(at(runs.of('a', '1'), 0));
  const id = runId('build', spec);

  test('that each of its parts changes', () => {
    const others = [
      runId('another build', spec),
      runId('build', { ...spec, seed: '2' }),
      runId('build', { ...spec, durationMs: 1 }),
      runId('build', { ...spec, settings: {} }),
      runId('build', { ...spec, fees: { makerPpm: 1, takerPpm: 2 } }),
      runId('build', { ...spec, fees: { makerPpm: 2, takerPpm: 1 } }),
      runId('build', { ...spec, scenario: { ...spec.scenario, market: 'toxic' } }),
      runId('build', { ...spec, scenario: { ...spec.scenario, symbols: ['ETHUSDT'] } }),
      runId('build', { ...spec, scenario: { ...spec.scenario, faults: 'heavy' } }),
      runId('build', { ...spec, scenario: { ...spec.scenario, recording: { files: [{ path: 'a', sha256: 'x' }], queueModel: 'trade' } } }),
      runId('build', { ...spec, scenario: { ...spec.scenario, recording: { files: [{ path: 'a', sha256: 'x' }], queueModel: 'other' } } }),
    ];
    expect(new Set([id, ...others]).size).toBe(others.length + 1);
  });

  test('that does not depend on where a recording is', () => {
    const at = (path: string): string =>
      runId('build', { ...spec, scenario: { ...spec.scenario, recording: { files: [{ path, sha256: 'x' }], queueModel: 'trade' } } });
    expect(at('/here')).toBe(at('/there'));
  });
});

describe('a campaign goes on', () => {
  test('with every setup on every seed, then the best on unseen ones', () => {
    const runs = new PlannedRuns(plan({ finalists: 1 }));
    const first = campaignStep(runs, () => undefined);
    expect(first.stage).toBe('selection');
    expect(first.missing).toHaveLength(12);
    const { known, made } = finished(runs, (ref) => result(ref, madeNet(ref, { a: 0, b: 1 })));
    expect(made).toBe(15);
    expect(campaignStep(runs, known).alive[0]).toBe('b');
  });

  test('of one setup, with all of its seeds', () => {
    const runs = new PlannedRuns(plan({ setups: [setup('a')], confirmationSeeds: [], block: 2 }));
    expect(finished(runs, (ref) => result(ref, 1)).made).toBe(6);
  });

  test('of one market, with the setup first that earned most in it', () => {
    const runs = new PlannedRuns(plan({ seeds: ['1'], confirmationSeeds: [] }));
    const { known } = finished(runs, (ref) => result(ref, ref.setup.name === 'b' ? 5 : 1));
    expect(campaignStep(runs, known).alive).toEqual(['b', 'a']);
  });

  test('in rounds that only those run who are not proven worse', () => {
    const seeds = Array.from({ length: 40 }, (_, i) => String(i));
    const setups = ['a', 'b', 'c', 'd'].map((name) => setup(name));
    const runs = new PlannedRuns(plan({ setups, seeds, block: 5, confirmationSeeds: [] }));
    const { known, made } = finished(runs, (ref) => result(ref, madeNet(ref, { a: 0, b: 3, c: -3, d: -6 })));
    expect(campaignStep(runs, known).alive).toEqual(['b']);
    expect(made).toBeLessThan(80);
  });

  test('without a setup whose run is lost', () => {
    const runs = new PlannedRuns(plan({ confirmationSeeds: [] }));
    const { known } = finished(runs, (ref) => (ref.setup.name === 'b' && ref.seed === '3' ? 'lost' : result(ref, 1)));
    const { alive, left } = campaignStep(runs, known);
    expect(alive).toEqual(['a']);
    expect(left).toMatchObject([{ setup: 'b', why: 'failed' }]);
  });

  test('with all scenarios of a seed together', () => {
    const one = at(plan().scenarios, 0);
    const scenarios = [one, { ...one, name: 'toxic', market: 'toxic' }];
    const runs = new PlannedRuns(plan({ scenarios, confirmationSeeds: [] }));
    const { known, made } = finished(runs, (ref) => result(ref, ref.scenario.name === 'toxic' ? -10 : ref.setup.name === 'a' ? 5 : 1));
    expect(made).toBe(24);
    expect(campaignStep(runs, known).alive[0]).toBe('a');
  });
});
