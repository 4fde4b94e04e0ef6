import { toAtoms, type FeeRates } from '../../model/instrument.ts';
import { ATOMS_SCALE, ppm, tickLots, type Lots, type Ticks } from '../../model/units.ts';
import { at } from '../../util/array.ts';
import { assert, defined } from '../../util/assert.ts';
import type { Cancel, Clock } from '../../util/clock.ts';
import { decimal, unitsAt } from '../../util/decimal.ts';
import type { Random } from '../../util/random.ts';
import { AccountOrders } from '../accounts/account-orders.ts';
import type { SpotSide } from '../accounts/account.ts';
import { CategoryVenue } from '../category-venue.ts';
import { amendInBook, preventedSelfMatch } from '../orders/book-changes.ts';
import { ClientOrder } from '../orders/client-order.ts';
import { CoinBalances } from '../accounts/coin-balances.ts';
import { BackgroundOrder } from '../market-model/background-orders.ts';
import { backgroundFlowsOf, STEP_MS, type BackgroundFlow } from '../market-model/background-flow.ts';
import { orderLedgerOf, type OrderLedger, type RateCounts } from '../ledger/embedded-ledger.ts';
import { numberSequence } from '../ids.ts';
import type { MarketName } from '../market-model/markets.ts';
import type { BookOrder } from '../matching/book-order.ts';
import type { Submission } from '../matching/order-matching.ts';
import { pace } from '../market-model/pace.ts';
import { checkSpotAmend, checkSpotPlace, refusedOnSpot, type SpotMeans } from './spot-checks.ts';
import type { Ending } from '../orders/order-endings.ts';
import { SpotClearing } from './spot-clearing.ts';
import { spotPresetOf } from './spot-instruments.ts';
import { SpotMarket } from './spot-market.ts';
import type { AccountId, CoinHolding, VenueWallet } from '../venue/account-state.ts';
import type { Outcome, VenueOrder } from '../venue/orders.ts';
import type { AmendRequest, PlaceRequest, VenueOrderRef, VenueScope } from '../venue/requests.ts';
import type { OrderVenue } from '../venue/venue.ts';

const VIP0_SPOT: FeeRates = { maker: ppm(1000), taker: ppm(1000) };
const SAMPLE_MS = 1000;

export interface SpotVenueOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Source of the random stream of the factor common to all markets. */
  readonly driver: Random;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  readonly accounts: number;
  readonly fees?: FeeRates;
  /** The account’s wallet of the settle coin, shared by derivatives and spot. */
  readonly wallet: (account: AccountId) => VenueWallet;
  readonly rateCounts: (account: AccountId) => RateCounts;
}

/** The venue of spot pairs: coins are exchanged, and no position is held on margin. */
export class SpotVenue extends CategoryVenue<SpotMarket, AccountOrders> implements OrderVenue {
  readonly symbols: readonly string[];
  readonly #options: SpotVenueOptions;
  readonly #flows: readonly BackgroundFlow[];
  readonly #coins: readonly CoinBalances[];
  readonly #clearing: SpotClearing;
  readonly #nextOrderId: () => string;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #stop: Cancel | undefined;

  /** Throws for a symbol that is not listed. */
  constructor(options: SpotVenueOptions) {
    const { clock, random, driver, symbols, accounts, fees = VIP0_SPOT } = options;
    super(accounts, (id, markets) => new AccountOrders(id, markets));
    const now = (): number => clock.now();
    this.#options = options;
    this.symbols = symbols;
    this.#coins = this.accounts.map(() => new CoinBalances());
    this.#nextOrderId = numberSequence(random.fork('order-ids'));
    this.#clearing = new SpotClearing({
      accounts: this.accounts,
      coins: this.#coins,
      wallet: options.wallet,
      now,
      nextId: numberSequence(random.fork('execution-ids')),
      publish: (event) => this.publish(event),
    });
    for (const symbol of symbols) this.#list(symbol, fees, now);
    this.#flows = backgroundFlowsOf(this.markets, options.market, random, driver);
  }

  place(id: AccountId, request: PlaceRequest): Outcome {
    const means = this.#meansOf(id);
    const market = defined(this.market(request.symbol), request.symbol);
    const checked = checkSpotPlace(means, market, request);
    if (!checked.ok) return reject(means.orders, checked);
    const { price, quantity } = checked;
    const origin = { account: id, orderId: this.#nextOrderId(), price, lastPrice: market.lastPrice, at: this.#options.clock.now() };
    const order = new ClientOrder(request, quantity, origin);
    means.orders.add(order);
    means.orders.counts.created += 1;
    const terms = request.type === 'market' ? 'IOC' : request.timeInForce;
    this.#conclude(market, order, market.engine.submit(order, terms), order.filled === 0);
    return { ok: true, order: order.snapshot() };
  }

  amend(id: AccountId, request: AmendRequest): Outcome {
    const means = this.#meansOf(id);
    const market = defined(this.market(request.symbol), request.symbol);
    const order = means.orders.findOpen(request);
    if (order === undefined) return reject(means.orders, gone(means.orders, request));
    const checked = checkSpotAmend(means, market, order, request);
    if (!checked.ok) return reject(means.orders, checked);
    means.orders.counts.amended += 1;
    order.amended(checked.quantity, this.#options.clock.now());
    this.#conclude(market, order, amendInBook(market.engine, order, checked), true);
    return { ok: true, order: order.snapshot() };
  }

  cancel(id: AccountId, ref: VenueOrderRef): Outcome {
    const { orders } = this.#meansOf(id);
    const order = orders.findOpen(ref);
    if (order === undefined) return reject(orders, gone(orders, ref));
    this.#cancel(order, 'byUser');
    return { ok: true, order: order.snapshot() };
  }

  /** Cancels all matching orders: spot has no cap. */
  cancelAll(id: AccountId, scope: VenueScope, cause: Ending = 'byUser'): readonly VenueOrder[] {
    return this.account(id)
      .openOrders(scope)
      .map((order) => {
        this.#cancel(order, cause);
        return order.snapshot();
      });
  }

  /** The spot state that the account’s wallet needs. */
  sideOf(id: AccountId): SpotSide {
    return {
      coins: at(this.#coins, id),
      holdings: () => this.#holdings(id),
      cancelAll: () => void this.cancelAll(id, {}, 'beforeLiquidation'),
    };
  }

  /** All base coins, valued at the index. */
  #holdings(id: AccountId): readonly CoinHolding[] {
    const coins = at(this.#coins, id);
    return [...this.markets.values()].map((market) => {
      const { baseCoin: coin } = market.instrument;
      const balance = coins.balance(coin);
      const value = toAtoms(tickLots(Math.floor(balance / market.atomsPerLot) * market.indexPrice), market.instrument);
      return { coin, balance, locked: coins.locked(coin), value };
    });
  }

  /** Without the coin balances, which belong to the wallet. */
  ledger(id: AccountId): OrderLedger {
    return orderLedgerOf(this.account(id), this.markets, () => this.#options.rateCounts(id));
  }

  start(): void {
    assert(this.#stop === undefined, 'the market is already running');
    this.#stop = pace(this.#options.clock, STEP_MS, () => this.#step());
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #list(symbol: string, fees: FeeRates, now: () => number): void {
    const pair = spotPresetOf(symbol);
    const market: SpotMarket = new SpotMarket(pair, fees, {
      onMatch: (_, ...match) => this.#matched(market, ...match),
      onSelfMatch: (_, ...orders) => preventedSelfMatch(this.#clearing, market, ...orders),
      now,
    });
    this.markets.set(symbol, market);
    for (const coins of this.#coins) coins.change(pair.terms.baseCoin, Number(unitsAt(decimal(pair.deposit), ATOMS_SCALE)));
  }

  #step(): void {
    for (const flow of this.#flows) flow.step();
    const now = this.#options.clock.now();
    const samples = now - this.#sampledAt >= SAMPLE_MS;
    if (samples) this.#sampledAt = now;
    for (const market of this.markets.values()) {
      market.stamp(now);
      if (samples) market.samplePremium();
    }
  }

  #matched(market: SpotMarket, maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots): void {
    market.stamp(this.#options.clock.now());
    this.#clearing.settle(market, maker, taker, price, quantity);
    if (maker instanceof BackgroundOrder && maker.leaves === 0) maker.release();
  }

  /** Publishes the result of an order besides its fills. */
  #conclude(market: SpotMarket, order: ClientOrder, submission: Submission, publishRow: boolean): void {
    market.stamp(this.#options.clock.now());
    if (submission === 'resting') this.#clearing.rests(market, order, publishRow);
    else if (submission !== 'filled') this.#clearing.end(market, order, submission);
  }

  #cancel(order: ClientOrder, ending: Ending): void {
    const market = defined(this.market(order.request.symbol), order.request.symbol);
    this.account(order.account).counts.canceled += 1;
    market.engine.remove(order);
    market.stamp(this.#options.clock.now());
    this.#clearing.end(market, order, ending);
  }

  #meansOf(id: AccountId): SpotMeans {
    return { orders: this.account(id), coins: at(this.#coins, id), wallet: this.#options.wallet(id) };
  }
}

function reject<T>({ counts }: AccountOrders, refusal: T): T {
  counts.rejected += 1;
  return refusal;
}

/** On spot, the error code tells how a closed order has ended. */
function gone(orders: AccountOrders, ref: VenueOrderRef): Extract<Outcome, { ok: false }> {
  const order = orders.find(ref);
  if (order === undefined) return refusedOnSpot(170213);
  return refusedOnSpot(order.status === 'Filled' ? 170139 : 170142);
}
