import { describe, expect, test } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import type { Journal } from '../../../src/execution/journal.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import { grid } from '../../../src/model/grid.ts';
import { lots } from '../../../src/model/units.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';

interface Cause {
  readonly reason: string;
  readonly sets?: Parameters<typeof settingsOf>[1];
  readonly between?: (exchange: Exchange) => Exchange;
  readonly journal?: Journal;
  /** One in whose market orders rest at that moment; 7 unless given. */
  readonly seed?: string;
  /** Its orders were pulled before, while there was still doubt. */
  readonly isHeldBefore?: true;
}

const CAUSES: readonly Cause[] = [
  { reason: 'daily_loss', sets: { 'risk.maxDailyLossUsd': 1, 'quoting.orderSizeUsd': 500 } },
  { reason: 'fill_burst', sets: { 'risk.maxFillsInBurst': 2 } },
  { reason: 'reject_brake_sell', between: (exchange) => instead(exchange, { place: refusing('sell', exchange) }) },
  { reason: 'account_refused: 110132', between: (exchange) => instead(exchange, { place: stoppingAccount(exchange) }) },
  { reason: 'reject_brake_buy', between: (exchange) => instead(exchange, { place: answeringUnlisted('buy', exchange) }) },
  {
    reason: 'edge_below_minimum',
    sets: { 'risk.minEdgeBps': 0, 'risk.minEdgeFills': 10, 'risk.edgeMarkoutMs': 1000 },
    seed: '8',
  },
  {
    reason: "position of BTCUSDT differs from the exchange's",
    between: (exchange) => instead(exchange, { positions: wrongPosition(exchange) }),
    isHeldBefore: true,
  },
  {
    reason: 'BTCUSDT has another tick or lot size now',
    sets: { 'execution.filtersRefreshMs': 10_000 },
    // Fee rates take their time: the freeze does not wait for them.
    between: (exchange) => instead(exchange, { instruments: withOtherTick(exchange), feeRates: answeringOnce(exchange) }),
  },
  { reason: 'fault: disk full', journal: fullAfter(30) },
  { reason: 'fault: EIO: i/o error, fdatasync', journal: brokenAfter(30) },
];

/** So long it is watched that a freeze is one. */
const WATCHED_S = 12;

describe('a freeze in a virtual soak', () => {
  test.each(CAUSES)('by $reason cancels and proves it, is counted once, and nothing is quoted after it', async (cause) => {
    const events: BotEvent[] = [];
    const restingAfter: number[] = [];
    const seenEnough = new AbortController();
    const isFrozen = (): boolean => events.some(({ type }) => type === 'cancelAllDone');
    const run = await virtualSoak({
      settings: settingsOf('s1', cause.sets),
      seed: cause.seed ?? '7',
      durationMs: 60_000,
      onEvent: (event) => void events.push(event),
      stop: seenEnough.signal,
      onSample(_, ledger) {
        if (isFrozen() && restingAfter.push(ledger.openOrders().length) === WATCHED_S) seenEnough.abort();
      },
      ...(cause.between === undefined ? {} : { between: cause.between }),
      ...(cause.journal === undefined ? {} : { journal: cause.journal }),
    });
    const freezes = events.filter((event) => event.type === 'frozen');
    expect(freezes.map(({ reason }) => reason)).toEqual([cause.reason]);
    expect(run.statistics.events.get('frozen')).toBe(1);
    expect(run.frozen).toBe(cause.reason);
    const done = events.find((event) => event.type === 'cancelAllDone');
    expect(done?.report).toMatchObject({ trigger: 'freeze', verified: true, remaining: [] });
    expect(events.some(({ type }) => type === 'orderConfirmed')).toBe(true);
    expect((done?.report.found ?? 0) > 0).toBe(cause.isHeldBefore !== true);
    const after = events.slice(events.findIndex(({ type }) => type === 'frozen'));
    expect(after.filter(({ type }) => type === 'orderSent' || type === 'amendSent')).toEqual([]);
    expect(restingAfter.length).toBe(WATCHED_S);
    expect(new Set(restingAfter)).toEqual(new Set([0]));
    expect(run.invariants.filter(({ holds }) => !holds).map(({ name }) => name)).toEqual(['trading never froze']);
  });
});

/** The same exchange but for some of its calls. */
function instead(exchange: Exchange, calls: Partial<Exchange>): Exchange {
  return new Proxy(exchange, {
    get(target, name) {
      const own: unknown = Reflect.get(calls, name) ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

function refusing(side: 'buy' | 'sell', exchange: Exchange): Exchange['place'] {
  return (order) => (order.side === side ? Promise.reject(new ExchangeError('rejected', 'not-applied', 'no')) : exchange.place(order));
}

/** With a code that no table has. */
function answeringUnlisted(side: 'buy' | 'sell', exchange: Exchange): Exchange['place'] {
  const answer = new ExchangeError('unavailable', 'unknown', '987654 new', { retCode: 987_654, isUnlisted: true });
  return (order, via) => (order.side === side ? Promise.reject(answer) : exchange.place(order, via));
}

/** From the eleventh order on. */
function stoppingAccount(exchange: Exchange): Exchange['place'] {
  let orders = 0;
  const stopped = new ExchangeError('auth', 'not-applied', '110132 not in your region', { retCode: 110_132, concern: 'account' });
  return (order, via) => ((orders += 1) > 10 ? Promise.reject(stopped) : exchange.place(order, via));
}

/** From the fourth reading on: the bot starts well. */
function wrongPosition(exchange: Exchange): Exchange['positions'] {
  let reads = 0;
  return async () => {
    const { value, at } = await exchange.positions();
    const wrong = { symbol: 'BTCUSDT', quantity: lots(999), entryPrice: 60_000, markPrice: undefined };
    return { value: (reads += 1) > 3 ? [wrong] : value, at };
  };
}

function withOtherTick(exchange: Exchange): Exchange['instruments'] {
  let reads = 0;
  return async (symbols) => {
    const instruments = await exchange.instruments(symbols);
    return (reads += 1) === 1 ? instruments : instruments.map((each) => ({ ...each, tick: grid('0.50') }));
  };
}

function answeringOnce(exchange: Exchange): Exchange['feeRates'] {
  let asked = 0;
  return (symbol) => ((asked += 1) === 1 ? exchange.feeRates(symbol) : new Promise(() => undefined));
}

/** Syncs so often, then takes nothing more. */
function brokenAfter(syncs: number): Journal {
  let count = 0;
  const fail = (): void => {
    if (count > syncs) throw new Error('EIO: i/o error, fdatasync');
  };
  return {
    append: fail,
    async synced() {
      count += 1;
      fail();
    },
    close: () => undefined,
  };
}

/** Takes some orders, then refuses one record, as a full disk would. */
function fullAfter(orders: number): Journal {
  let intents = 0;
  return {
    ...NO_JOURNAL,
    append(...records) {
      for (const { type } of records) if (type === 'placeIntent' && (intents += 1) === orders) throw new Error('disk full');
    },
  };
}
