import { expect, test } from 'vitest';
import { sumUp } from '../../src/harness/measures/measures.ts';
import { stepsToNumber } from '../../src/model/grid.ts';
import { settingsOf, virtualSoak } from '../support/bots/virtual-soak.ts';
import { MODEL_NAMES } from '../../src/strategy/models/table.ts';

/**
 * What the quote models do in the default market: ten seeds of some simulated minutes each, with the production loop and
 * exchange. Gross and net are bps of turnover; one seed says nothing (the deviation over the seeds is shown).
 */
const SEEDS = Array.from({ length: 10 }, (_, i) => `quoting-${i}`);
const MINUTES = 60;
const TIMEOUT_MS = 120 * 60_000;

const PROFILES = ['s1', 'conservative'] as const;
/** The position is left alone by everything but the model; one level, so that one order is one unit of inventory. */
const UNGUARDED = {
  'quoting.adaptive': false,
  'quoting.levels': 1,
  'quoting.queueNudgeMaxBps': 0,
  'quoting.orderSizeUsd': 200,
  'quoting.baseSpreadBps': 2.5,
  'quoting.maxDeltaRatio': 1,
  'risk.maxPositionUsd': 1_000_000,
  'risk.softInventoryRatio': 1,
  'risk.hardInventoryRatio': 1,
};

type Sets = Parameters<typeof settingsOf>[1];

interface Figures {
  readonly grossBps: readonly number[];
  readonly feesBps: number;
  readonly netBps: number;
  readonly deviationUsd: number;
  readonly uptime: number;
  readonly ordersPerFill: number;
  readonly fillsPerHour: number;
}

async function measure(profile: string, sets: Sets): Promise<Figures> {
  const settings = settingsOf(profile, sets);
  const grossBps: number[] = [];
  let [gross, fees, turnover, fills, changes, twoSided, observed, squares, samples] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const seed of SEEDS) {
    const { statistics } = await virtualSoak({
      settings,
      seed,
      durationMs: MINUTES * 60_000,
      onSample: (now) => {
        for (const { position, mid, instrument } of now.symbols.values()) {
          squares += (stepsToNumber(position.quantity, instrument.lot) * stepsToNumber(mid ?? 0, instrument.tick)) ** 2;
          samples += 1;
        }
      },
    });
    const totals = sumUp(statistics);
    grossBps.push((totals.grossUsd / totals.turnoverUsd) * 10_000);
    gross += totals.grossUsd;
    fees += totals.feesUsd;
    turnover += totals.turnoverUsd;
    fills += totals.fills;
    twoSided += totals.twoSidedMs;
    observed += totals.observedMs;
    changes += statistics.events.get('orderAcked') + statistics.events.get('amendAcked');
  }
  return {
    grossBps,
    feesBps: (fees / turnover) * 10_000,
    netBps: ((gross - fees) / turnover) * 10_000,
    deviationUsd: Math.sqrt(squares / samples),
    uptime: twoSided / observed,
    ordersPerFill: changes / fills,
    fillsPerHour: fills / ((SEEDS.length * MINUTES) / 60),
  };
}

function row(name: string, { grossBps, feesBps, netBps, deviationUsd, uptime, ordersPerFill, fillsPerHour }: Figures): object {
  const sound = grossBps.filter((bps) => Number.isFinite(bps));
  const mean = sound.reduce((sum, bps) => sum + bps, 0) / sound.length;
  const sd = Math.sqrt(sound.reduce((sum, bps) => sum + (bps - mean) ** 2, 0) / Math.max(1, sound.length - 1));
  return {
    setup: name,
    'gross bps': (netBps + feesBps).toFixed(2),
    '± by seed': sd.toFixed(2),
    'fees bps': feesBps.toFixed(2),
    'net bps': netBps.toFixed(2),
    'inventory deviation USD': deviationUsd.toFixed(0),
    'two-sided %': (uptime * 100).toFixed(1),
    'orders per fill': ordersPerFill.toFixed(1),
    'fills/h': fillsPerHour.toFixed(0),
  };
}

test('models and profiles on --market btc', { timeout: TIMEOUT_MS }, async () => {
  const rows: object[] = [];
  for (const profile of PROFILES) {
    for (const model of MODEL_NAMES) {
      const figures = await measure(profile, { 'quoting.model': model });
      rows.push(row(`${profile} ${model}`, figures));
      expect.soft(figures.uptime).toBeGreaterThanOrEqual(0.95);
    }
  }
  console.log(`${SEEDS.length} seeds of ${MINUTES} simulated minutes each`);
  console.table(rows);
});

test('inventory with and without skew, at the same least spread', { timeout: TIMEOUT_MS }, async () => {
  const without = await measure('s1', { ...UNGUARDED, 'quoting.model': 'spread', 'quoting.skewBpsPerPercent': 0 });
  const withSkew = await measure('s1', { ...UNGUARDED, 'quoting.model': 'avellaneda-stoikov' });
  console.table([row('spread without skew', without), row('avellaneda-stoikov', withSkew)]);
  console.log(`the deviation of inventory is cut by ${(without.deviationUsd / withSkew.deviationUsd).toFixed(1)} times`);
  expect(without.deviationUsd / withSkew.deviationUsd).toBeGreaterThanOrEqual(3);
});
