import type { LedgerExecution, LedgerOrder, LedgerPosition } from '../../../src/simulator/ledger/ledger.ts';
import { listIn, objectIn, textIn, type JsonObject } from '../../../src/util/json.ts';
import type { Hand } from './hand.ts';
import type { Witness } from './hostile-wire.ts';
import type { Hostility } from './hostility.ts';
import type { Check, Operation } from './kind.ts';

const OWN_PREFIX = 'mm-';
const CLOSED = new Set(['Filled', 'Cancelled', 'PartiallyFilledCanceled', 'Deactivated', 'Rejected']);
/** Prices move between the approval of an order and a look at the ledger. */
const PRICE_ROOM = 1.03;
/** An order that another one has placed so shortly before the verdict need not be known yet. */
const UNSEEN_MS = 1500;
/** Two orders of somebody else in so short a time are a writer at work. */
const WRITER_MS = 5000;

export interface Violation {
  readonly check: Check | 'resting';
  readonly text: string;
}

/** The exchange's own record, on a way that is not damaged. */
export interface Records {
  readonly openOrders: readonly LedgerOrder[];
  readonly executions: readonly LedgerExecution[];
  readonly positions: readonly LedgerPosition[];
}

/** What one process, or several that share a journal, was told of its orders. */
export class Told implements Witness {
  readonly #onViolation: (violation: Violation) => void;
  readonly #isIntended: (clientOrderId: string) => boolean;
  readonly sent: Set<string>;
  /** By client order id: how the last message that reached it and named it said that it stands. */
  readonly #shown = new Map<string, 'open' | 'closed'>();

  constructor(
    onViolation: (violation: Violation) => void,
    isIntended: (clientOrderId: string) => boolean,
    sent: ReadonlySet<string> = new Set(),
  ) {
    this.#onViolation = onViolation;
    this.#isIntended = isIntended;
    this.sent = new Set(sent);
  }

  sends({ name, parameters }: Operation): void {
    if (name !== 'create') return;
    const id = textIn(parameters['orderLinkId']);
    if (this.sent.has(id)) this.#onViolation({ check: 'doubleSend', text: `${id} was sent twice` });
    this.sent.add(id);
    if (!this.#isIntended(id)) this.#onViolation({ check: 'journal', text: `${id} left without an intent in the journal` });
  }

  hearsReply({ name, parameters }: Operation, reply: JsonObject): void {
    const id = textIn(parameters['orderLinkId']);
    if (name === 'create' && Number(reply['retCode']) === 0 && !this.#shown.has(id)) this.#shown.set(id, 'open');
  }

  hearsAnswer(path: string, body: unknown): void {
    if (path !== 'v5/order/realtime' && path !== 'v5/order/history') return;
    this.#rows(listIn(objectIn(objectIn(body)['result'])['list']).map(objectIn));
  }

  hearsRows(topic: string, rows: readonly JsonObject[]): void {
    if (topic === 'order') this.#rows(rows);
  }

  /** It has reason to believe that the order rests. */
  isOpen(clientOrderId: string): boolean {
    return this.#shown.get(clientOrderId) === 'open';
  }

  #rows(rows: readonly JsonObject[]): void {
    for (const row of rows) {
      const id = textIn(row['orderLinkId']);
      if (id !== '') this.#shown.set(id, CLOSED.has(textIn(row['orderStatus'])) ? 'closed' : 'open');
    }
  }
}

/** `since`, `at`: wall time of the first look and of the verdict. */
export interface Claim {
  readonly what: string;
  readonly since: number;
  readonly at: number;
}

export interface JudgeParts {
  readonly hostility: Hostility;
  readonly hand: Hand;
  readonly maxPositionUsd: number;
  /** Wall time of the exchange. */
  readonly now: () => number;
}

/** Holds what was claimed against the exchange's ledger. Each violation is kept once. */
export class Judge {
  readonly #parts: JudgeParts;
  readonly #found = new Map<string, Violation>();
  /** The largest share of the limit that the ledger has shown. */
  worstRatio = 0;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  get violations(): readonly Violation[] {
    return [...this.#found.values()];
  }

  readonly found = (violation: Violation): void => {
    const { check } = violation;
    if (check !== 'resting' && this.#parts.hostility.excuse(check) !== undefined) return;
    // The first of a check tells enough: what follows is often its consequence.
    if (!this.#found.has(check)) this.#found.set(check, violation);
  };

  /** Somebody has claimed that nothing of mmbot's rests. */
  claimed(claim: Claim, { openOrders }: Records, told: Told): void {
    const open = openOrders.filter((order) => order.orderLinkId.startsWith(OWN_PREFIX) && this.#couldBeKnown(order, told, claim));
    if (open.length === 0) return;
    const ids = open.slice(0, 4).map(({ orderLinkId }) => orderLinkId);
    const ago = Math.round(this.#parts.now() - claim.at);
    const when = ago < UNSEEN_MS ? '' : ` ${ago} ms ago`;
    this.found({ check: 'falseSuccess', text: `${claim.what}${when}, but ${open.length} rest: ${ids.join(', ')}` });
  }

  /** Somebody has given up: what he was shown, and what would have gone, must be gone. */
  gaveUp({ what, at }: Claim, { openOrders }: Records, told: Told): void {
    const { hostility, hand } = this.#parts;
    if (!hostility.hasObeyed) return;
    const isOld = (id: string): boolean => (hand.placed.get(id) ?? 0) < at - WRITER_MS;
    const open = openOrders.map(({ orderLinkId }) => orderLinkId).filter((id) => id.startsWith(OWN_PREFIX) && told.isOpen(id) && isOld(id));
    if (open.length > 0)
      this.found({
        check: 'resting',
        text: `${what}: no proof, every cancel works, and ${open.length} rest: ${open.slice(0, 4).join(', ')}`,
      });
  }

  /** At any time. */
  look({ openOrders, executions, positions }: Records): void {
    const { hand } = this.#parts;
    const isOwn = (id: string): boolean => id.startsWith(OWN_PREFIX) && !hand.placed.has(id);
    const own = openOrders.filter(({ orderLinkId }) => isOwn(orderLinkId));
    const twice = own.find(({ orderLinkId, orderId }) =>
      own.some((other) => other.orderLinkId === orderLinkId && other.orderId !== orderId),
    );
    if (twice !== undefined) this.found({ check: 'doubleSend', text: `two orders rest as ${twice.orderLinkId}` });
    for (const { symbol, markPrice, size } of positions) this.#limit(symbol, Number(markPrice), Number(size), own, executions, isOwn);
  }

  /** Own orders that two executions name with different ids of the exchange. */
  end({ executions }: Records): void {
    const orders = new Map<string, string>();
    for (const { orderLinkId, orderId } of executions) {
      if (!orderLinkId.startsWith(OWN_PREFIX)) continue;
      const other = orders.get(orderLinkId);
      if (other !== undefined && other !== orderId) this.found({ check: 'doubleSend', text: `${orderLinkId} was matched as two orders` });
      orders.set(orderLinkId, orderId);
    }
  }

  #limit(
    symbol: string,
    mark: number,
    size: number,
    own: readonly LedgerOrder[],
    executions: readonly LedgerExecution[],
    isOwn: (id: string) => boolean,
  ): void {
    const { maxPositionUsd, hostility } = this.#parts;
    const ours = executions
      .filter((execution) => execution.symbol === symbol && isOwn(execution.orderLinkId))
      .reduce((sum, { side, quantity }) => sum + (side === 'Buy' ? 1 : -1) * Number(quantity), 0);
    const resting = (side: 'Buy' | 'Sell'): number =>
      own
        .filter((order) => order.symbol === symbol && order.side === side)
        .reduce((sum, order) => sum + Number(order.quantity) - Number(order.filled), 0);
    const worst = (position: number): number => Math.max(Math.abs(position + resting('Buy')), Math.abs(position - resting('Sell'))) * mark;
    // A person's trades move the position of the account, and ours lean against it: over by both counts is over.
    const usd = Math.min(worst(size), worst(ours));
    this.worstRatio = Math.max(this.worstRatio, usd / maxPositionUsd);
    if (usd <= maxPositionUsd * PRICE_ROOM) return;
    if (hostility.isBlind('orderList', 'orderStream')) return;
    if (hostility.isBlind('executionList', 'executionStream', 'positionList', 'positionStream')) return;
    const state = `position ${size}, resting buys ${resting('Buy').toFixed(3)}, sells ${resting('Sell').toFixed(3)}, ${hostility.phase}`;
    this.found({ check: 'limit', text: `${symbol}: worst case ${usd.toFixed(0)} USD by the ledger, limit ${maxPositionUsd} (${state})` });
  }

  /** Whether somebody who looks with care would have known of it. */
  #couldBeKnown({ orderLinkId }: LedgerOrder, told: Told, { at, since }: Claim): boolean {
    const { hostility, hand } = this.#parts;
    const placedAt = hand.placed.get(orderLinkId);
    if (placedAt !== undefined && placedAt >= at - UNSEEN_MS) {
      // Whoever has just placed two orders is likely to place a third: while that goes on nothing is proven.
      const recent = [...hand.placed].filter(
        ([id, when]) => id.startsWith(OWN_PREFIX) && when >= Math.max(since, at - WRITER_MS) && when < at,
      );
      return recent.length >= 2 && !hostility.isBlind('orderList');
    }
    return !hostility.isBlind('orderList') || told.isOpen(orderLinkId);
  }
}
