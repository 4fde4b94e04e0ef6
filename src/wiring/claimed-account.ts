import type { ApiCredentials } from '../config/credentials.ts';
import type { Emergency } from '../config/emergency.ts';
import type { Address } from '../config/venues.ts';
import { usageError } from '../errors.ts';
import { claimInstance, type Instance } from '../store/instance.ts';
import { nameByKey, nameByUser } from './account-names.ts';

/** An account locked by this process, against other processes of this OS user. */
export interface ClaimedAccount extends AsyncDisposable {
  /** Names of the account on this machine, the most reliable one last. */
  readonly names: readonly string[];
  /** User id of the account; undefined when the exchange does not report it. */
  readonly userId: string | undefined;
}

interface ClaimParts {
  readonly address: Address;
  readonly credentials: ApiCredentials;
  readonly userId: () => Promise<string | undefined>;
  readonly emergency: Emergency | undefined;
  /** Called with the reason when mmbot cancel-all halts this process, or another process takes the account. */
  readonly onHalt: (reason: string) => void;
}

/**
 * Locks the account, first by its key, then by the user id that the exchange returns: two bots would interfere with each other's orders and
 * rate limits. The lock also covers other keys of the account and other spellings of the host. Throws MmbotError (exit 2) when another
 * process has it.
 */
export async function claimAccount({ address, credentials, userId, emergency, onHalt }: ClaimParts): Promise<ClaimedAccount> {
  const claimed = (name: string): Promise<Instance> => claimedAs(name, emergency, onHalt);
  const byKey = nameByKey(address, credentials.apiKey);
  const held = [await claimed(byKey)];
  try {
    const user = await userId();
    const byUser = user === undefined ? [] : [nameByUser(address, user)];
    for (const name of byUser) held.push(await claimed(name));
    return { names: [byKey, ...byUser], userId: user, [Symbol.asyncDispose]: () => releaseAll(held) };
  } catch (error) {
    await releaseAll(held);
    throw error;
  }
}

async function releaseAll(held: readonly Instance[]): Promise<void> {
  await Promise.all(held.map((instance) => instance.release()));
}

async function claimedAs(name: string, emergency: Emergency | undefined, onHalt: ClaimParts['onHalt']): Promise<Instance> {
  const instance = await claimInstance(name, onHalt);
  if (instance !== undefined) return instance;
  throw usageError('another mmbot live or load-test of this account is running on this machine', {
    code: 'already_running',
    ...(emergency === undefined
      ? { hint: 'stop it first' }
      : { hint: `stop it first; or, to halt it and cancel its orders, ${emergency.mine.lead}`, run: emergency.mine.command }),
  });
}
