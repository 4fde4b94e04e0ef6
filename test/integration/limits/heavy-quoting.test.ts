import { expect, test } from 'vitest';
import { quoteHeavily, tableOf } from '../../support/bots/heavy-quoting.ts';

const SECONDS = 12;

test('twelve seconds of heavy quoting on ten symbols: no counter of the exchange is overrun, and what is allowed is used', async () => {
  const outcome = await quoteHeavily(SECONDS, '11');
  console.table(tableOf(outcome, SECONDS));
  expect(outcome.violations).toEqual([]);
  for (const { endpoint, limit, refused, worstRollingSecond } of outcome.buckets) {
    expect({ endpoint, refused, fits: worstRollingSecond <= limit }).toEqual({ endpoint, refused: 0, fits: true });
  }
  // The lane that the loop always wants more of; creates follow the fills.
  expect(outcome.used.get('/v5/order/amend')).toBeGreaterThanOrEqual(0.85);
});
