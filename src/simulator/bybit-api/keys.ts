import { randomId, type Random } from '../../util/random.ts';
import type { AccountId } from '../venue/account-state.ts';

/** Key and secret of a client; the exchange generates them. */
export interface KeyPair {
  readonly apiKey: string;
  readonly secret: string;
}

/** Prefix of every secret. It occurs in no other text, so that a search for it finds every leak. */
const SECRET_MARK = 'mmSECRETmm';
const SECRET_LENGTH = 36;

/** One key pair for each account, in order. */
export function makeKeys(random: Random, accounts: number): readonly KeyPair[] {
  return Array.from({ length: accounts }, () => {
    const apiKey = randomId(random, 18);
    return { apiKey, secret: SECRET_MARK + randomId(random, SECRET_LENGTH - SECRET_MARK.length) };
  });
}

/** Finds the account of a key. */
export class KeyRing {
  readonly #owners: ReadonlyMap<string, { readonly account: AccountId; readonly secret: string }>;

  constructor(keys: readonly KeyPair[]) {
    this.#owners = new Map(keys.map(({ apiKey, secret }, account) => [apiKey, { account, secret }]));
  }

  find(apiKey: string): { readonly account: AccountId; readonly secret: string } | undefined {
    return this.#owners.get(apiKey);
  }

  keyOf(account: AccountId): string {
    for (const [apiKey, owner] of this.#owners) if (owner.account === account) return apiKey;
    return '';
  }
}
