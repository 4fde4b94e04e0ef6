import { describe, expect, test } from 'vitest';
import { planOf, type PreparedPlan } from '../../../../src/commands/campaign/plan.ts';
import { readPlan } from '../../../../src/commands/campaign/plan-file.ts';
import { parseSeeds, unseenSeeds } from '../../../../src/commands/campaign/seeds.ts';
import { axesOf, parseVary, textsIn } from '../../../../src/commands/campaign/vary.ts';
import type { CampaignInput } from '../../../../src/commands/campaign/input.ts';
import { VIP0 } from '../../../../src/simulator/fee-rates.ts';
import { soakLine } from '../../../../src/commands/campaign/soak-line.ts';
import { PlannedRuns } from '../../../../src/harness/campaign/plan.ts';
import { folderWith } from '../../../support/program/folders.ts';
import { testHost } from '../../../support/program/test-host.ts';

const NOTHING_TYPED = { overrides: undefined, typed: { assignments: [], flags: [] } };

function planned(typed: CampaignInput, file?: string, cwd = process.cwd()): Promise<PreparedPlan> {
  return planOf(testHost({ cwd }), { aim: 'compare', build: 'test', file, typed, shared: NOTHING_TYPED, fees: VIP0 });
}

describe('--vary', () => {
  test.each([
    ['2,4,8', ['2', '4', '8']],
    ['2..10/5', ['2', '4', '6', '8', '10']],
    ['0.1..0.3/3', ['0.1', '0.2', '0.3']],
    ['-1..1/2', ['-1', '1']],
    ['1..2/4', ['1', '1.33', '1.67', '2']],
  ])('%s', (text, values) => {
    expect(textsIn(text, 'quoting.baseSpreadBps')).toEqual(values);
  });

  test('a range has each value of a whole-number setting once', () => {
    expect(textsIn('1..3/5', 'quoting.levels')).toEqual(['1', '2', '3']);
  });

  test.each(['nothing', '=1,2'])('refuses %s', (text) => {
    expect(() => parseVary(text)).toThrow('Expected KEY=a,b,c or KEY=FROM..TO/STEPS');
  });

  test('refuses one step, which is no range', () => {
    expect(() => parseVary('quoting.levels=1..3/1')).toThrow('from 2 to 1000 steps');
  });

  test('names every problem with where it comes from, and the key that was meant', () => {
    const inputs = ['quoting.baseSpreadBp=1', 'quoting.levels=1,99', 'risk.maxPositionUsd=5', 'risk.maxPositionUsd=500,500'].reduce(
      (earlier, text) => [...parseVary(text, earlier)],
      [] as readonly ReturnType<typeof parseVary>[number][],
    );
    expect(() => axesOf(inputs)).toThrow(
      /did you mean quoting.baseSpreadBps.*--vary 'quoting.baseSpreadBp=1'\)[^]*'99' \(from --vary 'quoting.levels=1,99'\)[^]*once \(from --vary 'risk.maxPositionUsd=5' and --vary 'risk.maxPositionUsd=500,500'\)/,
    );
  });
});

describe('--seeds', () => {
  test('counts from one, or is a list', () => {
    expect(parseSeeds('3')).toEqual(['1', '2', '3']);
    expect(parseSeeds('7,8, abc')).toEqual(['7', '8', 'abc']);
    expect(parseSeeds('7,')).toEqual(['7']);
    expect(parseSeeds('41..43')).toEqual(['41', '42', '43']);
  });

  test.each(['0', '10001', '7,7', '', '3-6', '9..3'])("refuses '%s'", (text) => {
    expect(() => parseSeeds(text)).toThrow(/Expected|twice/);
  });

  test('unseen seeds are none of those that were used', () => {
    expect(unseenSeeds(2, ['confirm-1', 'x'])).toEqual(['confirm-2', 'confirm-3']);
  });
});

describe('a plan', () => {
  test('has each profile with each combination, under names that tell them apart', async () => {
    const vary = [...parseVary('quoting.orderSizeUsd=50,100'), ...parseVary('quoting.levels=1,2')];
    const { plan } = await planned({ setups: [{ profile: 's1' }, { profile: 'conservative' }], vary });
    expect(plan.setups.map(({ name }) => name)).toEqual([
      's1/orderSizeUsd=50,levels=1',
      's1/orderSizeUsd=50,levels=2',
      's1/orderSizeUsd=100,levels=1',
      's1/orderSizeUsd=100,levels=2',
      'conservative/orderSizeUsd=50,levels=1',
      'conservative/orderSizeUsd=50,levels=2',
      'conservative/orderSizeUsd=100,levels=1',
      'conservative/orderSizeUsd=100,levels=2',
    ]);
    expect(plan.combinations).toBe(8);
  });

  test('has points that are spread over a grid that is large', async () => {
    const vary = [...parseVary('quoting.baseSpreadBps=1..40/40'), ...parseVary('quoting.levels=1..10/10')];
    const { plan } = await planned({ vary });
    expect(plan.setups).toHaveLength(64);
    expect(plan.combinations).toBe(400);
    expect((await planned({ vary, points: 400 })).plan.setups).toHaveLength(400);
  });

  test('leaves out combinations that the settings do not allow, and says which', async () => {
    const vary = [...parseVary('risk.softInventoryRatio=0.2,0.6'), ...parseVary('risk.hardInventoryRatio=0.4,0.8')];
    const { plan } = await planned({ vary });
    expect(plan.setups).toHaveLength(3);
    expect(plan.leftOut).toEqual([
      { name: 'defaults/softInventoryRatio=0.6,hardInventoryRatio=0.4', because: expect.stringContaining('hardInventoryRatio') },
    ]);
  });

  describe('with setups that have the very same settings and fees', () => {
    const s1 = { profile: 's1' };

    test('has them once, and says which is the same as which', async () => {
      const setups = [
        s1,
        { ...s1, name: 'cheap', makerFee: '1bps' },
        { ...s1, name: 'copy', set: ['quoting.levels=4.0'], makerFee: '2bps' },
        { ...s1, name: 'cheaper', makerFee: '0.01%' },
      ];
      const { plan } = await planned({ setups });
      expect(plan.setups.map(({ name }) => name)).toEqual(['s1', 'cheap']);
      expect(plan.leftOut).toEqual([
        { name: 'copy', because: 'it is the same as s1' },
        { name: 'cheaper', because: 'it is the same as cheap' },
      ]);
    });

    test('takes a default that is varied for what it is', async () => {
      const { plan } = await planned({
        setups: [{}, { name: 'again', set: ['quoting.levels=1'] }],
        vary: parseVary('quoting.orderSizeUsd=100,200'),
      });
      expect(plan.setups.map(({ name }) => name)).toEqual(['defaults/orderSizeUsd=100', 'defaults/orderSizeUsd=200']);
      expect(plan.leftOut[1]).toEqual({ name: 'again/orderSizeUsd=200', because: 'it is the same as defaults/orderSizeUsd=200' });
      expect(plan.combinations).toBe(4);
    });

    test('is refused when one is left, with the reason', async () => {
      await expect(planned({ setups: [s1, { ...s1, name: 'b' }] })).rejects.toThrow(
        'of 2 combinations one is left (b: it is the same as s1)',
      );
    });

    test('answers a question about one of them under the name that is left only', async () => {
      const setups = [s1, { ...s1, name: 'b' }, { profile: 'conservative' }];
      await expect(planned({ setups, expect: ['b > conservative'] })).rejects.toThrow("there is no setup 'b': it is the same as s1");
    });
  });

  test('is refused when no combination is allowed', async () => {
    const vary = [...parseVary('risk.softInventoryRatio=0.6'), ...parseVary('risk.hardInventoryRatio=0.4')];
    await expect(planned({ vary })).rejects.toThrow('risk.');
  });

  test('races from three setups on, and confirms on half as many seeds', async () => {
    const { plan } = await planned({ vary: parseVary('quoting.levels=1,2,3'), seeds: parseSeeds('9') });
    expect(plan).toMatchObject({ block: 5, finalists: 3 });
    expect(plan.confirmationSeeds).toHaveLength(5);
    expect((await planned({ setups: [{ profile: 's1' }] })).plan).toMatchObject({ block: undefined, confirmationSeeds: [] });
  });

  test('is refused when the settings leave one setup of several', async () => {
    const vary = parseVary('quoting.baseSpreadBps=1,4,8');
    await expect(planned({ setups: [{ profile: 's1' }], vary })).rejects.toThrow('of 3 combinations one is left');
  });

  test('of a recording has one seed: it is the same market with each', async () => {
    const replay = ['orderbook', 'publicTrade'].map((name) => `test/fixtures/bybit-capture/linear_${name}_BTCUSDT.ndjson.gz`);
    const { plan, notes } = await planned({ scenarios: [{ replay, symbols: ['BTCUSDT'] }], duration: 10_000 });
    expect([notes.map(({ event }) => event), plan.seeds, plan.confirmationSeeds]).toEqual([['one_market'], ['1'], []]);
    expect(plan.scenarios[0]?.options).toContain('--symbols');
    const faulty = await planned({ scenarios: [{ replay, faults: 'light' }], duration: 10_000 });
    expect(faulty.plan.seeds).toHaveLength(20);
    expect(faulty.notes).toEqual([]);
    const long = await planned({ scenarios: [{ replay, faults: 'light', name: 'short' }], duration: 600_000 });
    expect(long.notes).toEqual([{ event: 'recording_short', fields: expect.objectContaining({ scenario: 'short' }) }]);
  });

  test('says once which settings defeat each other', async () => {
    const set = ['quoting.levels=3', 'quoting.adaptive=false', 'quoting.baseSpreadBps=3'];
    const setups = [{ set }, { name: 'own-fee', set, makerFee: '0bps' }, { name: 'wide', set: [...set, 'quoting.repriceThresholdBps=2'] }];
    const { notes } = await planned({ setups });
    const conflict = notes.find(({ fields }) => fields['code'] === 'spread_below_floor');
    expect(conflict).toMatchObject({
      event: 'settings_conflict',
      fields: { setup: 'defaults', others: '1 setup', try: expect.any(String) },
    });
  });

  test('leaves out a profile that the varied values do not fit, and refuses one that is wrong by itself', async () => {
    const vary = [...parseVary('risk.softInventoryRatio=0.06,0.07')];
    const low = { name: 'low', set: ['risk.softInventoryRatio=0.02', 'risk.hardInventoryRatio=0.05'] };
    const { plan } = await planned({ setups: [{}, low], vary });
    expect(plan.setups.map(({ base }) => base)).toEqual(['defaults', 'defaults']);
    expect(plan.leftOut.map(({ name }) => name)).toEqual(['low/softInventoryRatio=0.06', 'low/softInventoryRatio=0.07']);
    await expect(planned({ setups: [{}, { ...low, set: ['risk.softInventoryRatio=9'] }], vary })).rejects.toThrow("was '9'");
  });

  describe('with settings of one symbol', () => {
    const scenarios = [{ symbols: ['BTCUSDT', 'ETHUSDT'] }];

    test('varies them, and keeps them apart from those of all', async () => {
      const vary = [...parseVary('ETHUSDT:quoting.levels=1,2'), ...parseVary('quoting.levels=1,2')];
      const { plan } = await planned({ setups: [{ profile: 's1' }], vary, scenarios });
      expect(plan.setups.map(({ name }) => name)).toEqual(
        ['1,levels=1', '1,levels=2', '2,levels=1', '2,levels=2'].map((end) => `s1/ETHUSDT:levels=${end}`),
      );
      expect(plan.setups[1]?.settings).toMatchObject({ 'quoting.levels': '2', 'ETHUSDT:quoting.levels': '1' });
      expect(plan.leftOut).toEqual([]);
    });

    test('merges setups that differ in nothing that is traded', async () => {
      const setups = [
        {},
        { name: 'same', set: ['BTCUSDT:quoting.levels=1'] },
        { name: 'other', set: ['BTCUSDT:quoting.levels=2', 'quoting.orderSizeUsd=100'] },
      ];
      const { plan } = await planned({ setups });
      expect(plan.setups.map(({ name }) => name)).toEqual(['defaults', 'other']);
      const cwd = folderWith({ 'wide.yaml': 'symbols: { ETHUSDT: { quoting.levels: 3 } }' });
      const wide = await planned({ setups: [{}, { profile: 'wide.yaml' }, { name: 'b', set: ['quoting.levels=2'] }] }, undefined, cwd);
      expect(wide.plan.leftOut).toEqual([{ name: 'wide', because: 'it is the same as defaults' }]);
    });

    test('leaves out what reaches no symbol that is traded', async () => {
      const one = { set: ['BTCUSDT:quoting.levels=2'] };
      await expect(planned({ setups: [one], vary: parseVary('quoting.levels=1,3') })).rejects.toThrow(
        'it is the same as defaults/levels=1',
      );
    });

    test('a run has only those that count in its scenario', async () => {
      const vary = parseVary('ETHUSDT:quoting.levels=2,3');
      const { plan } = await planned({ vary, scenarios: [{ symbols: ['BTCUSDT'] }, ...scenarios] });
      const runs = new PlannedRuns(plan);
      const refs = plan.setups.flatMap(({ name }) => runs.of(name, '1'));
      expect(new Set(refs.map(({ id }) => id)).size).toBe(3);
      const lines = refs.map((ref) => soakLine({ env: {} }, 60_000, ref));
      expect(lines[0]).toBe('mmbot soak --clock virtual --market btc --symbols BTCUSDT --duration 60 --seed 1');
      expect(lines[1]).toContain('--clock virtual --set ETHUSDT:quoting.levels=2 --market');
    });

    test('refuses them where the symbol is not traded', async () => {
      await expect(planned({ setups: [{}, { name: 'b', set: ['ETHUSDT:quoting.levels=2'] }] })).rejects.toThrow('traded (BTCUSDT)');
      await expect(planned({ vary: parseVary('ETHUSDT:quoting.levels=1,2') })).rejects.toThrow('traded (BTCUSDT)');
    });
  });

  test('refuses a number of points without values to choose from', async () => {
    await expect(planned({ points: 5, setups: [{}, { profile: 's1' }] })).rejects.toThrow('expected settings to vary');
  });

  test('asks about setups that exist', async () => {
    await expect(planned({ setups: [{ profile: 's1' }], expect: ['s2 > 0'] })).rejects.toThrow("there is no setup 's2' (did you mean s1?)");
  });

  test('knows a recording by its content, which it reads before anything starts', async () => {
    await expect(planned({ scenarios: [{ replay: ['missing.zip'] }] })).rejects.toThrow('missing.zip');
  });

  test('refuses a fee without its unit, and a profile that is not there, also beside others', async () => {
    await expect(planned({ setups: [{ profile: 's1', makerFee: '0.02' }] })).rejects.toThrow('setup s1: Expected a unit');
    const others = [{}, { profile: 'conservative' }];
    await expect(planned({ setups: [...others, { profile: 's1', makerFee: '0.02' }] })).rejects.toThrow('setup s1: Expected a unit');
    await expect(planned({ setups: [...others, { profile: 'nobody' }] })).rejects.toThrow('nobody');
  });

  describe('that varies fees', () => {
    const vary = [...parseVary('makerFee=1.6bps,0.02%'), ...parseVary('quoting.levels=1,2')];

    test('has a setup for each, beside those of settings', async () => {
      const { plan } = await planned({ vary });
      expect(plan.setups.map(({ name, fees }) => [name, fees])).toEqual([
        ['defaults/makerFee=1.6bps,levels=1', { makerPpm: 160, takerPpm: 550 }],
        ['defaults/makerFee=1.6bps,levels=2', { makerPpm: 160, takerPpm: 550 }],
        ['defaults/makerFee=2bps,levels=1', null],
        ['defaults/makerFee=2bps,levels=2', null],
      ]);
      expect(plan.setups[0]?.options.join(' ')).toBe('--set quoting.levels=1 --maker-fee 1.6bps --taker-fee 5.5bps');
      expect(plan.setups[0]?.settings).toEqual({ 'quoting.levels': '1' });
    });

    test('refuses what is no fee, and setups with a fee of their own', async () => {
      expect(() => axesOf(parseVary('takerFee=5,5.5bps,0.055%'))).toThrow(
        /Expected a unit.*--vary [^]*each value once, was '0.055%' twice/,
      );
      await expect(planned({ setups: [{ profile: 's1', makerFee: '1bps' }], vary })).rejects.toThrow('setup s1: makerFee is varied');
    });
  });

  test('refuses a fault that would begin after the end', async () => {
    await expect(planned({ scenarios: [{ faults: 'lost-reply@30m' }] })).rejects.toThrow('after the run');
  });
});

const PLAN = `
setups:
  - profile: s1
  - profile: conservative
    name: wide
    set:
      quoting.baseSpreadBps: 20
    makerFee: -0.01%
vary: { quoting.levels: [1, 2], quoting.maxSkewBps: 0.2..0.6/2 }
scenarios:
  - market: btc
  - market: toxic
    symbols: [BTCUSDT, ETHUSDT]
    faults: light
seeds: 12
confirm: 4
finalists: 1
duration: 5m
race: false
expect: ['net > 0']
`;

describe('a plan file', () => {
  test('says the same as options, which override it', async () => {
    const cwd = folderWith({ 'plan.yaml': PLAN });
    const { plan, expectations } = await planned({ seeds: ['x'] }, 'plan.yaml', cwd);
    expect(plan.setups).toHaveLength(8);
    expect(plan.setups[4]).toMatchObject({
      name: 'wide/levels=1,maxSkewBps=0.2',
      settings: { 'quoting.baseSpreadBps': '20' },
      fees: { makerPpm: -100, takerPpm: 550 },
    });
    expect(plan.setups[4]?.options.slice(-4)).toEqual(['--maker-fee', '-1bps', '--taker-fee', '5.5bps']);
    expect(plan.setups[0]?.fees).toBeNull();
    expect(plan.scenarios.map(({ name }) => name)).toEqual(['btc BTCUSDT', 'toxic BTCUSDT+ETHUSDT light']);
    expect(plan).toMatchObject({ seeds: ['x'], finalists: 1, durationMs: 300_000, block: undefined });
    expect(plan.confirmationSeeds).toHaveLength(4);
    expect(expectations).toMatchObject([{ text: 'net > 0' }]);
  });

  test.each([
    ['setup: []', /did you mean setups.*plan\.yaml:1:1/],
    ['seeds: 1..', /a number of seeds/],
    ['seeds: many, many', /twice.*plan\.yaml:1:1/],
    ['duration: soon', /a time like 20m, of at least a second, was 'soon'.*plan\.yaml:1:1/],
    ['race: 1', /true or false, was '1'/],
    ['setups: s1', /setups: expected a list/],
    ['setups:\n  - profil: s1', /setups\[0\]: expected a known key \(did you mean profile\?\).*plan\.yaml:2:5/],
    ['scenarios:\n  - queueModel: fast', /a queue model/],
    ['vary: 3', /vary: expected keys and values/],
    ['seeds: [', /expected YAML or JSON/],
    ['- a', /the plan: expected keys and values/],
    ['confirm: -1', /a whole number from 0 to 10000, was '-1'/],
    ['toString: 1', /expected a known key/],
    ['null', /the plan: expected keys and values/],
    ['setups: []', /setups: expected at least one element/],
    ['scenarios: []', /at least one element/],
    ['seeds: []', /at least one element/],
    ['seeds: [7, 7]', /'7' is given twice/],
    ['points: 0', /from 1 to/],
    ['expect: []', /at least one element/],
    ['vary: { quoting.levels: [] }', /at least one element/],
    [`seeds: ${'['.repeat(10_000)}`, /at most 16 levels/],
    ['a: &a [1]\nseeds: *a', /expected a known key/],
    ['', /the plan: expected keys and values/],
  ])('with %j is refused with its place', (content, message) => {
    expect(() => readPlan(content, 'plan.yaml')).toThrow(message);
  });
});

describe('where the settings of a setup come from', () => {
  test('is --vary with what was typed, and a setup of its own is not a --set of the command line', async () => {
    const { plan } = await planned({
      setups: [{ profile: 's1', name: 'mine', set: ['quoting.orderSizeUsd=150'] }],
      vary: parseVary('quoting.maxSkewBps=0.2,0.4'),
    });
    expect(plan.setups[1]?.sources).toMatchObject({
      'quoting.maxSkewBps': "--vary 'quoting.maxSkewBps=0.2,0.4'",
      'quoting.orderSizeUsd': 'set of mine',
    });
    expect(plan.setups[1]?.options.join(' ')).toBe('--profile s1 --set quoting.orderSizeUsd=150 --set quoting.maxSkewBps=0.4');
  });

  test('is the place in a plan file', async () => {
    const cwd = folderWith({ 'plan.yaml': 'setups: [{ profile: s1 }]\nvary:\n  quoting.maxSkewBps: [0.2, 0.4]\n' });
    const { plan } = await planned({}, 'plan.yaml', cwd);
    expect(plan.setups[0]?.sources['quoting.maxSkewBps']).toBe('plan.yaml:3:3');
  });

  test('is named by a combination that is not allowed', async () => {
    const { plan } = await planned({ setups: [{ profile: 's1' }], vary: parseVary('quoting.baseSpreadBps=1,2,8') });
    expect(plan.leftOut[0]?.because).toContain("was '8' (from --vary 'quoting.baseSpreadBps=1,2,8')");
  });
});
