import { toAtoms } from '../../model/instrument.ts';
import { atoms, type Atoms } from '../../model/units.ts';
import { at } from '../../util/array.ts';
import { defined } from '../../util/assert.ts';
import type { ClientOrder } from '../orders/client-order.ts';
import { ClosedOrders } from './closed-orders.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { CoinBalances } from './coin-balances.ts';
import { Holding } from './holding.ts';
import { liquidationPrice } from './liquidation-price.ts';
import { maintenanceMargin, positionMargin, totalMargin } from './margin.ts';
import { isOfKind } from '../orders/order-kinds.ts';
import type { AccountId, CoinHolding, VenuePosition, VenueWallet } from '../venue/account-state.ts';
import type { VenueExecution, VenueOrder } from '../venue/orders.ts';
import type { PriceAction, VenueOrderRef, VenueScope } from '../venue/requests.ts';

/** The settle coin of every contract here. */
const SETTLE_COIN = 'USDT';

/** The account’s state on the spot market. */
export interface SpotSide {
  readonly coins: CoinBalances;
  readonly holdings: () => readonly CoinHolding[];
  /** Called before the account is liquidated. */
  readonly cancelAll: () => void;
}

/** One client account: its wallet, positions, orders and executions. */
export class Account {
  readonly id: AccountId;
  readonly deposit: Atoms;
  readonly executions: VenueExecution[] = [];
  readonly closed = new ClosedOrders();
  readonly counts = { created: 0, amended: 0, canceled: 0, rejected: 0 };
  readonly #markets: ReadonlyMap<string, EmbeddedMarket>;
  readonly #spot: SpotSide | undefined;
  readonly #holdings = new Map<string, Holding>();
  /** Open orders by symbol, unsorted. */
  readonly #open = new Map<string, ClientOrder[]>();
  /** Those of the open orders that wait for a trigger price, by symbol. */
  readonly #waiting = new Map<string, Set<ClientOrder>>();
  readonly #openById = new Map<string, ClientOrder>();
  /** Order ids by link id. Never removed, because a link id must not be used twice. */
  readonly #linkIds = new Map<string, string>();
  /** How to treat order prices outside the price limits. */
  priceAction: PriceAction = 'adjust';
  #reduceOnlyCount = 0;

  constructor(id: AccountId, deposit: Atoms, markets: ReadonlyMap<string, EmbeddedMarket>, spot?: SpotSide) {
    this.id = id;
    this.deposit = deposit;
    this.#markets = markets;
    this.#spot = spot;
  }

  add(order: ClientOrder): void {
    const { symbol, orderLinkId } = order.request;
    order.slot = this.#openOf(symbol).push(order) - 1;
    this.#openById.set(order.orderId, order);
    if (order.isWaiting) this.#waitingOf(symbol).add(order);
    if (order.request.reduceOnly) this.#reduceOnlyCount += 1;
    if (orderLinkId !== '') this.#linkIds.set(orderLinkId, order.orderId);
  }

  /** Moves a closed order to the history, where only its last state is kept. */
  file(order: ClientOrder): void {
    this.#forget(order);
    if (order.stopKind !== '') this.releaseStop(order);
    this.closed.add(order.snapshot());
    if (order.request.reduceOnly) this.#reduceOnlyCount -= 1;
  }

  /** Removes a stop that no longer waits from the stops of the position. */
  releaseStop(order: ClientOrder): void {
    const { symbol } = order.request;
    const { stops } = this.holding(symbol);
    this.#waiting.get(symbol)?.delete(order);
    if (stops.get(order.stopKind) === order) stops.delete(order.stopKind);
  }

  /** Open reduce-only orders. */
  get reduceOnlyCount(): number {
    return this.#reduceOnlyCount;
  }

  findOpen(ref: VenueOrderRef): ClientOrder | undefined {
    const order = this.#openById.get(this.#idOf(ref));
    return order?.request.symbol === ref.symbol ? order : undefined;
  }

  find(ref: VenueOrderRef): VenueOrder | undefined {
    const id = this.#idOf(ref);
    const order = this.#openById.get(id)?.snapshot() ?? this.closed.find(id);
    return order?.symbol === ref.symbol ? order : undefined;
  }

  usedLinkId(orderLinkId: string): boolean {
    return this.#linkIds.has(orderLinkId);
  }

  /** Number of orders in the book. */
  activeCount(symbol: string): number {
    return (this.#open.get(symbol)?.length ?? 0) - (this.#waiting.get(symbol)?.size ?? 0);
  }

  /** Number of orders that wait for a trigger price, without the stops of the position. */
  conditionalCount(symbol: string): number {
    return [...(this.#waiting.get(symbol) ?? [])].filter(({ stopKind }) => stopKind === 'Stop').length;
  }

  /** Oldest first within a symbol. */
  openOrders(scope: VenueScope = {}): ClientOrder[] {
    const symbols = [...this.#open.keys()].filter((symbol) => inScope(defined(this.#markets.get(symbol), symbol), scope));
    const orders = symbols.flatMap((symbol) => this.#openOf(symbol).toSorted(oldestFirst));
    return scope.kinds === undefined ? orders : orders.filter((order) => isOfKind(order, defined(scope.kinds, 'kinds')));
  }

  holding(symbol: string): Holding {
    let holding = this.#holdings.get(symbol);
    if (holding === undefined) {
      holding = new Holding();
      this.#holdings.set(symbol, holding);
    }
    return holding;
  }

  get hasPositions(): boolean {
    for (const { quantity } of this.#holdings.values()) if (quantity !== 0) return true;
    return false;
  }

  get spot(): SpotSide | undefined {
    return this.#spot;
  }

  /** Symbols that the account has ever traded. */
  tradedSymbols(): string[] {
    return [...this.#holdings].filter(([, { sequence }]) => sequence >= 0).map(([symbol]) => symbol);
  }

  /** Updates the holding with the value that a resting order may still trade. */
  count(order: ClientOrder): void {
    const { symbol, side, reduceOnly } = order.request;
    const value = order.queue === undefined || reduceOnly ? 0 : order.leaves * order.price;
    this.holding(symbol).resting[side] += value - order.counted;
    order.counted = value;
  }

  position(market: EmbeddedMarket): VenuePosition {
    const { symbol } = market.instrument;
    const holding = this.holding(symbol);
    const { quantity, cost, realised, fees, funding, leverage, createdAt, updatedAt, sequence, stops } = holding;
    return {
      symbol,
      quantity,
      cost,
      realised,
      fees,
      funding,
      unrealised: holding.unrealised(market.markPrice),
      leverage,
      initialMargin: positionMargin(holding, market),
      maintenanceMargin: maintenanceMargin(holding, market),
      liquidationPrice: () => liquidationPrice(holding, market, this.wallet()),
      takeProfit: stops.get('TakeProfit')?.trigger?.price,
      stopLoss: stops.get('StopLoss')?.trigger?.price,
      trailingStop: stops.get('TrailingStop')?.trail?.distance,
      createdAt,
      updatedAt,
      sequence,
    };
  }

  /** Change of the wallet by spot trading; negative after a buy. */
  get spotIncome(): Atoms {
    return this.#spot?.coins.balance(SETTLE_COIN) ?? atoms(0);
  }

  /** Balance that new orders may still use: `available` of the wallet, computed without its other figures. */
  available(): number {
    let free = this.deposit + this.spotIncome - (this.#spot?.coins.locked(SETTLE_COIN) ?? 0);
    for (const [symbol, holding] of this.#holdings) {
      const market = defined(this.#markets.get(symbol), symbol);
      const { instrument, markPrice } = market;
      free += toAtoms(holding.realised, instrument) + toAtoms(holding.unrealised(markPrice), instrument);
      free -= holding.fees + holding.funding + totalMargin(holding, market);
    }
    return Math.max(0, free);
  }

  wallet(): VenueWallet {
    let realised = 0;
    let unrealised = 0;
    let costs = 0;
    let position = 0;
    let total = 0;
    let maintenance = 0;
    for (const [symbol, holding] of this.#holdings) {
      const market = defined(this.#markets.get(symbol), symbol);
      realised += toAtoms(holding.realised, market.instrument);
      unrealised += toAtoms(holding.unrealised(market.markPrice), market.instrument);
      costs += holding.fees + holding.funding;
      position += positionMargin(holding, market);
      total += totalMargin(holding, market);
      maintenance += maintenanceMargin(holding, market);
    }
    const balance = this.deposit + realised - costs + this.spotIncome;
    const locked = this.#spot?.coins.locked(SETTLE_COIN) ?? 0;
    return {
      balance: atoms(balance),
      locked: atoms(locked),
      coins: this.#spot?.holdings() ?? [],
      equity: atoms(balance + unrealised),
      positionMargin: atoms(position),
      orderMargin: atoms(total - position),
      maintenanceMargin: atoms(maintenance),
      available: atoms(Math.max(0, balance + unrealised - total - locked)),
      unrealised: atoms(unrealised),
      realised: atoms(realised),
    };
  }

  #forget(order: ClientOrder): void {
    const open = this.#openOf(order.request.symbol);
    const last = at(open, open.length - 1);
    open[order.slot] = last;
    last.slot = order.slot;
    open.pop();
    this.#openById.delete(order.orderId);
  }

  #openOf(symbol: string): ClientOrder[] {
    let open = this.#open.get(symbol);
    if (open === undefined) {
      open = [];
      this.#open.set(symbol, open);
    }
    return open;
  }

  #waitingOf(symbol: string): Set<ClientOrder> {
    const waiting = this.#waiting.get(symbol) ?? new Set();
    this.#waiting.set(symbol, waiting);
    return waiting;
  }

  #idOf({ orderId, orderLinkId }: VenueOrderRef): string {
    return orderId ?? this.#linkIds.get(orderLinkId ?? '') ?? '';
  }
}

/** Ids are ascending. */
function oldestFirst(a: ClientOrder, b: ClientOrder): number {
  return a.orderId < b.orderId ? -1 : 1;
}

/** Bybit’s priority if several are given: symbol, then base coin, then settle coin. */
function inScope({ instrument }: EmbeddedMarket, { symbol, baseCoin, settleCoin }: VenueScope): boolean {
  if (symbol !== undefined) return instrument.symbol === symbol;
  if (baseCoin !== undefined) return instrument.baseCoin === baseCoin;
  return settleCoin === undefined || instrument.settleCoin === settleCoin;
}
