import { expect, test } from 'vitest';
import { EarlierRun } from '../../../../src/commands/live/earlier-run.ts';
import { EXIT, MmbotError } from '../../../../src/errors.ts';
import { NO_HISTORY } from '../../../../src/store/journal-folder.ts';

test('an unreadable journal is not reported as one without open orders', () => {
  const earlier = new EarlierRun({ outlivesUs: true });
  const damaged = new MmbotError({ code: 'journal_damaged', exitCode: EXIT.usage, message: 'a checksum is wrong' });
  expect(() =>
    earlier.learn(() => {
      throw damaged;
    }),
  ).toThrow(damaged);
  const { message } = earlier.endedBy(damaged, '', undefined) as MmbotError;
  expect(message).toMatch(/^ORDERS MAY REMAIN: a checksum is wrong; .*: unknown, because its journal cannot be read$/);
});

const INTERRUPTED = new MmbotError({ code: 'interrupted', exitCode: EXIT.failed, message: 'stopped by SIGTERM before anything was sent' });

test.each([
  ['without any journal nobody knows what was there', NO_HISTORY, true],
  ['after a run that ended in order nothing rests', { ...NO_HISTORY, lastAt: 5 }, false],
])('told to stop before it has looked: %s', (_, history, isUnknown) => {
  const earlier = new EarlierRun({ outlivesUs: true });
  earlier.learn(() => history);
  const error = earlier.endedBy(INTERRUPTED, '', undefined) as MmbotError;
  expect(error.message.includes('before it had checked for open orders of an earlier run')).toBe(isUnknown);
});
