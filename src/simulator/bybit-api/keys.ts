import { randomId, type Random } from '../../util/random.ts';
import type { AccountId } from '../venue.ts';

/** What a client signs with; the exchange makes its own. */
export interface KeyPair {
  readonly apiKey: string;
  readonly secret: string;
}

/** What every secret begins with: no word of any text, so that a search finds a leak wherever it is. */
const SECRET_MARK = 'mmSECRETmm';
const SECRET_LENGTH = 36;

/** One key pair for each account, in the order of the accounts. */
export function makeKeys(random: Random, accounts: number): readonly KeyPair[] {
  return Array.from({ length: accounts }, () => {
    const apiKey = randomId(random, 18);
    return { apiKey, secret: SECRET_MARK + randomId(random, SECRET_LENGTH - SECRET_MARK.length) };
  });
}

/** Finds whose key it is. */
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
