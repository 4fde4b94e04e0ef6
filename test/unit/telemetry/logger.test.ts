import { expect, test } from 'vitest';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { VirtualClock } from '../../../src/util/clock.ts';

function lines(format: 'json' | 'text', fields: Record<string, unknown>): string {
  let written = '';
  const log = createLogger({
    clock: new VirtualClock(0),
    level: 'info',
    format,
    write: (line) => (written += line),
    redact: (text) => text,
  });
  log.warn('order_refused', fields);
  return written;
}

test('a field without a value is left out, in text as in JSON', () => {
  const fields = { reason: 'rejected', code: undefined, message: 'no answer', list: [1, 2] };
  expect(lines('text', fields)).toBe('00:00:00 warn order_refused reason=rejected message="no answer" list=[2]\n');
  expect(lines('json', fields)).not.toContain('code');
});

test('a command to copy is on a line of its own, and one field in JSON', () => {
  const fields = { run: 'mmbot cancel-all --venue testnet --force', left: 3 };
  expect(lines('text', fields)).toBe('00:00:00 warn order_refused left=3\n  mmbot cancel-all --venue testnet --force\n');
  expect(JSON.parse(lines('json', fields))).toMatchObject(fields);
});
