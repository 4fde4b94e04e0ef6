import type { ApiCredentials } from '../config/credentials.ts';
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
  /** Called with the reason when mmbot cancel-all halts this process, or another process takes the account. */
  readonly onHalt: (reason: string) => void;
}

/**
 * Locks the account, first by its key, then by the user id that the exchange returns: two bots would interfere with each other's orders and
 * rate limits. The lock also covers other keys of the account and other spellings of the host. Throws MmbotError (exit 2) when another
 * process has it.
 */
export async function claimAccount({ address, credentials, userId, onHalt }: ClaimParts): Promise<ClaimedAccount> {
  const byKey = nameByKey(address, credentials.apiKey);
  const held = [await claimed(byKey, onHalt)];
  try {
    const user = await userId();
    const byUser = user === undefined ? [] : [nameByUser(address, user)];
    for (const name of byUser) held.push(await claimed(name, onHalt));
    return { names: [byKey, ...byUser], userId: user, [Symbol.asyncDispose]: () => releaseAll(held) };
  } catch (error) {
    await releaseAll(held);
    throw error;
  }
}

async function releaseAll(held: readonly Instance[]): Promise<void> {
  await Promise.all(held.map((instance) => instance.release()));
}

async function claimed(name: string, onHalt: (reason: string) => void): Promise<Instance> {
  const instance = await claimInstance(name, onHalt);
  if (instance !== undefined) return instance;
  throw usageError('another mmbot live or load-test of this account is running on this machine', {
    code: 'already_running',
    hint: 'stop it first; mmbot cancel-all halts it and cancels everything',
  });
}
