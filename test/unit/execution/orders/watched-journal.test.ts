import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../../src/execution/journal.ts';
import { watchedJournal } from '../../../../src/execution/orders/watched-journal.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';

const STOP: JournalRecord = { type: 'stop', at: 1, clean: true };

/** A journal whose next call fails on request. */
function watched() {
  const disk = { fails: false, writes: [] as number[], syncs: 0, syncMs: 0 };
  const attempt = (): void => {
    if (disk.fails) throw new Error('EIO');
  };
  const told: unknown[] = [];
  const slow: boolean[] = [];
  const clock = new VirtualClock(0);
  const journal = watchedJournal(
    {
      append(...records) {
        attempt();
        disk.writes.push(records.length);
      },
      async synced() {
        attempt();
        disk.syncs += 1;
        if (disk.syncMs > 0) await sleep(clock, disk.syncMs);
      },
      close: () => undefined,
    },
    { clock, onBroken: (error) => told.push(error), onSlow: (isSlow) => slow.push(isSlow) },
  );
  return { disk, journal, told, slow, pass: (ms: number) => clock.run(sleep(clock, ms)) };
}

test('records of one moment share one write, which has begun when somebody waits for it', async () => {
  const { disk, journal, told } = watched();
  journal.append(STOP);
  journal.append(STOP, STOP);
  const synced = journal.synced();
  expect(disk.writes).toEqual([3]);
  await synced;
  journal.append(STOP);
  await Promise.resolve();
  journal.append(STOP);
  journal.close();
  expect([disk.writes, disk.syncs, told]).toEqual([[3, 1, 1], 1, []]);
});

test('a failed append does not stop what is done, but every sync after it fails, also when the disk works again', async () => {
  const { disk, journal } = watched();
  disk.fails = true;
  journal.append(STOP);
  await Promise.resolve();
  disk.fails = false;
  await expect(journal.synced()).rejects.toThrow('EIO');
  journal.append(STOP);
  await expect(journal.synced()).rejects.toThrow('EIO');
  // The last records are still written.
  expect(disk).toMatchObject({ writes: [1], syncs: 2 });
});

test('only the first failure is reported', async () => {
  const { disk, journal, told } = watched();
  disk.fails = true;
  await expect(journal.synced()).rejects.toThrow('EIO');
  journal.append(STOP);
  await expect(journal.synced()).rejects.toThrow('EIO');
  expect(told).toHaveLength(1);
});

test('a sync of more than half a second is reported as slow, and the end of the last such sync too', async () => {
  const { disk, journal, told, slow, pass } = watched();
  const ended: string[] = [];
  const sync = (name: string, ms: number): void => {
    disk.syncMs = ms;
    void journal.synced().then(() => ended.push(name));
  };
  sync('quick', 499);
  sync('slow', 700);
  await pass(100);
  sync('slower', 9899);
  await pass(399);
  expect([slow, ended]).toEqual([[], ['quick']]);
  await pass(2);
  expect([slow, ended]).toEqual([[true], ['quick']]);
  await pass(1000);
  expect([slow, ended]).toEqual([[true], ['quick', 'slow']]);
  await pass(9000);
  expect([slow, ended, told]).toEqual([[true, false], ['quick', 'slow', 'slower'], []]);
});

test('a disk that hangs is a failure after ten seconds', async () => {
  const { disk, journal, told, pass } = watched();
  disk.syncMs = 3_600_000;
  const failure = journal.synced().catch((error: unknown) => error);
  await pass(9999);
  expect(told).toEqual([]);
  await pass(2);
  expect(told).toMatchObject([{ code: 'journal_broken', message: 'the disk did not finish a write of the journal within 10 s' }]);
  expect(await failure).toBe(told[0]);
  const lastWords = journal.synced().catch((error: unknown) => error);
  await pass(1001);
  expect(await lastWords).toBe(told[0]);
});
