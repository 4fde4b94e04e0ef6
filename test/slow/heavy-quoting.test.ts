import { expect, test } from 'vitest';
import { quoteHeavily, tableOf } from '../support/bots/heavy-quoting.ts';
import { saturateLanes, usedOf } from '../support/bots/saturated-lanes.ts';

const HOUR_S = 3600;

test(
  'an hour of heavy quoting on ten symbols: no counter of the exchange is overrun, and what is allowed is used',
  { timeout: 3_600_000 },
  async () => {
    const outcome = await quoteHeavily(HOUR_S, '12');
    console.table(tableOf(outcome, HOUR_S));
    expect(outcome.violations).toEqual([]);
    for (const { endpoint, limit, refused, worstRollingSecond } of outcome.buckets) {
      expect({ endpoint, refused, fits: worstRollingSecond <= limit }).toEqual({ endpoint, refused: 0, fits: true });
    }
    // The lane that the loop always wants more of; creates follow the fills.
    expect(outcome.used.get('/v5/order/amend')).toBeGreaterThanOrEqual(0.85);
  },
);

test(
  'an hour with more to send than is allowed in every lane: at least 85 % of it is used and nothing is refused',
  { timeout: 3_600_000 },
  async () => {
    const lanes = await saturateLanes(HOUR_S, '22');
    console.table(
      lanes.map((lane) => ({
        ...lane,
        'of the limit': (lane.arrived / HOUR_S / lane.limit).toFixed(3),
        'of the allowed': usedOf(lane, HOUR_S).toFixed(3),
      })),
    );
    expect(lanes).toHaveLength(3);
    for (const lane of lanes) {
      expect(lane).toMatchObject({ refused: 0, passed: lane.arrived });
      expect(lane.worstRollingSecond).toBeLessThanOrEqual(lane.limit);
      expect(usedOf(lane, HOUR_S)).toBeGreaterThanOrEqual(0.85);
    }
  },
);
