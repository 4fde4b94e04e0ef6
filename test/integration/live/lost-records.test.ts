import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AccountRuns } from '../../support/bots/account-runs.ts';
import { folderWith } from '../../support/program/folders.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';

const RUN = { settings: settingsOf('s1'), durationMs: 8000 };

test('a state folder that was put back from a backup freezes: what it does not know may have been a freeze', async () => {
  const account = new AccountRuns(Date.UTC(2026, 0, 2, 12));
  const backup = join(folderWith(), 'backup');
  await account.run({ ...RUN, end: 'kill' });
  cpSync(account.folder, backup, { recursive: true });
  await account.run({ ...RUN, durationMs: 30_000, end: 'stop' });
  rmSync(account.folder, { recursive: true });
  cpSync(backup, account.folder, { recursive: true });
  const { frozen, events } = await account.run({ ...RUN, end: 'stop' });
  expect(frozen).toMatch(
    /^the journal ends before order mm-run2-\w+, executed at 2026-01-02T12:00:\d\d\.\d{3}Z: an older copy, or another mmbot traded$/,
  );
  expect(events.filter(({ type }) => type === 'orderSent')).toEqual([]);
  expect((await account.run({ ...RUN, end: 'stop' })).refused).toBe(frozen);
  expect((await account.run({ ...RUN, end: 'stop', unfreeze: true })).frozen).toBeUndefined();
});

test.each(['kill', 'stop'] as const)('after a %s and a while without a bot the journal is all there', async (end) => {
  const account = new AccountRuns(Date.UTC(2026, 0, 2, 12));
  await account.run({ ...RUN, end });
  await account.clock.run(new Promise((resolve) => void account.clock.schedule(30_000, () => resolve(undefined))));
  expect((await account.run({ ...RUN, durationMs: 3000, end: 'stop' })).frozen).toBeUndefined();
});
