import type { ApiCredentials } from '../config/credentials.ts';
import type { Address } from '../config/venues.ts';
import { EXIT, MmbotError } from '../errors.ts';
import { claimInstance, type Instance } from '../store/instance.ts';
import { nameByKey, nameByUser } from './account-names.ts';

/** An account that no other process of this user's has now. */
export interface ClaimedAccount extends AsyncDisposable {
  /** By which it is known on this machine; the last one says most. */
  readonly names: readonly string[];
  /** Whose it is; undefined where the exchange does not tell. */
  readonly userId: string | undefined;
}

interface ClaimParts {
  readonly address: Address;
  readonly credentials: ApiCredentials;
  readonly userId: () => Promise<string | undefined>;
  /** An emergency halts this process from outside. */
  readonly onHalt: () => void;
}

/**
 * Locks the account, first by its key, then by the user id that the exchange returns: two bots would fight over its orders and limits.
 * Other keys of the account and other spellings of the host meet the same lock. Throws MmbotError (exit 2) when another process has it.
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

async function claimed(name: string, onHalt: () => void): Promise<Instance> {
  const instance = await claimInstance(name, onHalt);
  if (instance !== undefined) return instance;
  throw new MmbotError({
    code: 'already_running',
    exitCode: EXIT.usage,
    message: 'another mmbot live or load-test of this account is running on this machine',
    hint: 'stop it first; mmbot cancel-all halts it and cancels everything',
  });
}
