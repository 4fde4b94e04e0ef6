import { describe, expect, test } from 'vitest';
import type { CancelScope, RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { sleep } from '../../../../src/util/clock.ts';
import { LINEAR, many, resting, roundScene as scene } from '../../../support/cancel/round-scene.ts';

const throttled = new ExchangeError('throttled', 'not-applied', 'too many visits');
const refused = new ExchangeError('rejected', 'not-applied', 'no');
const gone = new ExchangeError('gone', 'not-applied', 'order does not exist');

describe('what cannot be seen and has to go', () => {
  test('goes by one bulk call each; inverse contracts coin by coin, as the exchange lists them', async () => {
    const { cancelUnseen, bulks, round } = scene({ coins: () => ['BTC', 'ETH'] });
    await cancelUnseen([LINEAR, { category: 'inverse' }, { category: 'inverse', symbol: 'SOLUSD' }]);
    expect(bulks).toHaveLength(4);
    expect(new Set(bulks)).toEqual(
      new Set([
        LINEAR,
        { category: 'inverse', settleCoin: 'BTC' },
        { category: 'inverse', settleCoin: 'ETH' },
        { category: 'inverse', symbol: 'SOLUSD' },
      ]),
    );
    expect(round.method).toBe('bulk');
  });

  test('waits for the next round where the coins cannot be read, and keeps nothing else; known coins are not asked for again', async () => {
    const coins = (reading: number): readonly string[] => {
      if (reading === 1) throw refused;
      if (reading > 2) throw new Error('asked for again');
      return ['BTC'];
    };
    const { cancelUnseen, bulks } = scene({ coins });
    await cancelUnseen([{ category: 'inverse' }, LINEAR]);
    expect(bulks).toEqual([LINEAR]);
    for (let round = 0; round < 2; round += 1) await cancelUnseen([{ category: 'inverse' }]);
    expect(bulks.slice(1)).toEqual(Array.from({ length: 2 }, () => ({ category: 'inverse', settleCoin: 'BTC' })));
  });
});

describe('the bulk calls of a round', () => {
  const inverse = [
    resting('a', { category: 'inverse', symbol: 'BTCUSD' }),
    resting('b', { category: 'inverse', symbol: 'ETHUSD' }),
    resting('c', { category: 'inverse', symbol: 'BTCUSD' }),
  ];

  test.each<[string, CancelScope, readonly CancelScope[]]>([
    ['a whole category in one', { category: 'linear' }, [{ category: 'linear' }]],
    ['nothing of a category without targets', { category: 'spot' }, []],
    [
      'inverse contracts symbol by symbol',
      { category: 'inverse' },
      [
        { category: 'inverse', symbol: 'BTCUSD' },
        { category: 'inverse', symbol: 'ETHUSD' },
      ],
    ],
    ['inverse contracts of a coin in one', { category: 'inverse', settleCoin: 'BTC' }, [{ category: 'inverse', settleCoin: 'BTC' }]],
    ['one inverse symbol', { category: 'inverse', symbol: 'ETHUSD' }, [{ category: 'inverse', symbol: 'ETHUSD' }]],
    ['no symbol without targets', { category: 'inverse', symbol: 'SOLUSD' }, []],
    ['a symbol of one category is not that of another', { category: 'spot', symbol: 'BTCUSDT' }, []],
  ])('take %s', async (_, scope, expected) => {
    const { cancel, bulks, round } = scene();
    await cancel([...inverse, resting('d')], [], [scope]);
    expect(bulks).toEqual(expected);
    expect(round.method).toBe('bulk');
  });

  test.each([
    [1, 1],
    [500, 1],
    [501, 2],
    [1200, 3],
  ])('for %i orders are %i', async (orders, calls) => {
    const { cancel, bulks, ones, batches } = scene();
    await cancel(many(orders));
    expect([bulks.length, ones, batches]).toEqual([calls, [], []]);
  });

  test('are repeated while the rate limit refuses them, ten times for each; any other failure has its effect looked up', async () => {
    const late = scene({
      bulk(call) {
        if (call < 4) throw throttled;
      },
    });
    await late.cancel(many(501));
    expect(late.bulks).toHaveLength(5);
    const never = scene({
      bulk() {
        throw throttled;
      },
    });
    await never.cancel(many(501));
    expect(never.bulks).toHaveLength(20);
    const failing = scene({
      bulk() {
        throw refused;
      },
    });
    await failing.cancel(many(501));
    expect(failing.bulks).toHaveLength(2);
  });

  test('stop when they took too few, and come back after progress order by order', async () => {
    const { cancel, bulks, ones, batches } = scene({ deadlineMs: 600_000 });
    const sentSingly = (): number => ones.length + batches.flat().length;
    await cancel(many(1000));
    expect(bulks).toHaveLength(2);
    // Half of what a call can cancel is enough: 250 of 500.
    await cancel(many(750));
    expect([bulks.length, sentSingly()]).toEqual([4, 0]);
    await cancel(many(501));
    expect([bulks.length, sentSingly()]).toEqual([4, 501]);
    await cancel(many(501));
    expect([bulks.length, sentSingly()]).toEqual([4, 1002]);
    // Then both go on side by side: these may fail, too.
    await cancel(many(500));
    expect([bulks.length, sentSingly()]).toEqual([5, 1502]);
  });

  test('are not made where they would take what must stay', async () => {
    for (const [others, choice, expected] of [
      [[resting('theirs')], {}, 'per_order'],
      [[resting('stop', { kind: 'tpsl' })], {}, 'bulk'],
      [[resting('stop', { kind: 'conditional' })], { includeStops: true }, 'per_order'],
      [[], { perOrder: true }, 'per_order'],
    ] as const) {
      const { cancel, round, bulks } = scene(choice);
      await cancel(many(3), others);
      expect([round.method, bulks.length]).toEqual([expected, expected === 'bulk' ? 1 : 0]);
    }
  });
});

describe('order by order', () => {
  test('goes over both lanes, each order once, batches full and of one category', async () => {
    const { cancel, ones, batches, round } = scene({ perOrder: true });
    const mixed = many(230).map((order, i): RestingOrder => (i % 3 === 0 ? { ...order, category: 'spot' } : order));
    const categoryOf = new Map(mixed.map(({ exchangeOrderId, category }) => [exchangeOrderId, category]));
    await cancel(mixed);
    const sent = [...ones, ...batches.flat()];
    expect(new Set(sent)).toEqual(new Set(mixed.map(({ exchangeOrderId }) => exchangeOrderId)));
    expect(sent).toHaveLength(230);
    expect(batches.length).toBeGreaterThan(5);
    for (const batch of batches) expect(new Set(batch.map((id) => categoryOf.get(id)))).toHaveProperty('size', 1);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(10);
    expect(batches[0]?.[0]).toBe('o229');
    expect(round.method).toBe('per_order');
  });

  test('sends stops by themselves, and ten orders or fewer without a batch', async () => {
    const stops = scene({ perOrder: true });
    await stops.cancel([...many(15, 's', { kind: 'conditional' }), ...many(3)]);
    expect(stops.batches.flat().filter((id) => id.startsWith('s'))).toEqual([]);
    const few = scene({ perOrder: true });
    await few.cancel(many(10));
    expect([few.ones.length, few.batches]).toEqual([10, []]);
  });

  test('begins with what was sent least often', async () => {
    const { cancel, ones } = scene({ perOrder: true });
    await cancel(many(2, 'old'));
    await cancel([...many(2, 'old'), ...many(2, 'new')]);
    expect(ones.slice(2)).toEqual(['new0', 'new1', 'old0', 'old1']);
  });

  test('an order that was refused in a batch goes alone from then on, throttled ones may go in one again', async () => {
    for (const [why, isAlone] of [
      [refused, true],
      ['no such symbol', true],
      [throttled, false],
    ] as const) {
      const { cancel, batches, ones } = scene({
        perOrder: true,
        batch(orders) {
          if (typeof why === 'string') return orders.map(() => why);
          throw why;
        },
      });
      await cancel(many(40));
      const inBatches = new Set(batches.splice(0).flat());
      expect(inBatches.size).toBeGreaterThan(0);
      ones.length = 0;
      await cancel(many(40));
      expect(batches.flat().some((id) => inBatches.has(id))).toBe(!isAlone);
      expect(ones.some((id) => inBatches.has(id))).toBe(isAlone);
    }
  });

  test('keeps the reason of a refused cancel until one is accepted; a closed order has no failure', async () => {
    let isOver = false;
    const { cancel, round } = scene({
      perOrder: true,
      one({ exchangeOrderId }) {
        if (isOver) return;
        if (exchangeOrderId === 'o0') throw refused;
        if (exchangeOrderId === 'o1') throw gone;
      },
    });
    await cancel(many(3));
    expect([...round.failures]).toEqual([['o0', 'no']]);
    isOver = true;
    await cancel(many(3));
    expect([...round.failures]).toEqual([]);
  });

  test('per order of a batch, a reason is its failure and no reason none', async () => {
    const { cancel, round, batches } = scene({
      perOrder: true,
      batch: (orders) => orders.map((_, i) => (i === 0 ? 'no such symbol' : undefined)),
    });
    await cancel(many(40));
    expect([...round.failures]).toEqual(batches.map(([first = '']) => [first, 'no such symbol']));
  });

  test('sends nothing after the deadline', async () => {
    const { cancel, ones, batches, clock } = scene({ perOrder: true, deadlineMs: 1500 });
    await cancel(many(200));
    expect(ones.length + batches.flat().length).toBeLessThan(60);
    expect(clock.monotonic()).toBeLessThan(1501);
    const bulk = scene({
      deadlineMs: 1500,
      bulk() {
        throw throttled;
      },
    });
    await bulk.cancel(many(3000));
    expect(bulk.bulks.length).toBeLessThan(15);
  });

  test('nor where the lanes are free', async () => {
    const single = scene({ perOrder: true, deadlineMs: 0 });
    await single.cancel(many(30));
    expect([single.ones, single.batches]).toEqual([[], []]);
    const bulk = scene({ deadlineMs: 0 });
    await bulk.cancel(many(30));
    await bulk.cancelUnseen([LINEAR]);
    expect(bulk.bulks).toEqual([]);
  });

  test('what an earlier round has not sent yet is dropped by the next one, and what has no answer is not sent twice', async () => {
    const { clock, round, ones, batches } = scene({ perOrder: true });
    const first = round.cancel(many(100), [], [LINEAR]);
    await clock.run(sleep(clock, 500));
    const sent = [...ones, ...batches.flat()];
    expect(sent).toHaveLength(20);
    round.begin();
    await clock.run(round.cancel(many(3, 'new'), [], [LINEAR]));
    await clock.run(first);
    expect([...ones, ...batches.flat()].filter((id) => !sent.includes(id)).toSorted()).toEqual(['new0', 'new1', 'new2']);
  });
});

describe('when the exchange acknowledged the cancel of an order', () => {
  test('in bulk, is known where a call of its scope was acknowledged', async () => {
    const inverse = resting('i', { category: 'inverse', symbol: 'BTCUSD' });
    const { cancel, round } = scene({
      bulk(call) {
        if (call === 1) throw refused;
      },
    });
    await cancel([...many(2), inverse], [], [LINEAR, { category: 'inverse', settleCoin: 'BTC' }]);
    expect([...round.takenAt.keys()]).toEqual(['i']);
  });
});

test('an accepted cancel of an order that is still remembered as open is sent again after two seconds', async () => {
  const { cancelKnown, ones, clock } = scene();
  await cancelKnown(many(1));
  await clock.run(sleep(clock, 1900));
  await cancelKnown(many(1));
  expect(ones).toEqual(['o0']);
  await clock.run(sleep(clock, 200));
  await cancelKnown(many(1));
  expect(ones).toEqual(['o0', 'o0']);
});

test('what is known from a stream alone is sent until it is accepted', async () => {
  let isRefusing = true;
  const { cancelKnown, ones, round } = scene({
    one() {
      if (isRefusing) throw refused;
    },
  });
  expect(round.method).toBe('none');
  await cancelKnown(many(2));
  isRefusing = false;
  await cancelKnown(many(2));
  await cancelKnown(many(2));
  expect(ones).toEqual(['o0', 'o1', 'o0', 'o1']);
  await cancelKnown([]);
  expect(round.method).toBe('per_order');
});

test('bulk first and order by order after it is reported as both', async () => {
  const { cancel, round } = scene();
  await cancel(many(3));
  await cancel(many(3));
  expect(round.method).toBe('bulk+per_order');
});
