import type { LedgerExecution } from '../../simulator/ledger/ledger.ts';
import { decimal, subtract, type Decimal } from '../../util/decimal.ts';
import { isOwn, sum } from './account-fold.ts';

const KEPT_MS = 60_000;
const ZERO = decimal('0');

/** Fills of orders that are not mmbot’s. */
export class ForeignFills {
  #fills: { readonly symbol: string; readonly at: number; readonly quantity: Decimal }[] = [];

  add({ symbol, side, quantity, orderLinkId }: LedgerExecution, at: number): void {
    if (isOwn({ clientOrderId: orderLinkId })) return;
    const size = decimal(quantity);
    this.#fills.push({ symbol, at, quantity: side === 'Buy' ? size : subtract(ZERO, size) });
    this.#fills = this.#fills.filter((fill) => at - fill.at < KEPT_MS);
  }

  /** Signed change of the position by these fills after `from`. */
  since(symbol: string, from: number): Decimal {
    return sum(
      this.#fills.filter((fill) => fill.symbol === symbol && fill.at > from),
      ({ quantity }) => quantity,
    );
  }
}
