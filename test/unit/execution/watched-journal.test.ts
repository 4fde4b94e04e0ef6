import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { watchedJournal } from '../../../src/execution/watched-journal.ts';

const STOP: JournalRecord = { type: 'stop', at: 1, clean: true };

/** A journal whose next call fails when it is told to. */
function watched() {
  const disk = { fails: false, records: 0, syncs: 0 };
  const attempt = (): void => {
    if (disk.fails) throw new Error('EIO');
  };
  const told: unknown[] = [];
  const journal = watchedJournal(
    {
      append() {
        attempt();
        disk.records += 1;
      },
      sync() {
        attempt();
        disk.syncs += 1;
      },
      close: () => undefined,
    },
    (error) => told.push(error),
  );
  return { disk, journal, told };
}

test('a sound journal is passed through', () => {
  const { disk, journal, told } = watched();
  journal.append(STOP);
  journal.sync();
  expect([disk, told]).toEqual([{ fails: false, records: 1, syncs: 1 }, []]);
});

test('a failed append does not stop what is done, but every sync after it fails, also when the disk works again', () => {
  const { disk, journal } = watched();
  disk.fails = true;
  journal.append(STOP);
  disk.fails = false;
  expect(() => journal.sync()).toThrow('EIO');
  journal.append(STOP);
  expect(() => journal.sync()).toThrow('EIO');
  // The last words are still written.
  expect(disk).toMatchObject({ records: 1, syncs: 2 });
});

test('the first failure is told, once', () => {
  const { disk, journal, told } = watched();
  disk.fails = true;
  expect(() => journal.sync()).toThrow('EIO');
  journal.append(STOP);
  expect(() => journal.sync()).toThrow('EIO');
  expect(told).toHaveLength(1);
});
