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
 * Two bots on one account would fight over its orders and its limits. It is known by its key at once, and by its user as soon as the
 * exchange has told who that is: so it is one account, whichever key and whatever spelling of a host it is reached by. Throws
 * MmbotError (exit 2) when another process has it.
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
