import type { ApiCredentials } from '../config/credentials.ts';
import type { Address } from '../config/venues.ts';
import { haltInstance } from '../store/instance.ts';
import { systemClock } from '../util/clock.ts';
import { nameByKey, nameByUser } from './account-names.ts';
import { quietFromNow, type Emergency } from './emergency.ts';

/** A bot that does not answer in this time is canceled behind its back; what it still sends are stragglers. */
const HALT_PATIENCE_MS = 500;

type Outcome = 'none' | 'halted' | 'unconfirmed' | 'skipped';

/** Halts the running bot of an account before its orders are canceled. */
export interface HaltedBot {
  /** What is known so far. */
  readonly outcome: Outcome;
  /** Whether nothing that it sent before it halted can still land. */
  isQuiet(): boolean;
  /**
   * Also under another key or another spelling of the host: by the account's user, whom the exchange has to name first. To be called
   * when the first cancel is on its way, which waits for nothing.
   */
  byUser(emergency: Emergency): void;
}

export async function haltBot(address: Address, { apiKey }: ApiCredentials, isWanted: boolean): Promise<HaltedBot> {
  // A failure on this machine does not stop the cancels.
  const halt = (name: string): Promise<Outcome> => haltInstance(name, systemClock, HALT_PATIENCE_MS).catch(() => 'unconfirmed' as const);
  let outcome = isWanted ? await halt(nameByKey(address, apiKey)) : 'skipped';
  let quietAt = Number.NEGATIVE_INFINITY;
  let isAsking = false;
  const ask = async ({ userId }: Emergency): Promise<void> => {
    const user = await userId();
    if (user === undefined) return;
    const other = await halt(nameByUser(address, user));
    if (other === 'none') return;
    outcome = other;
    quietAt = quietFromNow();
  };
  return {
    get outcome() {
      return outcome;
    },
    isQuiet: () => !isAsking && systemClock.monotonic() >= quietAt,
    byUser(emergency) {
      if (outcome !== 'none' && outcome !== 'unconfirmed') return;
      isAsking = true;
      const done = (): void => {
        isAsking = false;
      };
      ask(emergency).then(done, done);
    },
  };
}
