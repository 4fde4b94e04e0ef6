import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import { eventLog } from '../../../src/telemetry/event-log.ts';
import type { LogFields, LogLevel } from '../../../src/telemetry/logger.ts';
import { newOrder } from '../../support/builders/builders.ts';

function logOf(events: readonly BotEvent[]): unknown[] {
  const lines: unknown[] = [];
  const at = (level: LogLevel) => (event: string, fields?: LogFields) => void lines.push([level, event, fields]);
  const record = eventLog({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
  for (const event of events) record(event);
  return lines;
}

const refused = (clientOrderId: string, retCode: number): BotEvent => {
  const error = new ExchangeError('rejected', 'not-applied', `order.create: ${retCode} some words`, { retCode });
  return { type: 'orderRefused', order: newOrder({ clientOrderId }), reason: error.kind, error };
};

describe('the log', () => {
  it('has the code and the message of a refusal, the first of each code as a warning', () => {
    const words = (order: string, code: number) => ({ order, reason: 'rejected', code, message: `order.create: ${code} some words` });
    expect(logOf([refused('a', 110040), refused('b', 110040), refused('c', 110131)])).toEqual([
      ['warn', 'order_refused', words('a', 110040)],
      ['debug', 'order_refused', words('b', 110040)],
      ['warn', 'order_refused', words('c', 110131)],
    ]);
  });

  it('says why the lists could not be read, each reason once as a warning', () => {
    const failed = (text: string): BotEvent => {
      const error = new ExchangeError('unavailable', 'unknown', text);
      return { type: 'reconcileFailed', reason: error.kind, error };
    };
    const words = (message: string) => ({ reason: 'unavailable', code: undefined, message });
    expect(logOf([failed('a'), failed('b'), failed('a')])).toEqual([
      ['warn', 'reconcile_failed', words('a')],
      ['warn', 'reconcile_failed', words('b')],
      ['debug', 'reconcile_failed', words('a')],
    ]);
  });

  it('remembers so many reasons and no more: each is new where every one is different', () => {
    const failed = (text: string): BotEvent => ({
      type: 'reconcileFailed',
      reason: 'unavailable',
      error: new ExchangeError('unavailable', 'unknown', text),
    });
    const others = Array.from({ length: 1000 }, (_, i) => failed(`no answer to request ${i}`));
    const lines = logOf([failed('a'), ...others, failed('a')]);
    expect(lines.map((line) => (line as [string])[0])).toEqual(lines.map(() => 'warn'));
  });

  it('names a row that was left out', () => {
    const row = { list: 'position', symbol: 'DELISTEDUSDT', what: 'unknown_symbol', detail: 'no such instrument' } as const;
    expect(logOf([{ type: 'oddRow', row }])).toEqual([['warn', 'odd_row', row]]);
  });

  it('has an outcome that is not known as a warning each time, raw and with its code', () => {
    const error = new ExchangeError('unavailable', 'unknown', 'order.create: 987654 never heard of', { retCode: 987_654 });
    const event: BotEvent = { type: 'orderUnknown', order: newOrder({ clientOrderId: 'a' }), reason: error.kind, error };
    const line = ['warn', 'order_unknown', { order: 'a', reason: 'unavailable', code: 987_654, message: error.message }];
    expect(logOf([event, event])).toEqual([line, line]);
  });
});
