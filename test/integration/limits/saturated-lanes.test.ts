import { expect, test } from 'vitest';
import { saturateLanes, usedOf } from '../../support/bots/saturated-lanes.ts';

const SECONDS = 120;

test('with more to send than is allowed in every lane, at least 85 % of it is used and nothing is refused', async () => {
  const lanes = await saturateLanes(SECONDS, '21');
  console.table(lanes.map((lane) => ({ ...lane, 'of the allowed': usedOf(lane, SECONDS).toFixed(3) })));
  expect(lanes).toHaveLength(3);
  for (const lane of lanes) {
    expect(lane).toMatchObject({ refused: 0, passed: lane.arrived });
    expect(lane.worstRollingSecond).toBeLessThanOrEqual(lane.limit);
    expect(usedOf(lane, SECONDS)).toBeGreaterThanOrEqual(0.85);
  }
});
