import { withoutCredentials } from '../../config/credentials.ts';
import type { Companion, Host } from '../../host.ts';
import { guardName } from '../../wiring/account-names.ts';
import { handoverLine } from '../guard/words.ts';
import type { LiveVenue } from '../../wiring/live-venue.ts';

export interface GuardStart {
  readonly host: Host;
  readonly venue: Pick<LiveVenue, 'address' | 'credentials'>;
  /** By which the account is known on this machine. */
  readonly names: readonly string[];
}

export function startGuard({ host, venue }: Pick<GuardStart, 'host' | 'venue'>, onLine: (line: string) => void): Companion {
  const { restUrl, wsUrl } = venue.address;
  const args = ['guard', '--rest-url', restUrl, '--ws-url', wsUrl];
  return host.startBeside(args, withoutCredentials(host.env), { onLine, mayOutliveUs: true });
}

/** Its first line. */
export function handoverOf({ venue, names }: Pick<GuardStart, 'venue' | 'names'>): string {
  return handoverLine({ credentials: venue.credentials, names: names.map(guardName) });
}

/** A guard that finds its bot dead, and so cancels what rests until that is proven. At most one, and none where the run has one already. */
export class Rescue {
  readonly #start: Pick<GuardStart, 'host' | 'venue'>;
  #names: readonly string[];
  #isCovered = false;

  /** `names`: those that are known before the exchange is asked. */
  constructor({ names, ...start }: GuardStart) {
    this.#start = start;
    this.#names = names;
  }

  /** All names of the account. */
  know(names: readonly string[]): void {
    this.#names = names;
  }

  /** The run has a guard of its own, which takes over. */
  covered(): void {
    this.#isCovered = true;
  }

  begin(): void {
    if (this.#isCovered) return;
    this.#isCovered = true;
    const companion = startGuard(this.#start, () => undefined);
    companion.send(handoverOf({ venue: this.#start.venue, names: this.#names }));
    companion.end();
  }
}
