import { describe, expect, test } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import { ExchangeError, type ExchangeErrorKind } from '../../../src/exchange/errors.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { quietMarket } from '../../support/exchange/quiet-market.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

/** How no request succeeds. */
interface Outage {
  readonly name: string;
  readonly kind: ExchangeErrorKind;
  readonly afterMs: number;
}

const OUTAGES: readonly Outage[] = [
  { name: 'is refused at once', kind: 'unavailable', afterMs: 0 },
  { name: 'is answered by nobody', kind: 'unavailable', afterMs: 1500 },
  { name: 'is refused for the rate limit', kind: 'throttled', afterMs: 5 },
  { name: 'is refused for its keys', kind: 'auth', afterMs: 20 },
  { name: 'is refused for its time', kind: 'clock', afterMs: 20 },
  { name: 'is refused for what is in it', kind: 'rejected', afterMs: 20 },
];
/** So that several of them end within the outage. */
const SHORT_ATTEMPTS = { 'execution.stopDeadlineMs': 11_250 };
/** One that lasts as long as the outage; and one that comes from outside, in a market where what rests goes on resting. */
const CAUSES = [
  {
    reason: 'daily_loss',
    sets: { 'risk.maxDailyLossUsd': 1, 'quoting.orderSizeUsd': 500, ...SHORT_ATTEMPTS },
    seconds: 90,
    outages: OUTAGES.slice(0, 1),
  },
  { reason: 'halted', sets: SHORT_ATTEMPTS, seconds: 80, outages: OUTAGES },
] as const;
const HALTED_AT_MS = 5000;
const OUTAGE_MS = 60_000;
const GONE_WITHIN_MS = 2000;

describe.each(CAUSES)('frozen by $reason', ({ reason, sets, seconds, outages }) => {
  test.each(outages)(
    'while every request $name for a minute: it goes on, says so, and nothing rests 2 s after it is over',
    async (outage) => {
      const clock = new VirtualClock(1_767_225_600_000);
      const events: { readonly at: number; readonly event: BotEvent }[] = [];
      let ledger: Ledger | undefined;
      let over: { readonly atStart: number; readonly left: number } | undefined;
      let isOut = false;
      const seenAll = new AbortController();
      const resting = (): number => ledger?.openOrders().length ?? Number.NaN;
      const begin = (): void => {
        isOut = true;
        const atStart = resting();
        clock.schedule(OUTAGE_MS, () => {
          isOut = false;
          clock.schedule(GONE_WITHIN_MS, () => {
            over = { atStart, left: resting() };
            seenAll.abort();
          });
        });
      };
      const run = await virtualSoak({
        clock,
        settings: settingsOf('s1', sets),
        seed: '7',
        ...(reason === 'halted' ? { replay: await quietMarket(clock, seconds + 5) } : {}),
        durationMs: seconds * 1000,
        stop: seenAll.signal,
        between: (exchange) => failingWhile(() => isOut, exchange, clock, outage),
        onSample: (_, theirs) => {
          ledger = theirs;
        },
        onLoop: (loop) => void (reason === 'halted' && clock.schedule(HALTED_AT_MS, () => loop.freeze(reason))),
        onEvent(event) {
          events.push({ at: clock.monotonic(), event });
          if (event.type === 'frozen') begin();
        },
      });
      expect(run.frozen).toBe(reason);
      expect(over?.atStart).toBeGreaterThan(0);
      expect(over?.left).toBe(0);
      const proofs = events.flatMap(({ event }) =>
        event.type === 'cancelAllDone' && event.report.trigger === 'freeze' ? [event.report] : [],
      );
      expect(proofs.at(-1)).toMatchObject({ verified: true, remaining: [] });
      // Until then it said again and again that it cannot prove anything.
      const unproven = events.filter(
        ({ event }) => event.type === 'cancelAllFailed' || (event.type === 'cancelAllDone' && !event.report.verified),
      );
      expect(unproven.length).toBeGreaterThanOrEqual(4);
      expect(run.fault).toBeUndefined();
    },
  );
});

/** Every call that asks or sends something; streams go on. */
function failingWhile(isOut: () => boolean, exchange: Exchange, clock: VirtualClock, { kind, afterMs }: Outage): Exchange {
  const calls = ['place', 'amend', 'cancel', 'findOrder', 'openOrders', 'positions', 'fills', 'wallet', 'feeRates', 'instruments'];
  const portCalls = ['resting', 'cancelBulk', 'cancelOne', 'cancelBatch', 'executed'];
  const failing = <T extends object>(target: T, names: readonly string[]): T =>
    new Proxy(target, {
      get(_, name) {
        const own: unknown = Reflect.get(target, name, target);
        if (name === 'cancelPort') return failing(exchange.cancelPort, portCalls);
        if (typeof own !== 'function') return own;
        if (!names.includes(String(name))) return own.bind(target) as unknown;
        return async (...args: unknown[]) => {
          if (!isOut()) return Reflect.apply(own, target, args) as unknown;
          await sleep(clock, afterMs);
          throw new ExchangeError(kind, kind === 'unavailable' ? 'unknown' : 'not-applied', `${String(name)}: out`);
        };
      },
    });
  return failing(exchange, calls);
}
