import { expect, test } from 'vitest';
import { journalBroken, type Journal, type JournalRecord } from '../../../src/execution/journal.ts';
import { defined } from '../../../src/util/assert.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import { virtualLoad } from '../../support/bots/virtual-load.ts';

/** A disk that takes all but the last record of a load. */
function fullAtTheStop(): Journal {
  let isFull = false;
  const append = (...records: readonly JournalRecord[]): void => {
    isFull ||= records.some(({ type }) => type === 'stop');
  };
  return { ...NO_JOURNAL, append, synced: () => (isFull ? Promise.reject(journalBroken('no space left')) : Promise.resolve()) };
}

test('a journal that breaks at the stop of a load hides neither what was proven nor the load', async () => {
  const { run } = await virtualLoad({ durationMs: 3000, journal: fullAtTheStop() });
  expect(run.stopReport).toMatchObject({ verified: true });
  expect(defined(run.step, 'step').statistics.counts.place.acknowledged).toBeGreaterThan(50);
  expect(run.fault).toMatchObject({ code: 'journal_broken', exitCode: 2 });
});

test('the stop of a load test cancels at once, even with requests that are not answered yet', async () => {
  const stop = new AbortController();
  let acked = 0;
  let silentAt = Number.POSITIVE_INFINITY;
  let stoppedAt = Number.POSITIVE_INFINITY;
  const closed: number[] = [];
  const { run, exchange } = await virtualLoad({
    transport: 'rest',
    stop: stop.signal,
    // From then on no answer comes in time.
    replyDelay: (_, at) => (at < silentAt ? 0 : 600_000),
    onEvent(event, now) {
      if (event.type === 'orderAcked') acked += 1;
      if (stop.signal.aborted && event.type === 'orderClosed') closed.push(now - stoppedAt);
      if (acked === 60) silentAt = Math.min(silentAt, now);
      if (now > silentAt + 200 && !stop.signal.aborted) {
        stoppedAt = now;
        stop.abort();
      }
    },
  });
  expect(run.stopReport).toMatchObject({ verified: true });
  expect(exchange.venue.ledger(0).openOrders()).toEqual([]);
  expect(closed.length).toBeGreaterThan(10);
  expect(Math.max(...closed)).toBeLessThan(500);
});
