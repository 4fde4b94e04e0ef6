import { settingsFor, type Settings } from '../../config/fields.ts';
import type { AccountState } from '../../execution/account/account-state.ts';
import type { OrderGateway } from '../../execution/orders/order-gateway.ts';
import type { OrderStore } from '../../execution/orders/order-store.ts';
import type { SymbolState } from '../../execution/loop/symbol-state.ts';
import type { AccountView } from '../../execution/decide/view.ts';
import { isLive, type Amend, type NewOrder, type Order, type Terms } from '../../model/order.ts';
import { atoms, type Lots } from '../../model/units.ts';
import { notional, toAtoms } from '../../model/instrument.ts';
import { check, type Approved, type GateContext, type GateResult } from '../../risk/gate.ts';
import { ACTIVE } from '../../risk/trading-state.ts';
import type { DueRequest } from './load-generator.ts';
import { restingTerms, Twins } from './load-prices.ts';
import type { LoadStatistics } from './load-statistics.ts';

export interface LoadDeskParts {
  readonly store: OrderStore;
  readonly states: ReadonlyMap<string, SymbolState>;
  readonly account: AccountState;
  readonly gateway: OrderGateway;
  readonly settings: Settings;
  /** Runs a task after the current events. */
  readonly soon: (task: () => void) => void;
  /** Why no order may be placed now; undefined when orders may. */
  readonly heldBy: () => string | undefined;
}

/** Statistics of one load, and the prefix of its order ids. */
export interface LoadRecord {
  readonly statistics: LoadStatistics;
  readonly idPrefix: string;
}

interface Draft {
  readonly cancels: Order[];
  readonly amends: Approved<Amend>[];
  readonly places: Approved<NewOrder>[];
}

/**
 * Turns due requests into orders: prices them away from the touch, has the risk gate check them, and hands them to the gateway
 * as a bot does. A request for an order that the exchange has not acknowledged yet waits for the acknowledgment, and
 * its latency counts from when it was due.
 */
export class LoadDispatcher {
  readonly #parts: LoadDeskParts;
  readonly #record: LoadRecord;
  readonly #waiting = new Map<string, DueRequest[]>();
  /** Requests whose order has just been acknowledged. */
  #released: DueRequest[] = [];
  /** Orders whose cancel has been sent. */
  readonly #ending = new Set<string>();

  constructor(parts: LoadDeskParts, record: LoadRecord) {
    this.#parts = parts;
    this.#record = record;
  }

  /** Number of requests that wait for their order. */
  get waiting(): number {
    return this.#waiting.size + this.#released.length;
  }

  submit(due: readonly DueRequest[]): void {
    const { statistics } = this.#record;
    for (const request of due) statistics.arrived(request.kind, this.#idOf(request), request.dueAt);
    // After a late wake-up, an order’s amend and cancel are due together with the order itself: they are executed after it.
    const placed = new Set(due.filter(({ kind }) => kind === 'place').map((request) => this.#idOf(request)));
    const later = due.filter((request) => request.kind !== 'place' && placed.has(this.#idOf(request)));
    const now = due.filter((request) => request.kind === 'place' || !placed.has(this.#idOf(request)));
    this.#execute([...this.#released.splice(0), ...now]);
    this.#execute(later);
  }

  /** Repeats a cancel that had no effect, so that the order does not stay open. Not measured, because no request was due. */
  cancelAgain(clientOrderId: string): void {
    const order = this.#parts.store.get(clientOrderId);
    if (order === undefined || !this.#ending.has(clientOrderId)) return;
    if (isLive(order) && order.change.kind === 'none') this.#parts.gateway.cancel(order);
  }

  /** Called when the state of an order is known: requests that waited for it are executed. */
  heard(clientOrderId: string): void {
    const order = this.#parts.store.get(clientOrderId);
    if (order !== undefined && !isLive(order)) this.#ending.delete(clientOrderId);
    const requests = this.#waiting.get(clientOrderId);
    if (requests === undefined || this.#isInDoubt(clientOrderId)) return;
    this.#waiting.delete(clientOrderId);
    this.#released.push(...requests);
    // Many answers arrive at once: the requests that waited for them share one write of the journal.
    if (this.#released.length === requests.length) this.#parts.soon(() => this.#execute(this.#released.splice(0)));
  }

  /** Requests of one instant share one write of the journal. */
  #execute(due: readonly DueRequest[]): void {
    if (due.length === 0) return;
    const draft: Draft = { cancels: [], amends: [], places: [] };
    const bySymbol = new Map<string, DueRequest[]>();
    for (const request of due) {
      const list = bySymbol.get(request.order.symbol);
      if (list === undefined) bySymbol.set(request.order.symbol, [request]);
      else list.push(request);
    }
    let account = this.#parts.account.view();
    for (const [symbol, requests] of bySymbol) account = this.#decide(symbol, requests, account, draft);
    const { statistics } = this.#record;
    for (const { clientOrderId } of draft.cancels) {
      this.#ending.add(clientOrderId);
      statistics.approved('cancel', clientOrderId);
    }
    for (const { clientOrderId } of draft.amends) statistics.approved('amend', clientOrderId);
    for (const { clientOrderId } of draft.places) statistics.approved('place', clientOrderId);
    this.#parts.gateway.execute(draft);
  }

  /** Adds the approved requests of one symbol to `draft`; returns the account including them. */
  #decide(symbol: string, requests: readonly DueRequest[], account: AccountView, draft: Draft): AccountView {
    const state = this.#parts.states.get(symbol);
    const places = requests.filter(({ kind }) => kind === 'place');
    const changes = requests.filter((request) => request.kind !== 'place' && this.#isReady(request));
    const cancels = changes.filter(({ kind }) => kind === 'cancel');
    for (const request of cancels) draft.cancels.push(...this.#live(request));
    const ending = new Set(cancels.map((request) => this.#idOf(request)));
    const amends = changes.filter((request) => request.kind === 'amend' && !this.#isSpared(request, ending));
    if (places.length + amends.length === 0) return account;
    const touch = state?.touch();
    const held = this.#parts.heldBy() ?? (touch === undefined ? 'no_book' : undefined);
    if (state === undefined || touch === undefined || held !== undefined) {
      for (const request of [...amends, ...places]) this.#refuse(request, held ?? 'no_book');
      return account;
    }
    const context = this.#context(state, touch, account);
    const twins = new Twins(context.orders);
    const result = check(this.#amends(amends, context, twins), this.#places(places, context, twins), context);
    for (const { order, reason } of result.denied)
      this.#record.statistics.refused('side' in order ? 'place' : 'amend', order.clientOrderId, reason);
    draft.amends.push(...result.amends);
    draft.places.push(...result.places);
    return withPlaced(account, result, context);
  }

  #context(state: SymbolState, touch: GateContext['touch'], account: AccountView): GateContext {
    const { store, settings } = this.#parts;
    const { symbol } = state.instrument;
    return {
      instrument: state.instrument,
      touch,
      markPrice: state.markPrice,
      held: store.held(symbol),
      orders: store.live(symbol),
      trading: ACTIVE,
      ordersToday: account.ordersToday,
      accountOpenOrders: account.openOrders,
      accountOpenNotional: account.openNotional,
      limits: settingsFor(settings, symbol).risk,
    };
  }

  #places(requests: readonly DueRequest[], context: GateContext, twins: Twins): NewOrder[] {
    return requests.flatMap((request): NewOrder[] => {
      const { side, symbol } = request.order;
      const terms = this.#terms(request, context, twins, undefined);
      return terms === undefined ? [] : [{ symbol, clientOrderId: this.#idOf(request), side, ...terms, postOnly: true, reduceOnly: false }];
    });
  }

  /** Amends to another price from `restingTerms`, with the same quantity. */
  #amends(requests: readonly DueRequest[], context: GateContext, twins: Twins): Amend[] {
    return requests.flatMap((request): Amend[] => {
      const [order] = this.#live(request);
      const terms = order === undefined ? undefined : this.#terms(request, context, twins, order.quantity);
      return order === undefined || terms === undefined ? [] : [{ symbol: order.symbol, clientOrderId: order.clientOrderId, ...terms }];
    });
  }

  #terms(request: DueRequest, context: GateContext, twins: Twins, quantity: Lots | undefined): Terms | undefined {
    const { side, number } = request.order;
    const { touch, instrument, limits } = context;
    const terms = restingTerms({ side, touch, instrument, number, collarBps: limits.priceCollarBps, quantity, twins });
    if (terms === undefined) this.#refuse(request, 'no_price_left');
    else twins.add(side, terms);
    return terms;
  }

  /** False for a request that waits for its order, or whose order is no longer live. */
  #isReady(request: DueRequest): boolean {
    const clientOrderId = this.#idOf(request);
    if (this.#isInDoubt(clientOrderId)) {
      this.#waiting.set(clientOrderId, [...(this.#waiting.get(clientOrderId) ?? []), request]);
      return false;
    }
    const [order] = this.#live(request);
    if (order !== undefined && (request.kind === 'cancel' || order.change.kind === 'none')) return true;
    this.#record.statistics.skipped(request.kind, clientOrderId);
    return false;
  }

  /** True for an amend whose order is canceled in the same instant. */
  #isSpared(amend: DueRequest, ending: ReadonlySet<string>): boolean {
    const clientOrderId = this.#idOf(amend);
    if (!ending.has(clientOrderId)) return false;
    this.#record.statistics.skipped('amend', clientOrderId);
    return true;
  }

  #isInDoubt(clientOrderId: string): boolean {
    const tag = this.#parts.store.get(clientOrderId)?.state.tag;
    return tag === 'pending' || tag === 'unknown';
  }

  #live(request: DueRequest): readonly Order[] {
    const order = this.#parts.store.get(this.#idOf(request));
    return order !== undefined && isLive(order) ? [order] : [];
  }

  #refuse(request: DueRequest, reason: string): void {
    this.#record.statistics.refused(request.kind, this.#idOf(request), reason);
  }

  #idOf({ order }: DueRequest): string {
    return `${this.#record.idPrefix}${order.number.toString(36)}`;
  }
}

/** Orders approved for one symbol count for the next symbol of the same instant. */
function withPlaced(account: AccountView, { places }: GateResult, { instrument }: GateContext): AccountView {
  const added = places.reduce((sum, { price, quantity }) => sum + toAtoms(notional(price, quantity), instrument), 0);
  return {
    ...account,
    openOrders: account.openOrders + places.length,
    openNotional: atoms(account.openNotional + added),
    ordersToday: account.ordersToday + places.length,
  };
}
