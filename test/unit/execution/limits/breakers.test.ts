import { expect, test } from 'vitest';
import { BAN_MS } from '../../../../src/exchange/bybit/codec/limits.ts';
import { Breakers } from '../../../../src/execution/limits/breakers.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { seededRandom } from '../../../../src/util/random.ts';

const BOTH = ['socket', 'http'] as const;
const overload = new ExchangeError('throttled', 'not-applied', 'no');
const rateLimit = new ExchangeError('throttled', 'not-applied', 'no', { isRateLimit: true });
const banned = new ExchangeError('banned', 'not-applied', '403');

function breakers() {
  const clock = new VirtualClock(0);
  return { sut: new Breakers(clock, seededRandom('1'), BAN_MS), wait: (ms: number) => clock.run(sleep(clock, ms)) };
}

test('creates take the preferred way while it is good, then the other, then none; cancels always get one that is usable', () => {
  const { sut } = breakers();
  expect([sut.forChange(BOTH), sut.forCancel(BOTH)]).toEqual(['socket', 'socket']);
  sut.heard('socket', overload);
  expect([sut.forChange(BOTH), sut.forCancel(BOTH), sut.state]).toEqual(['http', 'http', 'closed']);
  // The only transport that is connected.
  expect([sut.forChange(['socket']), sut.forCancel(['socket'])]).toEqual([undefined, 'socket']);
  sut.heard('http', overload);
  expect([sut.forChange(BOTH), sut.forCancel(BOTH), sut.state]).toEqual([undefined, 'socket', 'open']);
  expect([sut.forChange([]), sut.forCancel([])]).toEqual([undefined, undefined]);
});

test("an overload or a ban of one way is not the other one's, the rate limit is both's", () => {
  const { sut } = breakers();
  sut.heard('http', banned);
  expect([sut.of('http').state, sut.of('socket').state]).toEqual(['open', 'closed']);
  for (let i = 0; i < 3; i += 1) sut.heard('http', rateLimit);
  expect(sut.of('socket').state).toBe('open');
});

test('a ban lasts ten minutes over HTTP and one minute on the socket', async () => {
  const { sut, wait } = breakers();
  for (const via of BOTH) sut.heard(via, banned);
  await wait(60_000);
  // A half-open breaker blocks creates but not cancels.
  expect([sut.forChange(BOTH), sut.forCancel(BOTH)]).toEqual([undefined, 'socket']);
  expect([sut.of('socket').state, sut.of('http').state, sut.state]).toEqual(['half_open', 'open', 'half_open']);
  await wait(540_000);
  expect(sut.of('http').state).toBe('half_open');
});
