import { atoms, type Atoms } from '../../model/units.ts';
import { assert } from '../../util/assert.ts';

/** What an account has of one coin. */
export interface CoinBalance {
  readonly coin: string;
  /** Locked coins are part of it. */
  readonly balance: Atoms;
  /** For resting spot orders. */
  readonly locked: Atoms;
}

/**
 * The coins of one account: what spot trading moves. Of the settle coin it holds only the difference that spot trading
 * has made to the wallet, which may be negative; deposit and derivatives are the account's.
 */
export class CoinBalances {
  readonly #balances = new Map<string, number>();
  readonly #locked = new Map<string, number>();

  /** Every coin that was ever in it, in the order in which they came. */
  get coins(): readonly string[] {
    return [...this.#balances.keys()];
  }

  balance(coin: string): Atoms {
    return atoms(this.#balances.get(coin) ?? 0);
  }

  locked(coin: string): Atoms {
    return atoms(this.#locked.get(coin) ?? 0);
  }

  /** `amount`: negative when it goes out. */
  change(coin: string, amount: number): void {
    this.#balances.set(coin, this.balance(coin) + amount);
  }

  /** `amount`: negative when it is released. */
  lock(coin: string, amount: number): void {
    const locked = this.locked(coin) + amount;
    assert(locked >= 0, `more ${coin} released than was locked`);
    this.#locked.set(coin, locked);
  }
}
