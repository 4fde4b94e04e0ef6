import { describe, expect, test } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import type { Instrument } from '../../../src/model/instrument.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const START = 1_767_225_600_000;
const SETS = { 'execution.filtersRefreshMs': 10_000, 'risk.deliveryHoldMs': 20_000, 'risk.deliveryFreezeMs': 8000 };

/** What a bot does in 45 s whose only symbol is read as `told` says, each with the second of it. */
async function soakWith(told: (instrument: Instrument, sinceMs: number) => Instrument | undefined) {
  const clock = new VirtualClock(START);
  const seen: [string, number][] = [];
  const run = await virtualSoak({
    clock,
    settings: settingsOf('s1', SETS),
    seed: '7',
    durationMs: 45_000,
    onEvent(event) {
      const what = wordOf(event);
      if (what !== undefined) seen.push([what, Math.floor((clock.now() - START) / 1000)]);
    },
    between: (exchange) => reading(exchange, told),
  });
  return { seen, run };
}

function wordOf(event: BotEvent): string | undefined {
  if (event.type === 'hold' || event.type === 'frozen') return event.reason;
  return event.type === 'cancelAllDone' ? `${event.report.trigger} ${event.report.verified}` : undefined;
}

function reading(exchange: Exchange, told: (instrument: Instrument, sinceMs: number) => Instrument | undefined): Exchange {
  return new Proxy(exchange, {
    get(target, name) {
      const own: unknown = name === 'instruments' ? instruments : Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
  async function instruments(symbols: readonly string[]): Promise<Instrument[]> {
    return (await exchange.instruments(symbols)).map((instrument) => {
      const now = told(instrument, exchange.now() - START);
      if (now === undefined)
        throw new ExchangeError('rejected', 'not-applied', `${instrument.symbol} is no linear instrument`, { byList: true });
      return now;
    });
  }
}

describe('the end of a symbol', () => {
  test('by its delivery time: quoted until the hold, frozen with proof before it comes', async () => {
    const { seen, run } = await soakWith((instrument) => ({ ...instrument, deliveryAt: START + 40_000 }));
    expect(seen.map(([what]) => what)).toEqual(
      expect.arrayContaining(['delivery_ahead', 'BTCUSDT is about to be delivered', 'freeze true']),
    );
    const at = (what: string): number => seen.find(([each]) => each === what)?.[1] ?? Number.NaN;
    expect(at('delivery_ahead')).toBeGreaterThanOrEqual(18);
    expect(at('BTCUSDT is about to be delivered')).toBeLessThanOrEqual(33);
    expect(at('freeze true')).toBeLessThan(39);
    expect(run.frozen).toBe('BTCUSDT is about to be delivered');
  });

  test('by its absence from the list: held when that is seen, frozen with proof when it is seen again', async () => {
    const { seen, run } = await soakWith((instrument, sinceMs) => (sinceMs > 9000 ? undefined : instrument));
    expect(seen.map(([what]) => what)).toEqual(expect.arrayContaining(['instrument_gone', "BTCUSDT is gone from the exchange's list"]));
    expect(seen.at(-2)?.[0]).toBe('freeze true');
    expect(run.frozen).toBe("BTCUSDT is gone from the exchange's list");
  });

  test('one answer that lacks it ends nothing: it is quoted again', async () => {
    const { seen, run } = await soakWith((instrument, sinceMs) => (sinceMs > 9000 && sinceMs < 15_000 ? undefined : instrument));
    expect(seen.map(([what]) => what)).toContain('instrument_gone');
    expect(run.frozen).toBeUndefined();
  });
});
