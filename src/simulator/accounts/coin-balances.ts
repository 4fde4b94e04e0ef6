import { atoms, type Atoms } from '../../model/units.ts';
import { assert } from '../../util/assert.ts';

/** An account’s balance of one coin. */
export interface CoinBalance {
  readonly coin: string;
  /** Includes locked coins. */
  readonly balance: Atoms;
  /** Locked for resting spot orders. */
  readonly locked: Atoms;
}

/**
 * Coin balances of one account, changed by spot trading. For the settle coin it holds only the change that spot trading
 * has made to the wallet, which may be negative; deposit and derivatives belong to the account.
 */
export class CoinBalances {
  readonly #balances = new Map<string, number>();
  readonly #locked = new Map<string, number>();

  /** Every coin that was ever held, in order of first use. */
  get coins(): readonly string[] {
    return [...this.#balances.keys()];
  }

  balance(coin: string): Atoms {
    return atoms(this.#balances.get(coin) ?? 0);
  }

  locked(coin: string): Atoms {
    return atoms(this.#locked.get(coin) ?? 0);
  }

  /** `amount`: negative for an outflow. */
  change(coin: string, amount: number): void {
    this.#balances.set(coin, this.balance(coin) + amount);
  }

  /** `amount`: negative to release. */
  lock(coin: string, amount: number): void {
    const locked = this.locked(coin) + amount;
    assert(locked >= 0, `more ${coin} released than was locked`);
    this.#locked.set(coin, locked);
  }
}
