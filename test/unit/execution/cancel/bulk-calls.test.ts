import { describe, expect, test } from 'vitest';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { sleep } from '../../../../src/util/clock.ts';
import { LINEAR, resting, roundScene } from '../../../support/cancel/round-scene.ts';

const throttled = new ExchangeError('throttled', 'not-applied', 'too many visits');

describe('a bulk call that the rate limit holds up', () => {
  const held = () =>
    roundScene({
      bulk(call) {
        if (call < 8) throw throttled;
      },
    });
  const target = resting('x-1');

  test.each([true, false])('goes on while there is something to cancel, and in an unread scope: %s', async (goesOn) => {
    const { round, bulks, clock } = held();
    const first = round.cancel([target], [], [LINEAR]);
    clock.schedule(500, () => {
      round.begin(goesOn);
      if (!goesOn) void round.cancelUnseen([LINEAR]);
    });
    await clock.run(first);
    expect(bulks).toHaveLength(8);
  });

  test('is not sent any more when the next round has nothing to cancel, or the run has ended', async () => {
    const { round, bulks, clock } = held();
    const first = round.cancel([target], [], [LINEAR]);
    clock.schedule(500, () => round.begin());
    await clock.run(first);
    expect(bulks).toHaveLength(5);
    await clock.run(sleep(clock, 5000));
    expect(bulks).toHaveLength(5);
  });
});
