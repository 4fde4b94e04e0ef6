import type { Atoms, Lots, TickLots, Ticks } from '../../model/units.ts';
import type { CoinBalance } from '../accounts/coin-balances.ts';

/** Index of a client account, from 0. */
export type AccountId = number;

export interface VenuePosition {
  readonly symbol: string;
  /** Long > 0. */
  readonly quantity: Lots;
  /** Cost of the open quantity, signed like it. */
  readonly cost: TickLots;
  readonly realized: TickLots;
  readonly fees: Atoms;
  /** Funding paid for the position; negative if received. */
  readonly funding: Atoms;
  readonly unrealized: TickLots;
  readonly leverage: number;
  readonly initialMargin: Atoms;
  readonly maintenanceMargin: Atoms;
  /** Computed when called; undefined if flat or if no price would liquidate it. */
  readonly liquidationPrice: () => Ticks | undefined;
  /** Undefined if there is none; for the trailing stop, its distance. */
  readonly takeProfit: Ticks | undefined;
  readonly stopLoss: Ticks | undefined;
  readonly trailingStop: Ticks | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly sequence: number;
}

export interface VenueWallet {
  /** Deposit + realized PnL - fees - funding + change by spot trading. */
  readonly balance: Atoms;
  /** Locked for resting spot orders. */
  readonly locked: Atoms;
  /** Base coins of the spot market; they are no collateral here. */
  readonly coins: readonly CoinHolding[];
  /** Balance + unrealized PnL. */
  readonly equity: Atoms;
  readonly positionMargin: Atoms;
  readonly orderMargin: Atoms;
  readonly maintenanceMargin: Atoms;
  /** Equity - margins - locked, at least 0. */
  readonly available: Atoms;
  readonly unrealized: Atoms;
  readonly realized: Atoms;
}

/** An account’s balance of a coin, and its value in settle coin. */
export interface CoinHolding extends CoinBalance {
  readonly value: Atoms;
}
