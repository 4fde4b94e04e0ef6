import { toAtoms } from '../model/instrument.ts';
import { atoms, type Atoms } from '../model/units.ts';
import { defined } from '../util/assert.ts';
import type { ClientOrder } from './client-order.ts';
import type { EmbeddedMarket } from './embedded-market.ts';
import { Holding } from './holding.ts';
import { maintenanceMargin, positionMargin, totalMargin } from './margin.ts';
import type { AccountId, VenueExecution, VenueOrder, VenueOrderRef, VenuePosition, VenueScope, VenueWallet } from './venue.ts';

/** One client account: its wallet, positions, orders and executions, all of them for ever. */
export class Account {
  readonly id: AccountId;
  readonly deposit: Atoms;
  readonly executions: VenueExecution[] = [];
  readonly closed: VenueOrder[] = [];
  readonly counts = { created: 0, amended: 0, canceled: 0, rejected: 0 };
  readonly #markets: ReadonlyMap<string, EmbeddedMarket>;
  readonly #holdings = new Map<string, Holding>();
  /** Open ones by symbol and order id, oldest first. */
  readonly #open = new Map<string, Map<string, ClientOrder>>();
  readonly #closedById = new Map<string, VenueOrder>();
  /** Order ids by link id, for ever: a link id is never used twice. */
  readonly #linkIds = new Map<string, string>();
  #reduceOnlyCount = 0;

  constructor(id: AccountId, deposit: Atoms, markets: ReadonlyMap<string, EmbeddedMarket>) {
    this.id = id;
    this.deposit = deposit;
    this.#markets = markets;
  }

  add(order: ClientOrder): void {
    const { symbol, orderLinkId } = order.request;
    const open = this.#open.get(symbol) ?? new Map<string, ClientOrder>();
    this.#open.set(symbol, open);
    open.set(order.orderId, order);
    if (order.request.reduceOnly) this.#reduceOnlyCount += 1;
    if (orderLinkId !== '') this.#linkIds.set(orderLinkId, order.orderId);
  }

  /** Files an order that is not open any more: all that is kept of it is its last state. */
  file(order: ClientOrder): void {
    const last = order.snapshot();
    this.#open.get(order.request.symbol)?.delete(order.orderId);
    this.#closedById.set(order.orderId, last);
    this.closed.push(last);
    if (order.request.reduceOnly) this.#reduceOnlyCount -= 1;
  }

  /** Open ones. */
  get reduceOnlyCount(): number {
    return this.#reduceOnlyCount;
  }

  findOpen(ref: VenueOrderRef): ClientOrder | undefined {
    return this.#open.get(ref.symbol)?.get(this.#idOf(ref));
  }

  find(ref: VenueOrderRef): VenueOrder | undefined {
    const order = this.findOpen(ref)?.snapshot() ?? this.#closedById.get(this.#idOf(ref));
    return order?.symbol === ref.symbol ? order : undefined;
  }

  usedLinkId(orderLinkId: string): boolean {
    return this.#linkIds.has(orderLinkId);
  }

  openCount(symbol: string): number {
    return this.#open.get(symbol)?.size ?? 0;
  }

  /** Oldest first within a symbol. */
  openOrders(scope: VenueScope = {}): ClientOrder[] {
    const symbols = [...this.#open.keys()].filter((symbol) => inScope(defined(this.#markets.get(symbol), symbol), scope));
    return symbols.flatMap((symbol) => [...(this.#open.get(symbol)?.values() ?? [])]);
  }

  holding(symbol: string): Holding {
    let holding = this.#holdings.get(symbol);
    if (holding === undefined) {
      holding = new Holding();
      this.#holdings.set(symbol, holding);
    }
    return holding;
  }

  /** Symbols in which it ever traded. */
  tradedSymbols(): string[] {
    return [...this.#holdings].filter(([, { sequence }]) => sequence >= 0).map(([symbol]) => symbol);
  }

  /** Counts what a resting order may still buy or sell, or no longer can. */
  count(order: ClientOrder): void {
    const { symbol, side, reduceOnly } = order.request;
    const value = order.queue === undefined || reduceOnly ? 0 : order.leaves * order.price;
    this.holding(symbol).resting[side] += value - order.counted;
    order.counted = value;
  }

  position(market: EmbeddedMarket): VenuePosition {
    const { symbol } = market.instrument;
    const holding = this.holding(symbol);
    const { quantity, cost, realised, fees, leverage, createdAt, updatedAt, sequence } = holding;
    return {
      symbol,
      quantity,
      cost,
      realised,
      fees,
      unrealised: holding.unrealised(market.markPrice),
      leverage,
      initialMargin: positionMargin(holding, market),
      maintenanceMargin: maintenanceMargin(holding, market),
      createdAt,
      updatedAt,
      sequence,
    };
  }

  wallet(): VenueWallet {
    let realised = 0;
    let unrealised = 0;
    let fees = 0;
    let position = 0;
    let total = 0;
    let maintenance = 0;
    for (const [symbol, holding] of this.#holdings) {
      const market = defined(this.#markets.get(symbol), symbol);
      realised += toAtoms(holding.realised, market.instrument);
      unrealised += toAtoms(holding.unrealised(market.markPrice), market.instrument);
      fees += holding.fees;
      position += positionMargin(holding, market);
      total += totalMargin(holding, market);
      maintenance += maintenanceMargin(holding, market);
    }
    const balance = this.deposit + realised - fees;
    return {
      balance: atoms(balance),
      equity: atoms(balance + unrealised),
      positionMargin: atoms(position),
      orderMargin: atoms(total - position),
      maintenanceMargin: atoms(maintenance),
      available: atoms(Math.max(0, balance + unrealised - total)),
      unrealised: atoms(unrealised),
      realised: atoms(realised),
    };
  }

  #idOf({ orderId, orderLinkId }: VenueOrderRef): string {
    return orderId ?? this.#linkIds.get(orderLinkId ?? '') ?? '';
  }
}

/** Bybit's priority where several are given: symbol, then base coin, then settle coin. */
function inScope({ instrument }: EmbeddedMarket, { symbol, baseCoin, settleCoin }: VenueScope): boolean {
  if (symbol !== undefined) return instrument.symbol === symbol;
  if (baseCoin !== undefined) return instrument.baseCoin === baseCoin;
  return settleCoin === undefined || instrument.settleCoin === settleCoin;
}
