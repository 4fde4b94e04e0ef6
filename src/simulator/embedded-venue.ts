import { atoms, type Atoms, type Lots, type Ticks } from '../model/units.ts';
import type { FeeRates } from '../model/instrument.ts';
import { assert, defined } from '../util/assert.ts';
import { every, type Cancel, type Clock } from '../util/clock.ts';
import type { Random } from '../util/random.ts';
import { Account, type SpotSide } from './accounts/account.ts';
import { CategoryVenue } from './category-venue.ts';
import { Clearing } from './accounts/clearing.ts';
import { BackgroundOrder } from './market-model/background-orders.ts';
import { backgroundFlowsOf, STEP_MS, type BackgroundFlow } from './market-model/background-flow.ts';
import { ledgerOf, type RateCounts } from './ledger/embedded-ledger.ts';
import { EmbeddedMarket, type MarketMatchListener, type SelfMatchOfMarket } from './embedded-market.ts';
import { VIP0 } from './fee-rates.ts';
import { Funding } from './accounts/funding.ts';
import { uuidSequence } from './ids.ts';
import { Liquidation } from './accounts/liquidation.ts';
import { pace } from './market-model/pace.ts';
import { presetOf, type InstrumentPreset } from './instruments.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { MarketName } from './market-model/markets.ts';
import type { BookOrder } from './matching/book-order.ts';
import { preventedSelfMatch } from './orders/book-changes.ts';
import { OrderEntry, type ExchangeEnding, type GoneCode } from './orders/order-entry.ts';
import type { Refusal } from './orders/order-refusals.ts';
import { PositionStops } from './orders/position-stops.ts';
import { preCheck } from './orders/pre-check.ts';
import type { MarketSource } from './market-source.ts';
import type { AccountId, VenuePosition, VenueWallet } from './venue/account-state.ts';
import type { Outcome, VenueOrder } from './venue/orders.ts';
import type { AmendRequest, PlaceRequest, PreCheck, PriceAction, TradingStop, VenueOrderRef, VenueScope } from './venue/requests.ts';
import type { Venue } from './venue/venue.ts';

/** 100,000 USDT. */
const DEPOSIT = atoms(100_000 * 1e8);
const PREMIUM_SAMPLE_MS = 1000;

export interface VenueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  /** Number of client accounts. */
  readonly accounts: number;
  readonly deposit?: Atoms;
  /** Those without a VIP level by default. */
  readonly fees?: FeeRates | undefined;
  /** Error code for amends and cancels of closed orders; 110001 by default. */
  readonly goneCode?: GoneCode | undefined;
  /** Reads the counts of the clients’ rate limits. */
  readonly rateCounts?: (account: AccountId) => RateCounts;
  /** The spot side of each account, if there is one. */
  readonly spotOf?: ((account: AccountId) => SpotSide) | undefined;
  /** Source of the market instead of the background flow; `market` is then ignored. */
  readonly source?: MarketSource | undefined;
}

/** Throws for a symbol that is not listed. */
export function createVenue(options: VenueOptions): Venue {
  const { symbols, source } = options;
  return new EmbeddedVenue({ ...options, presets: symbols.map((symbol) => source?.preset(symbol) ?? presetOf(symbol)) });
}

type Parts = Omit<VenueOptions, 'symbols'> & { readonly presets: readonly InstrumentPreset[] };

export class EmbeddedVenue extends CategoryVenue<EmbeddedMarket, Account> implements Venue {
  readonly symbols: readonly string[];
  readonly #clock: Clock;
  readonly #rateCounts: (account: AccountId) => RateCounts;
  readonly #flows: BackgroundFlow[];
  readonly #source: MarketSource | undefined;
  readonly #clearing: Clearing;
  readonly #funding: Funding;
  readonly #liquidation: Liquidation;
  readonly #positionStops: PositionStops;
  readonly #orderEntry: OrderEntry;
  #stop: Cancel | undefined;

  constructor({
    clock,
    random,
    presets,
    market,
    accounts,
    deposit = DEPOSIT,
    fees = VIP0,
    rateCounts,
    spotOf,
    source,
    goneCode = 110001,
  }: Parts) {
    super(accounts, (id, markets) => new Account(id, deposit, markets, spotOf?.(id)));
    const now = (): number => clock.now();
    this.#clock = clock;
    this.#rateCounts = rateCounts ?? (() => ({ rateLimited: 0, worstRollingSecond: 0, buckets: [] }));
    this.symbols = presets.map(({ terms }) => terms.symbol);
    const nextId = uuidSequence(random.fork('execution-ids'));
    this.#clearing = new Clearing({
      accounts: this.accounts,
      now,
      nextId,
      publish: (event) => this.publish(event),
      onFilled: (...filled) => this.#positionStops.filled(...filled),
    });
    const nextOrderId = uuidSequence(random.fork('order-ids'));
    const entry = { markets: this.markets, clearing: this.#clearing, nextOrderId, now };
    this.#positionStops = new PositionStops(entry);
    this.#orderEntry = new OrderEntry({ ...entry, random: random.fork('cancel-all'), goneCode });
    const onMatch: MarketMatchListener = (...match) => this.#matched(...match);
    const onSelfMatch: SelfMatchOfMarket = (...orders) => preventedSelfMatch(this.#clearing, ...orders);
    for (const preset of presets)
      this.markets.set(
        preset.terms.symbol,
        new EmbeddedMarket(preset, fees, onMatch, now, source?.matchingOf(preset.terms.symbol), onSelfMatch),
      );
    const nextPaymentId = uuidSequence(random.fork('funding-ids'));
    const funded = { accounts: this.accounts, markets: this.markets, nextId: nextPaymentId };
    this.#funding = new Funding({ ...funded, publish: (event) => this.publish(event) }, now());
    this.#liquidation = new Liquidation({
      ...entry,
      accounts: this.accounts,
      publish: (event) => this.publish(event),
      cancelOrders: (account) => this.#orderEntry.cancelBeforeLiquidation(account),
    });
    this.#source = source;
    this.#flows = source !== undefined ? [] : backgroundFlowsOf(this.markets, market, random);
  }

  place(id: AccountId, request: PlaceRequest): Outcome {
    return this.#orderEntry.place(this.account(id), request);
  }

  amend(id: AccountId, request: AmendRequest): Outcome {
    return this.#orderEntry.amend(this.account(id), request);
  }

  cancel(id: AccountId, ref: VenueOrderRef, receivedAt?: number): Outcome {
    return this.#orderEntry.cancel(this.account(id), ref, receivedAt);
  }

  cancelAll(id: AccountId, scope: VenueScope, cause: 'byUser' | 'byDisconnect' = 'byUser'): readonly VenueOrder[] {
    return this.#orderEntry.cancelAll(this.account(id), scope, cause);
  }

  endOrder(id: AccountId, ref: VenueOrderRef, why: ExchangeEnding): boolean {
    return this.#orderEntry.end(this.account(id), ref, why);
  }

  preCheck(id: AccountId, request: PlaceRequest): PreCheck {
    return preCheck(this.account(id), defined(this.market(request.symbol), request.symbol), request);
  }

  setTradingStop(id: AccountId, symbol: string, change: TradingStop): { readonly ok: true } | Refusal {
    const market = defined(this.market(symbol), symbol);
    return this.#positionStops.set(this.account(id), market, change);
  }

  priceAction(id: AccountId): PriceAction {
    return this.account(id).priceAction;
  }

  setPriceAction(id: AccountId, action: PriceAction): void {
    this.account(id).priceAction = action;
  }

  position(id: AccountId, symbol: string): VenuePosition {
    return this.account(id).position(defined(this.market(symbol), symbol));
  }

  wallet(id: AccountId): VenueWallet {
    return this.account(id).wallet();
  }

  setLeverage(id: AccountId, symbol: string, leverage: number): 'changed' | 'unchanged' {
    const { instrument } = defined(this.market(symbol), symbol);
    assert(leverage >= 1 && leverage <= instrument.maxLeverage, `leverage ${leverage} is not within 1 to ${instrument.maxLeverage}`);
    const holding = this.account(id).holding(symbol);
    if (holding.leverage === leverage) return 'unchanged';
    holding.leverage = leverage;
    return 'changed';
  }

  ledger(id: AccountId): Ledger {
    return ledgerOf(this.account(id), this.markets, () => this.#rateCounts(id));
  }

  start(): void {
    assert(this.#stop === undefined, 'the market is already running');
    this.#source?.start({ markets: this.markets, now: () => this.#clock.now(), publish: (event) => this.publish(event) });
    const stopSteps = pace(this.#clock, STEP_MS, () => this.#step());
    const stopSamples = every(this.#clock, PREMIUM_SAMPLE_MS, () => {
      for (const market of this.markets.values()) market.samplePremium();
    });
    this.#stop = () => {
      stopSteps();
      stopSamples();
    };
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#source?.stop();
  }

  #step(): void {
    for (const flow of this.#flows) flow.step();
    const now = this.#clock.now();
    for (const market of this.markets.values()) {
      market.stamp(now);
      market.stops.saw('mark', market.markPrice);
      market.stops.saw('index', market.indexPrice);
      this.#orderEntry.runTriggers(market);
    }
    this.#funding.advance(now);
    this.#liquidation.advance(now);
  }

  #matched(market: EmbeddedMarket, maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots): void {
    market.stamp(this.#clock.now());
    this.#clearing.settle(market, maker, taker, price, quantity);
    if (maker instanceof BackgroundOrder && maker.leaves === 0) maker.release();
  }
}
