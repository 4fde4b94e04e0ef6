import { resolve } from 'node:path';
import type { Exchange } from '../../exchange/exchange.ts';
import { claimFolder, readHistory } from '../../store/journal-folder.ts';
import { stateFolderOf } from '../../store/state-folder.ts';
import { earlierNames, nameByKey } from '../../wiring/account-names.ts';
import { claimAccount, type ClaimedAccount } from '../../wiring/claimed-account.ts';
import type { EarlierRun } from './earlier-run.ts';
import { accountOf, type GuardWait } from './entry.ts';
import type { LiveVenue } from '../../wiring/live-venue.ts';

interface Claiming {
  readonly venue: LiveVenue;
  readonly exchange: Pick<Exchange, 'keyFacts'>;
  readonly stateDir: string;
}

/** Locks the account that this run trades. Rejects with ExchangeError when the user id cannot be read. */
export async function accountOfRun(
  { venue, exchange, stateDir }: Claiming,
  waiting: GuardWait & { readonly onHalt: (reason: string) => void },
): Promise<ClaimedAccount> {
  // No other process can use the embedded exchange of this process.
  if (!venue.outlivesUs) return claimAccount({ ...venue, ...waiting, userId: () => Promise.resolve(undefined) });
  const userId = async (): Promise<string | undefined> => {
    // Read the journal of this key first: the exchange may not answer, and then it is all that is known of an earlier run.
    await lookByKey(venue, stateDir, waiting.earlier);
    return (await exchange.keyFacts()).userId;
  };
  const account = await accountOf(venue, { ...waiting, userId });
  if (account.userId === undefined) {
    waiting.log.warn('account_unknown', {
      meaning: 'the exchange does not report the user id of this key: with another key or host the same account would not be recognized',
    });
  }
  return account;
}

async function lookByKey(venue: LiveVenue, stateDir: string, earlier: EarlierRun): Promise<void> {
  const folder = earlier.locate(() => folderOf(venue, [nameByKey(venue.address, venue.credentials.apiKey)], stateDir));
  await using lock = await claimFolder(folder);
  // Without the lock another process uses this folder, and its orders are not left over from an earlier run.
  if (lock !== undefined) earlier.learnByKey(() => readHistory(folder));
}

/** The folder of the account. An embedded exchange ends with its process, so that all its runs share one folder. */
export function folderOf({ outlivesUs, address, credentials }: LiveVenue, names: readonly string[], stateDir: string): string {
  return outlivesUs ? stateFolderOf(stateDir, names, earlierNames(address, credentials.apiKey)) : resolve(stateDir, 'embedded');
}
