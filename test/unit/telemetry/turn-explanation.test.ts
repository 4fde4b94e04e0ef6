import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import type { Settings } from '../../../src/config/fields.ts';
import { decide } from '../../../src/execution/decide/decide.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import type { SymbolView } from '../../../src/execution/decide/view.ts';
import { eventLog, type ExplainLevel } from '../../../src/telemetry/event-log.ts';
import { createLogger, type LogLevel } from '../../../src/telemetry/logger.ts';
import { ticks } from '../../../src/model/units.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { openOrder } from '../../support/builders/builders.ts';
import { idle, viewOf, volatilityOf } from '../../support/builders/views.ts';

const { settings } = resolve({});

function turnEvent(terms: Partial<SymbolView> = {}, quoting: Partial<Settings['quoting']> = {}): BotEvent {
  const { plan, denied, hold, explanation } = decide(
    viewOf(terms),
    { ...settings, quoting: { ...settings.quoting, ...quoting } },
    () => 'mm-1',
  );
  return { type: 'turn', symbol: 'BTCUSDT', bid: undefined, ask: undefined, mid: 600_000, hold, explanation, plan, denied, orders: [] };
}

function logged(event: BotEvent, explain: ExplainLevel, level: LogLevel = 'debug'): Record<string, unknown>[] {
  const lines: string[] = [];
  const log = createLogger({ clock: systemClock, level, format: 'json', write: (line) => void lines.push(line), redact: (text) => text });
  eventLog(log, { explain })(event);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('an explained turn', () => {
  test('says fair value, spread, skew, guard, prices and what it does', () => {
    const [line] = logged(turnEvent({ volatility: volatilityOf(16) }), 'info');
    expect(line).toMatchObject({
      level: 'info',
      event: 'quote_explained',
      symbol: 'BTCUSDT',
      fair: 60_000,
      guard: 'volatility_soft',
      spreadBps: 12,
      skewBps: 0,
      bids: '-6',
      asks: '6',
      does: 'place 2',
      volatilityBps: 16,
    });
  });

  test('says what the adaptive spread, or the closed form, was made from', () => {
    const adaptive = logged(turnEvent({ volatility: volatilityOf(3) }, { adaptive: true, baseSpreadBps: 0.85 }), 'info');
    expect(adaptive[0]?.['spread']).toMatch(/^adaptive 1\.\d+: volatility 0\.2, liquidity \d.*, latency 0, pnl 0$/);
    const closed = logged(turnEvent({}, { model: 'glft' }), 'info');
    expect(closed[0]?.['spread']).toBe('glft: A 0.7/s, k 1.3/bps (default)');
    expect(logged(turnEvent(), 'info')[0]?.['spread']).toBeUndefined();
  });

  test('says why nothing is quoted, what waits, and what risk denied', () => {
    const orders = [{ order: openOrder({ price: ticks(599_760) }), agedMs: 0 }];
    expect(logged(turnEvent({ book: undefined, orders }), 'info')[0]).toMatchObject({ hold: 'no_book', does: 'cancel 1' });
    expect(logged(turnEvent({ activity: idle({ inFlight: 1 }) }), 'info')[0]).toMatchObject({ does: 'place 1, wait 1' });
    expect(logged(turnEvent({ markPrice: undefined }), 'info')[0]).toMatchObject({ denied: 'no_mark_price,no_mark_price' });
    const full = { ...viewOf().account, openOrders: settings.risk.maxOpenOrders };
    expect(logged(turnEvent({ account: full }), 'info')[0]).toMatchObject({ denied: 'open_orders,open_orders' });
  });

  test('is shown to people only when it changes something, in a debug log always, and else never', () => {
    const quiet = turnEvent({ activity: idle({ inFlight: 2 }) });
    expect(logged(quiet, 'info')).toEqual([]);
    expect(logged(quiet, 'debug')).toMatchObject([{ level: 'debug', event: 'quote_explained', does: 'wait 2' }]);
    expect(logged(turnEvent(), undefined)).toEqual([]);
  });
});
