import { withoutCredentials } from '../../config/credentials.ts';
import type { Companion, Host } from '../../host.ts';
import { guardName } from '../../wiring/account-names.ts';
import { handoverLine } from '../guard/words.ts';
import type { LiveVenue } from '../../wiring/live-venue.ts';

export interface GuardStart {
  readonly host: Host;
  readonly venue: Pick<LiveVenue, 'address' | 'credentials' | 'emergency'>;
  /** Names of the account on this machine. */
  readonly names: readonly string[];
  /** `ignore`: others have orders on this account. */
  readonly foreignOrders: 'refuse' | 'ignore';
}

export function startGuard({ host, venue }: Pick<GuardStart, 'host' | 'venue'>, onLine: (line: string) => void): Companion {
  const { restUrl, wsUrl } = venue.address;
  const args = ['guard', '--rest-url', restUrl, '--ws-url', wsUrl];
  return host.startBeside(args, withoutCredentials(host.env), { onLine, mayOutliveUs: true });
}

/** First line that is sent to the guard. */
export function handoverOf({ venue, names, foreignOrders }: Pick<GuardStart, 'venue' | 'names' | 'foreignOrders'>): string {
  const isShared = foreignOrders === 'ignore';
  const emergency = venue.emergency?.[isShared ? 'mine' : 'all'];
  return handoverLine({ credentials: venue.credentials, names: names.map(guardName), isShared, emergency });
}

/** Starts a guard without a bot, which cancels all orders until it is verified that none is open. Starts at most one, and none when the run has its own. */
export class Rescue {
  readonly #start: Omit<GuardStart, 'names'>;
  #names: readonly string[];
  #isCovered = false;

  /** `names`: names of the account that are known before its user id is read. */
  constructor({ names, ...start }: GuardStart) {
    this.#start = start;
    this.#names = names;
  }

  /** All names of the account. */
  know(names: readonly string[]): void {
    this.#names = names;
  }

  /** The run has its own guard, which takes over instead. */
  covered(): void {
    this.#isCovered = true;
  }

  begin(): void {
    if (this.#isCovered) return;
    this.#isCovered = true;
    const companion = startGuard(this.#start, () => undefined);
    companion.send(handoverOf({ ...this.#start, names: this.#names }));
    companion.end();
  }
}
