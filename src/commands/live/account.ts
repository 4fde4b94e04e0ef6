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

/** Locks the account that this run trades. Rejects with ExchangeError when the exchange cannot be asked whose account it is. */
export async function accountOfRun(
  { venue, exchange, stateDir }: Claiming,
  waiting: GuardWait & { readonly onHalt: () => void },
): Promise<ClaimedAccount> {
  // An embedded exchange is known to this process alone.
  if (!venue.outlivesUs) return claimAccount({ ...venue, ...waiting, userId: () => Promise.resolve(undefined) });
  const userId = async (): Promise<string | undefined> => {
    // Nobody may answer; what is known without an answer has to be known by then.
    await lookByKey(venue, stateDir, waiting.earlier);
    return (await exchange.keyFacts()).userId;
  };
  const account = await accountOf(venue, { ...waiting, userId });
  if (account.userId === undefined) {
    waiting.log.warn('account_unknown', {
      meaning: 'the exchange does not tell whose key this is: by another key or another host this account would pass for another one',
    });
  }
  return account;
}

async function lookByKey(venue: LiveVenue, stateDir: string, earlier: EarlierRun): Promise<void> {
  const folder = folderOf(venue, [nameByKey(venue.address, venue.credentials.apiKey)], stateDir);
  await using lock = await claimFolder(folder);
  // A bot of this account runs, with another key: its orders are its own.
  if (lock !== undefined) earlier.learnByKey(() => readHistory(folder));
}

/** An embedded exchange begins and ends with this process: nothing of an earlier run can be left on it. */
export function folderOf({ outlivesUs, address, credentials }: LiveVenue, names: readonly string[], stateDir: string): string {
  return outlivesUs ? stateFolderOf(stateDir, names, earlierNames(address, credentials.apiKey)) : resolve(stateDir, 'embedded');
}
