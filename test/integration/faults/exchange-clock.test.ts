import { expect, test } from 'vitest';
import { faultSoak } from '../../support/bots/fault-soak.ts';

test.each(['clock-jump@5:25', 'clock-skew@5:25'])(
  '%s: orders leave on the exchange’s time again ten seconds after its clock has moved, and when it is back',
  async (fault) => {
    const { report, broken } = await faultSoak([fault], '3', 50);
    expect(broken).toEqual([]);
    expect(report.faults?.occurrences[0]?.hits).toBeGreaterThan(0);
  },
);
