import { atoms, lots, ppm, type Atoms, type Lots, type Ticks } from '../model/units.ts';
import type { FeeRates } from '../model/instrument.ts';
import { at } from '../util/array.ts';
import { assert, defined } from '../util/assert.ts';
import { every, type Cancel, type Clock } from '../util/clock.ts';
import { randomInt, type Random } from '../util/random.ts';
import { Account } from './account.ts';
import { Clearing } from './clearing.ts';
import { ClientOrder } from './client-order.ts';
import { CrowdOrder } from './crowd-orders.ts';
import { Crowd, STEP_MS } from './crowd.ts';
import { ledgerOf, type RateCounts } from './embedded-ledger.ts';
import { EmbeddedMarket, type MarketMatchListener } from './embedded-market.ts';
import { uuidSequence } from './ids.ts';
import { presetOf, type InstrumentPreset } from './instruments.ts';
import type { Ledger } from './ledger.ts';
import { knobsOf, type MarketName } from './markets.ts';
import type { BookOrder, Submission } from './matching-engine.ts';
import { checkAmend, checkPlace, refused, type CheckedOrder, type Refusal } from './order-checks.ts';
import type {
  AccountId,
  AmendRequest,
  Outcome,
  PlaceRequest,
  TimeInForce,
  Venue,
  VenueEvent,
  VenueExecution,
  VenueOrder,
  VenueOrderRef,
  VenuePosition,
  VenueScope,
  VenueWallet,
} from './venue.ts';

const VIP0: FeeRates = { maker: ppm(200), taker: ppm(550) };
/** 100,000 USDT. */
const DEPOSIT = atoms(100_000 * 1e8);
const MOST_CANCELED = 500;
/** After a stall the crowd makes up for no more than this. */
const MOST_STEPS = 100;

export interface VenueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  /** How many client accounts. */
  readonly accounts: number;
  readonly deposit?: Atoms;
  readonly fees?: FeeRates;
  /** Asks whoever limits the clients' requests what it counted. */
  readonly rateCounts?: (account: AccountId) => RateCounts;
}

/** Throws for a symbol that is not listed. */
export function createVenue(options: VenueOptions): Venue {
  return new EmbeddedVenue({ ...options, presets: options.symbols.map(presetOf) });
}

type Parts = Omit<VenueOptions, 'symbols'> & { readonly presets: readonly InstrumentPreset[] };

export class EmbeddedVenue implements Venue {
  readonly symbols: readonly string[];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #rateCounts: (account: AccountId) => RateCounts;
  readonly #markets = new Map<string, EmbeddedMarket>();
  readonly #crowds: Crowd[];
  readonly #accounts: readonly Account[];
  readonly #clearing: Clearing;
  readonly #nextOrderId: () => string;
  readonly #listeners: ((event: VenueEvent) => void)[] = [];
  #stop: Cancel | undefined;

  constructor({ clock, random, presets, market, accounts, deposit = DEPOSIT, fees = VIP0, rateCounts }: Parts) {
    const now = (): number => clock.now();
    this.#clock = clock;
    this.#random = random.fork('cancel-all');
    this.#rateCounts = rateCounts ?? (() => ({ rateLimited: 0, worstRollingSecond: 0 }));
    this.symbols = presets.map(({ terms }) => terms.symbol);
    this.#accounts = Array.from({ length: accounts }, (_, id) => new Account(id, deposit, this.#markets));
    const nextId = uuidSequence(random.fork('execution-ids'));
    this.#nextOrderId = uuidSequence(random.fork('order-ids'));
    this.#clearing = new Clearing({ accounts: this.#accounts, now, nextId, publish: (event) => this.#publish(event) });
    const onMatch: MarketMatchListener = (...match) => this.#matched(...match);
    for (const preset of presets) this.#markets.set(preset.terms.symbol, new EmbeddedMarket(preset, fees, onMatch, now));
    this.#crowds = [...this.#markets].map(([symbol, each]) => new Crowd(each, knobsOf(market), random.fork(`market/${symbol}`)));
  }

  market(symbol: string): EmbeddedMarket | undefined {
    return this.#markets.get(symbol);
  }

  place(id: AccountId, request: PlaceRequest): Outcome {
    const account = this.#account(id);
    const market = this.market(request.symbol);
    if (market === undefined) return reject(account, refused(10001, `symbol '${request.symbol}'`));
    const checked = checkPlace(account, market, request);
    if (!checked.ok) return reject(account, checked);
    const { price, quantity } = checked;
    const orderId = this.#nextOrderId();
    const origin = { account: id, orderId, price, lastPrice: market.lastPrice, at: this.#clock.now() };
    const order = new ClientOrder(request, quantity, origin);
    account.add(order);
    account.counts.created += 1;
    this.#conclude(market, order, market.engine.submit(order, bookTerms(request)), true);
    return { ok: true, order: order.snapshot() };
  }

  amend(id: AccountId, request: AmendRequest): Outcome {
    const account = this.#account(id);
    const market = this.market(request.symbol);
    const order = account.findOpen(request);
    if (market === undefined || order === undefined) return reject(account, refused(110001));
    const checked = checkAmend(account, market, order, request);
    if (!checked.ok) return reject(account, checked);
    account.counts.amended += 1;
    order.amended(checked.quantity, this.#clock.now());
    this.#conclude(market, order, amendInBook(market, order, checked), false);
    return { ok: true, order: order.snapshot() };
  }

  cancel(id: AccountId, ref: VenueOrderRef): Outcome {
    const account = this.#account(id);
    const market = this.market(ref.symbol);
    const order = account.findOpen(ref);
    if (market === undefined || order === undefined) return reject(account, refused(110001));
    this.#cancel(account, market, order);
    return { ok: true, order: order.snapshot() };
  }

  cancelAll(id: AccountId, scope: VenueScope): readonly VenueOrder[] {
    const account = this.#account(id);
    const orders = account.openOrders(scope);
    if (orders.length > MOST_CANCELED) shuffle(orders, this.#random);
    return orders.slice(0, MOST_CANCELED).map((order) => {
      this.#cancel(account, defined(this.market(order.request.symbol), order.request.symbol), order);
      return order.snapshot();
    });
  }

  openOrders(id: AccountId): readonly VenueOrder[] {
    const orders = this.#account(id).openOrders();
    return orders.sort(newestFirst).map((order) => order.snapshot());
  }

  closedOrders(id: AccountId): readonly VenueOrder[] {
    return this.#account(id).closed.toReversed();
  }

  findOrder(id: AccountId, ref: VenueOrderRef): VenueOrder | undefined {
    return this.#account(id).find(ref);
  }

  executions(id: AccountId): readonly VenueExecution[] {
    return this.#account(id).executions.toReversed();
  }

  position(id: AccountId, symbol: string): VenuePosition {
    return this.#account(id).position(defined(this.market(symbol), symbol));
  }

  wallet(id: AccountId): VenueWallet {
    return this.#account(id).wallet();
  }

  setLeverage(id: AccountId, symbol: string, leverage: number): 'changed' | 'unchanged' {
    const { instrument } = defined(this.market(symbol), symbol);
    assert(leverage >= 1 && leverage <= instrument.maxLeverage, `leverage ${leverage} is not within 1 to ${instrument.maxLeverage}`);
    const holding = this.#account(id).holding(symbol);
    if (holding.leverage === leverage) return 'unchanged';
    holding.leverage = leverage;
    return 'changed';
  }

  ledger(id: AccountId): Ledger {
    return ledgerOf(this.#account(id), this.#markets, () => this.#rateCounts(id));
  }

  onEvent(listener: (event: VenueEvent) => void): void {
    this.#listeners.push(listener);
  }

  start(): void {
    assert(this.#stop === undefined, 'the crowd is already trading');
    let done = this.#clock.monotonic() - STEP_MS;
    const catchUp = (): void => {
      const due = Math.floor((this.#clock.monotonic() - done) / STEP_MS);
      for (let i = Math.min(due, MOST_STEPS); i > 0; i -= 1) this.#stepCrowds();
      done += due * STEP_MS;
    };
    catchUp();
    this.#stop = every(this.#clock, STEP_MS, catchUp);
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #stepCrowds(): void {
    for (const crowd of this.#crowds) crowd.step();
    const now = this.#clock.now();
    for (const market of this.#markets.values()) market.stamp(now);
  }

  #matched(market: EmbeddedMarket, maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots): void {
    market.stamp(this.#clock.now());
    this.#clearing.settle(market, maker, taker, price, quantity);
    if (maker instanceof CrowdOrder && maker.leaves === 0) maker.release();
  }

  /** Publishes what became of an order beyond its fills. */
  #conclude(market: EmbeddedMarket, order: ClientOrder, submission: Submission, isNew: boolean): void {
    market.stamp(this.#clock.now());
    if (submission === 'resting') this.#clearing.rests(market, order, isNew ? order.filled === 0 : true);
    else if (submission !== 'filled') this.#clearing.end(market, order, submission);
  }

  #cancel(account: Account, market: EmbeddedMarket, order: ClientOrder): void {
    account.counts.canceled += 1;
    market.engine.remove(order);
    market.stamp(this.#clock.now());
    this.#clearing.end(market, order, 'byUser');
  }

  #account(id: AccountId): Account {
    return defined(this.#accounts[id], `account ${id}`);
  }

  #publish(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function reject(account: Account, refusal: Refusal): Refusal {
  account.counts.rejected += 1;
  return refusal;
}

/** A market order is an IOC at its worst price. */
function bookTerms({ type, timeInForce }: PlaceRequest): TimeInForce {
  return type === 'market' && timeInForce !== 'FOK' ? 'IOC' : timeInForce;
}

function amendInBook({ engine }: EmbeddedMarket, order: ClientOrder, { price, quantity }: CheckedOrder): Submission {
  const takes = order.request.timeInForce === 'PostOnly' && engine.wouldTake(order.direction, price);
  if (!takes) return engine.amend(order, price, lots(quantity - order.filled));
  engine.remove(order);
  order.price = price;
  return 'wouldTake';
}

function newestFirst(a: ClientOrder, b: ClientOrder): number {
  return a.orderId < b.orderId ? 1 : -1;
}

/** Fisher–Yates. */
function shuffle(orders: ClientOrder[], random: Random): void {
  for (let i = orders.length - 1; i > 0; i -= 1) {
    const j = randomInt(random, i + 1);
    const order = at(orders, i);
    orders[i] = at(orders, j);
    orders[j] = order;
  }
}
