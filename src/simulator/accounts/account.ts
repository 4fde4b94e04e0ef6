import { toAtoms } from '../../model/instrument.ts';
import { atoms, type Atoms } from '../../model/units.ts';
import { defined } from '../../util/assert.ts';
import type { ClientOrder } from '../orders/client-order.ts';
import { AccountOrders } from './account-orders.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { CoinBalances } from './coin-balances.ts';
import { Holding } from './holding.ts';
import { liquidationPrice } from './liquidation-price.ts';
import { maintenanceMargin, positionMargin, totalMargin } from './margin.ts';
import type { AccountId, CoinHolding, VenuePosition, VenueWallet } from '../venue/account-state.ts';
import type { PriceAction } from '../venue/requests.ts';

/** The settle coin of every contract here. */
const SETTLE_COIN = 'USDT';

/** The account’s state on the spot market. */
export interface SpotSide {
  readonly coins: CoinBalances;
  readonly holdings: () => readonly CoinHolding[];
  /** Called before the account is liquidated. */
  readonly cancelAll: () => void;
}

/** One client account for contracts: its orders, positions and wallet. */
export class Account extends AccountOrders {
  readonly deposit: Atoms;
  readonly #spot: SpotSide | undefined;
  readonly #holdings = new Map<string, Holding>();
  /** How to treat order prices outside the price limits. */
  priceAction: PriceAction = 'adjust';

  constructor(id: AccountId, deposit: Atoms, markets: ReadonlyMap<string, EmbeddedMarket>, spot?: SpotSide) {
    super(id, markets);
    this.deposit = deposit;
    this.#spot = spot;
  }

  /** Removes a stop that no longer waits from the stops of the position. */
  override releaseStop(order: ClientOrder): void {
    const { symbol } = order.request;
    const { stops } = this.holding(symbol);
    super.releaseStop(order);
    if (stops.get(order.stopKind) === order) stops.delete(order.stopKind);
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
    const { quantity, cost, realized, fees, funding, leverage, createdAt, updatedAt, sequence, stops } = holding;
    return {
      symbol,
      quantity,
      cost,
      realized,
      fees,
      funding,
      unrealized: holding.unrealized(market.markPrice),
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
      const market = defined(this.markets.get(symbol), symbol);
      const { instrument, markPrice } = market;
      free += toAtoms(holding.realized, instrument) + toAtoms(holding.unrealized(markPrice), instrument);
      free -= holding.fees + holding.funding + totalMargin(holding, market);
    }
    return Math.max(0, free);
  }

  wallet(): VenueWallet {
    let realized = 0;
    let unrealized = 0;
    let costs = 0;
    let position = 0;
    let total = 0;
    let maintenance = 0;
    for (const [symbol, holding] of this.#holdings) {
      const market = defined(this.markets.get(symbol), symbol);
      realized += toAtoms(holding.realized, market.instrument);
      unrealized += toAtoms(holding.unrealized(market.markPrice), market.instrument);
      costs += holding.fees + holding.funding;
      position += positionMargin(holding, market);
      total += totalMargin(holding, market);
      maintenance += maintenanceMargin(holding, market);
    }
    const balance = this.deposit + realized - costs + this.spotIncome;
    const locked = this.#spot?.coins.locked(SETTLE_COIN) ?? 0;
    return {
      balance: atoms(balance),
      locked: atoms(locked),
      coins: this.#spot?.holdings() ?? [],
      equity: atoms(balance + unrealized),
      positionMargin: atoms(position),
      orderMargin: atoms(total - position),
      maintenanceMargin: atoms(maintenance),
      available: atoms(Math.max(0, balance + unrealized - total - locked)),
      unrealized: atoms(unrealized),
      realized: atoms(realized),
    };
  }
}
