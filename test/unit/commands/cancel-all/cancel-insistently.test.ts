import { describe, expect, test } from 'vitest';
import { covers, TRADED } from '../../../../src/exchange/bybit/settle-coins.ts';
import { cancelInsistently } from '../../../../src/commands/cancel-all/cancel-insistently.ts';
import { tradingLimiter } from '../../../../src/wiring/limiters.ts';
import type { CancelPort, RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { decimal } from '../../../../src/util/decimal.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { completeOf } from '../../../support/builders/complete.ts';

const ORDER: RestingOrder = {
  category: 'linear',
  symbol: 'BTCUSDT',
  exchangeOrderId: '1',
  clientOrderId: 'mm-1',
  kind: 'plain',
  side: 'buy',
  price: '1',
  quantity: decimal('1'),
  filled: decimal('0'),
};

/** An exchange with one order, on which some calls have a bug for a while. */
function scene({ breaks }: { readonly breaks: (call: string, count: number) => unknown }) {
  const clock = new VirtualClock(0);
  let isOpen = true;
  const counts = new Map<string, number>();
  const call = (name: string): void => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const error = breaks(name, count);
    if (error !== undefined) throw error;
  };
  const port: CancelPort = {
    traded: TRADED,
    covers,
    async resting() {
      call('resting');
      return completeOf(isOpen ? [ORDER] : [], clock.now());
    },
    async cancelBulk() {
      call('bulk');
      isOpen = false;
    },
    async cancelOne() {
      call('one');
      isOpen = false;
    },
    cancelBatch: () => Promise.resolve([]),
    recordOf: async () => (isOpen ? 'open' : 'closed'),
    presenceOf: async () => 'unknown',
    settleCoins: () => Promise.resolve([]),
    executed: () => Promise.resolve(new Map()),
  };
  const said: string[] = [];
  const request = {
    trigger: 'operator',
    scopes: [{ category: 'linear', settleCoin: 'USDT' }],
    isTarget: () => true,
    includeStops: false,
    perOrder: true,
    lateCreateDeadline: 0,
    deadlineMs: 20_000,
  } as const;
  const cancel = () =>
    clock.run(cancelInsistently(request, { port, clock, limiter: tradingLimiter(clock, 10) }, { error: (event) => void said.push(event) }));
  return { cancel, said, clock };
}

const bugIn =
  (name: string, upTo = Number.POSITIVE_INFINITY) =>
  (call: string, count: number): unknown =>
    call === name && count <= upTo ? new TypeError('x is not a function') : undefined;

describe('a bug in an emergency', () => {
  test.each([
    ['reading, once', bugIn('resting', 1)],
    ['reading, five times', bugIn('resting', 5)],
    ['single cancels, always: bulk calls remain', bugIn('one')],
  ])('in %s is said, and does not end it', async (_, breaks) => {
    const { cancel, said } = scene({ breaks });
    expect(await cancel()).toMatchObject({ verified: true, remaining: [] });
    expect(said).toContain('cancel_all_broke');
  });

  test('that stays ends at the deadline with exit 4: orders may remain', async () => {
    const { cancel, clock } = scene({ breaks: bugIn('resting') });
    await expect(cancel()).rejects.toMatchObject({ exitCode: 4, code: 'cancel_all_broke' });
    expect(clock.monotonic()).toBeLessThanOrEqual(20_000);
  });

  test('is not what an exchange says', async () => {
    const refused = new ExchangeError('auth', 'not-applied', '10003');
    const { cancel, said } = scene({ breaks: (call) => (call === 'resting' ? refused : undefined) });
    await expect(cancel()).rejects.toBe(refused);
    expect(said).toEqual([]);
  });
});
