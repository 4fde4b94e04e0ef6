import { describe, expect, it } from 'vitest';
import { atoms, lots, ticks } from '../../../../src/model/units.ts';
import { FundingRate } from '../../../../src/simulator/accounts/funding.ts';
import { defined } from '../../../../src/util/assert.ts';
import { sleep } from '../../../../src/util/clock.ts';
import { accepted, quietVenue, START, SYMBOL } from '../venues.ts';

const HOUR_MS = 3_600_000;
/** Before a settlement at 00:00 UTC. */
const EVENING = 1_700_006_400_000 - 10_000 - (1_700_006_400_000 % (8 * HOUR_MS));

describe('a funding rate', () => {
  const rateOf = (...premiums: readonly number[]): number => {
    const rate = new FundingRate(0);
    for (const premium of premiums) rate.sample(premium);
    return rate.rate;
  };

  it('is the interest while the premium is small, and follows a large one at a distance', () => {
    expect(rateOf()).toBe(10_000);
    expect(rateOf(0, 20_000, -10_000)).toBe(10_000);
    expect(rateOf(60_000)).toBe(10_000);
    expect(rateOf(61_000)).toBe(11_000);
    expect(rateOf(-40_000)).toBe(10_000);
    expect(rateOf(-50_000)).toBe(0);
    expect(rateOf(100_000, 200_000)).toBe(100_000);
  });

  it('stays within the caps of its contract', () => {
    expect(rateOf(1e8)).toBe(375_000);
    expect(rateOf(-1e8)).toBe(-375_000);
  });

  it('is settled at 00:00, 08:00 and 16:00 UTC, each time from the beginning', () => {
    const rate = new FundingRate(Date.parse('2026-01-01T00:00:00Z'));
    expect(rate.nextAt).toBe(Date.parse('2026-01-01T08:00:00Z'));
    rate.sample(100_000);
    expect(rate.settle(rate.nextAt + 300)).toBe(50_000);
    expect(rate.nextAt).toBe(Date.parse('2026-01-01T16:00:00Z'));
    expect(rate.rate).toBe(10_000);
    expect(rate.settlements).toEqual([{ rate: 50_000, at: Date.parse('2026-01-01T08:00:00Z') }]);
  });
});

describe('a settlement of funding', () => {
  /** Account 0 is long 1 BTC, account 1 short 1 BTC, ten seconds before a settlement; then it passes. */
  async function settled() {
    const { venue, clock, events, place } = quietVenue({ startAt: EVENING });
    accepted(place(1, 'sell', START, 1000));
    accepted(place(0, 'buy', START, 1000, { price: ticks(START), quantity: lots(1000) }));
    venue.start();
    events.length = 0;
    await clock.run(sleep(clock, 20_000));
    venue.stop();
    const { markPrice, funding } = defined(venue.market(SYMBOL), SYMBOL);
    return { venue, events, markPrice, settlement: defined(funding?.settlements.at(-1), 'a settlement') };
  }

  it('charges the long what it pays the short, at the mark price, and shows it everywhere', async () => {
    const { venue, events, settlement } = await settled();
    const [paid, received] = events.flatMap((event) => (event.type === 'execution' ? [event.execution] : []));
    const { price, fee } = defined(paid, 'a payment');
    expect(settlement.rate).not.toBe(0);
    expect(fee).toBe(Math.ceil((1000 * price * 10_000 * settlement.rate) / 1e8));
    expect(paid).toMatchObject({
      execType: 'Funding',
      account: 0,
      side: 'buy',
      quantity: 1000,
      orderLinkId: '',
      fundingRate: settlement.rate,
    });
    expect(received).toMatchObject({ execType: 'Funding', account: 1, side: 'sell', quantity: 1000 });
    expect(Math.abs(fee + defined(received, 'a payment').fee)).toBeLessThanOrEqual(1);
    expect(events.filter(({ type }) => type === 'position' || type === 'wallet').map(({ type }) => type)).toEqual([
      'position',
      'wallet',
      'position',
      'wallet',
    ]);
    const money = [0, 1].reduce((sum, id) => {
      const { fees, funding } = venue.position(id, SYMBOL);
      return sum + venue.wallet(id).equity + fees + funding;
    }, 0);
    expect(money).toBe(2 * 1e13);
    expect(venue.position(0, SYMBOL).funding).toBe(fee);
    const { deposit, balance } = venue.ledger(0).wallet();
    const [row] = venue.ledger(0).positions();
    expect(atoms(Math.round((Number(deposit) - Number(row?.fees) - Number(row?.funding) - Number(balance)) * 1e8))).toBe(0);
    expect(venue.ledger(0).executions()).toHaveLength(1);
    expect(venue.executions(0)).toHaveLength(2);
  });

  it('costs nothing without a position', async () => {
    const { venue, clock, events } = quietVenue({ startAt: EVENING });
    venue.start();
    await clock.run(sleep(clock, 20_000));
    venue.stop();
    expect(venue.market(SYMBOL)?.funding?.settlements).toHaveLength(1);
    expect(events.filter(({ type }) => type !== 'trade')).toEqual([]);
  });
});
