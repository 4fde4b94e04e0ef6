import { OWN_PREFIX } from '../../model/order.ts';
import type { LedgerEvent } from '../../simulator/ledger/ledger.ts';
import { add, compare, decimal, multiply, subtract, type Decimal } from '../../util/decimal.ts';

const ZERO = decimal('0');

/** An order as the ledger shows it. */
export interface FoldedOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'Buy' | 'Sell';
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly filled: Decimal;
  readonly postOnly: boolean;
  readonly status: string;
  readonly isOpen: boolean;
}

/** A change of the ledger with what it changed. */
export interface LedgerChange {
  readonly event: LedgerEvent;
  /** Of an order row: the order before it and after it. */
  readonly before: FoldedOrder | undefined;
  readonly after: FoldedOrder | undefined;
  /** An order of mmbot's was accepted, or rests under other terms now. */
  readonly newTerms: 'accepted' | 'amended' | undefined;
}

/** Open orders and positions of one account, from the changes of its ledger, in exact decimals. */
export class AccountFold {
  readonly #open = new Map<string, FoldedOrder>();
  readonly #positions: Map<string, Decimal>;
  /** Cached until the next change. */
  #own: readonly FoldedOrder[] | undefined;
  readonly #marks = new Map<string, Decimal>();

  /** `positions`: sizes before the first change. */
  constructor(positions: Iterable<readonly [string, string]> = []) {
    this.#positions = new Map([...positions].map(([symbol, size]) => [symbol, decimal(size)]));
  }

  /** Open orders of mmbot, of this run and of earlier ones. */
  own(): readonly FoldedOrder[] {
    this.#own ??= [...this.#open.values()].filter(isOwn);
    return this.#own;
  }

  /** mmbot’s id of an open order; '' if there is none. */
  clientIdOf(orderId: string): string {
    return this.#open.get(orderId)?.clientOrderId ?? '';
  }

  position(symbol: string): Decimal {
    return this.#positions.get(symbol) ?? ZERO;
  }

  mark(symbol: string): Decimal | undefined {
    return this.#marks.get(symbol);
  }

  /** Size of the position, long or short, if all of mmbot’s orders on one side fill; at least 0. */
  worst(symbol: string, side: 'Buy' | 'Sell', position = this.position(symbol)): Decimal {
    const resting = sum(
      this.own().filter((order) => order.symbol === symbol && order.side === side),
      leaves,
    );
    const worst = side === 'Buy' ? add(position, resting) : subtract(resting, position);
    return compare(worst, ZERO) > 0 ? worst : ZERO;
  }

  apply(event: LedgerEvent): LedgerChange {
    const symbol = event.type === 'order' ? event.order.symbol : event.execution.symbol;
    this.#marks.set(symbol, decimal(event.markPrice));
    if (event.type === 'execution') {
      const { side, quantity } = event.execution;
      const change = side === 'Buy' ? add : subtract;
      this.#positions.set(symbol, change(this.position(symbol), decimal(quantity)));
      return { event, before: undefined, after: undefined, newTerms: undefined };
    }
    const { orderId } = event.order;
    const before = this.#open.get(orderId);
    const after = folded(event.order);
    this.#own = undefined;
    if (after.isOpen) this.#open.set(orderId, after);
    else this.#open.delete(orderId);
    return { event, before, after, newTerms: isOwn(after) && after.isOpen ? termsChange(before, after) : undefined };
  }
}

export function isOwn({ clientOrderId }: Pick<FoldedOrder, 'clientOrderId'>): boolean {
  return clientOrderId.startsWith(OWN_PREFIX);
}

/** The quantity that may still fill. */
function leaves({ quantity, filled }: FoldedOrder): Decimal {
  return subtract(quantity, filled);
}

export function valueOf(order: FoldedOrder): Decimal {
  return multiply(order.price, leaves(order));
}

export function sum<T>(items: readonly T[], amount: (item: T) => Decimal): Decimal {
  return items.reduce((total, item) => add(total, amount(item)), ZERO);
}

function termsChange(before: FoldedOrder | undefined, after: FoldedOrder): LedgerChange['newTerms'] {
  if (before === undefined) return 'accepted';
  return compare(before.price, after.price) === 0 && compare(before.quantity, after.quantity) === 0 ? undefined : 'amended';
}

function folded(row: Extract<LedgerEvent, { type: 'order' }>['order']): FoldedOrder {
  const { orderId, orderLinkId, symbol, side, postOnly, status, isOpen } = row;
  const [price, quantity, filled] = [decimal(row.price), decimal(row.quantity), decimal(row.filled)];
  return { orderId, clientOrderId: orderLinkId, symbol, side, price, quantity, filled, postOnly, status, isOpen };
}
