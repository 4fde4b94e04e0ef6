import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../../src/config/fields.ts';
import type { SideKind } from '../../../../src/harness/measures/side-state.ts';
import { causeText } from '../../../../src/reports/causes/cause-table.ts';
import { settingsOf } from '../../../support/bots/virtual-soak.ts';

type Sets = Readonly<Record<string, number>>;

/** What the options of the first alternative of a text set. */
function changesIn(text: string): Sets {
  const [first = ''] = text.split(', or');
  return Object.fromEntries([...first.matchAll(/--set ([\w.]+)=([\d.]+)/g)].map(([, key = '', value = '']) => [key, Number(value)]));
}

const CAUSES: readonly (readonly [SideKind, string])[] = [
  ['late', 'replacesPerMinute'],
  ['late', 'minIntervalMs'],
  ['waiting', 'maxInFlight'],
  ['waiting', 'opsPerSecond'],
  ['no_size', 'order_size'],
  ['no_size', 'position_room'],
  ['guard', 'inventory_hard'],
  ['reduced', 'inventory_soft'],
  ['hold', 'latency_hard'],
  ['reduced', 'latency_soft'],
  ['hold', 'volatility_hard'],
  ['hold', 'daily_loss'],
  ['ending', 'unreconciled'],
  ['denied', 'open_orders'],
  ['placing', ''],
  ['doubt', ''],
];

const valueIn = (settings: Settings, key: string): unknown => {
  const [section = '', name = ''] = key.split('.');
  return (settings as unknown as Record<string, Record<string, unknown>>)[section]?.[name];
};

describe.each([undefined, 's1', 'conservative'])('under profile %s', (profile) => {
  test.each(CAUSES)('%s %s has words, and a change that changes something and is allowed', (kind, code) => {
    const settings = settingsOf(profile);
    for (const latencyP95Ms of [undefined, 12, 800]) {
      const { what, change } = causeText({ kind, code }, { settings, smallestUsd: 65, latencyP95Ms });
      expect(what).toMatch(/\w/);
      const sets = changesIn(change ?? '');
      for (const [key, value] of Object.entries(sets)) expect(valueIn(settings, key)).not.toBe(value);
      expect(() => settingsOf(profile, sets)).not.toThrow();
    }
  });

  test.each([
    ['late', 'replacesPerMinute', 'quoting.replacesPerMinute'],
    ['hold', 'latency_hard', 'risk.hardLatencyP95Ms'],
    ['waiting', 'maxInFlight', 'quoting.maxInFlight'],
    ['guard', 'inventory_hard', 'risk.hardInventoryRatio'],
  ] as const)('the change for %s %s never lowers what is too low', (kind, code, key) => {
    const settings = settingsOf(profile);
    const { change } = causeText({ kind, code }, { settings, smallestUsd: 65, latencyP95Ms: 12 });
    expect(changesIn(change ?? '')[key] ?? Infinity).toBeGreaterThan(Number(valueIn(settings, key)));
  });
});
