import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import { BAN_MS } from '../../../src/exchange/bybit/codec/limits.ts';
import { Breakers } from '../../../src/execution/limits/breakers.ts';
import { OrderGateway } from '../../../src/execution/orders/order-gateway.ts';
import { OrderStore } from '../../../src/execution/orders/order-store.ts';
import { loadStates } from '../../../src/execution/loop/symbol-states.ts';
import type { SymbolState } from '../../../src/execution/loop/symbol-state.ts';
import { ReconcileScheduler } from '../../../src/execution/account/reconcile-scheduler.ts';
import { settledAfterMs, UnknownOrders } from '../../../src/execution/orders/unknown-orders.ts';
import { isLive, type Order } from '../../../src/model/order.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { defined } from '../../../src/util/assert.ts';
import { every, sleep, VirtualClock } from '../../../src/util/clock.ts';
import { randomInt, seededRandom, type Random } from '../../../src/util/random.ts';
import { approved } from '../builders/approved.ts';
import { inProcessExchange } from '../exchange/in-process-exchange.ts';
import { lossyWire } from '../wires/lossy-wire.ts';
import { settingsOf } from './virtual-soak.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import { observerOf } from '../builders/observers.ts';

const SYMBOL = 'BTCUSDT';
const PREFIX = 'mm-u';
/** Between two requests of one account. */
const STEP_MS = 50;
const LOOK_MS = 50;
const MOST_RESTING = 30;
const LOST_SHARE = 0.3;
const PATIENCE_MS = 60_000;

export interface UnknownOutcomes {
  readonly injected: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** From when the request left until what it did was known, ascending, ms. */
  readonly resolvedMs: readonly number[];
  /** Number of orders by final state, according to our store. */
  readonly endings: Readonly<Record<string, number>>;
  /** Orders for which our store differs from the exchange's record. */
  readonly wrong: readonly string[];
}

/** Places, amends and cancels of several accounts, of which `LOST_SHARE` end without an answer, until `count` have. */
export function sufferUnknownOutcomes(count: number, accounts: number, seed: string): Promise<UnknownOutcomes> {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom(seed);
  const embedded = createEmbeddedExchange({
    clock,
    random: random.fork('exchange'),
    symbols: [SYMBOL],
    market: 'calm',
    accounts,
    limits: 'pro1',
  });
  const run = async (): Promise<UnknownOutcomes> => {
    embedded.start();
    const bots = Array.from({ length: accounts }, (_, i) => new Account(embedded, i, clock, random.fork(`account ${i}`)));
    await Promise.all(bots.map((bot) => bot.suffer(count / accounts)));
    // Other events may still be in flight, or be found only by reconciliation; no order may fill meanwhile.
    embedded.venue.stop();
    await sleep(clock, 20_000);
    for (const bot of bots) bot.end();
    const outcome = merged(bots);
    embedded.stop();
    return outcome;
  };
  return clock.run(run());
}

class Account {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #embedded: EmbeddedExchange;
  readonly #index: number;
  readonly #store = new OrderStore();
  readonly #accepted = new Set<string>();
  readonly #lost = new Map<string, number>();
  readonly #finals = new Map<string, Order>();
  readonly byKind: Record<string, number> = {};
  readonly resolvedMs: number[] = [];
  #faulted: unknown;
  #orders = 0;
  #end: () => void = () => undefined;
  injected = 0;

  constructor(embedded: EmbeddedExchange, index: number, clock: VirtualClock, random: Random) {
    this.#embedded = embedded;
    this.#index = index;
    this.#clock = clock;
    this.#random = random;
  }

  async suffer(count: number): Promise<void> {
    const { gateway, close } = await this.#open();
    const endLooking = every(this.#clock, LOOK_MS, () => this.#look());
    while (this.injected < count && this.#faulted === undefined) {
      this.#act(gateway);
      await sleep(this.#clock, STEP_MS);
    }
    const deadline = this.#clock.monotonic() + PATIENCE_MS;
    while (this.#lost.size > 0 && this.#clock.monotonic() < deadline) await sleep(this.#clock, LOOK_MS);
    this.#end = () => {
      this.#look();
      endLooking();
      for (const order of this.#store.live()) this.#finals.set(order.clientOrderId, order);
      for (const id of this.#finals.keys()) this.#finals.set(id, this.#store.get(id) ?? defined(this.#finals.get(id), id));
      close();
      if (this.#faulted !== undefined) throw this.#faulted;
    };
  }

  /** The final state of every order in our store. */
  end(): void {
    this.#end();
  }

  /** Compares the final state of every order in our store with the exchange's record. */
  wrong(): string[] {
    const ledger = this.#embedded.venue.ledger(this.#index);
    const open = new Map(ledger.openOrders().map((row) => [row.orderLinkId, row]));
    const executed = new Map<string, bigint>();
    for (const { orderLinkId, quantity } of ledger.executions())
      executed.set(orderLinkId, (executed.get(orderLinkId) ?? 0n) + milli(quantity));
    const unresolved = [...this.#lost.keys()].map((id) => `${id} was never resolved`);
    return [
      ...unresolved,
      ...[...this.#finals.values()].flatMap((order) =>
        this.#differences(order, open.get(order.clientOrderId), executed.get(order.clientOrderId) ?? 0n),
      ),
    ];
  }

  endings(): string[] {
    return [...this.#finals.values()].map(({ state }) => state.tag);
  }

  #differences(order: Order, row: { readonly price: string; readonly quantity: string } | undefined, executed: bigint): string[] {
    const { clientOrderId: id, state, price, quantity, filled } = order;
    const say = (what: string): string[] => [`${id} (${state.tag}): ${what}`];
    if (
      milli(row?.quantity ?? '0') !== (row === undefined ? 0n : BigInt(quantity)) ||
      (row !== undefined && Number(row.price) * 10 !== price)
    )
      return say(`we have ${price} x ${quantity}, it has ${row?.price} x ${row?.quantity}`);
    if ((state.tag === 'open') !== (row !== undefined)) return say(row === undefined ? 'it does not rest' : 'it rests');
    if (BigInt(filled) !== executed) return say(`${filled} filled, by its record ${executed}`);
    const isDenied = state.tag === 'neverAccepted' || state.tag === 'rejected';
    return isDenied === this.#accepted.has(id) ? say(isDenied ? 'it was accepted' : 'it was not accepted') : [];
  }

  /** One request: a new order while there is room, else an amend or a cancel of one that is not in doubt. */
  #act(gateway: OrderGateway): void {
    const live = this.#store.live();
    const free = live.filter(({ state, change }) => state.tag === 'open' && change.kind === 'none');
    const picked = free[randomInt(this.#random, Math.max(1, free.length))];
    const draw = this.#random.uniform();
    if (live.length < MOST_RESTING && (picked === undefined || draw < 0.4))
      return gateway.execute({ cancels: [], amends: [], places: [approved(this.#newOrder())] });
    if (picked === undefined) return undefined;
    if (draw < 0.7) return gateway.execute({ cancels: [picked], amends: [], places: [] });
    const terms = {
      symbol: SYMBOL,
      clientOrderId: picked.clientOrderId,
      price: this.#price(picked.side),
      quantity: lots(20 + randomInt(this.#random, 10)),
    };
    return gateway.execute({ cancels: [], amends: [approved(terms)], places: [] });
  }

  #newOrder() {
    this.#orders += 1;
    const side = this.#random.uniform() < 0.5 ? ('buy' as const) : ('sell' as const);
    const base = {
      symbol: SYMBOL,
      postOnly: true,
      reduceOnly: false,
      side,
      price: this.#price(side),
      quantity: lots(10 + randomInt(this.#random, 10)),
    };
    return { ...base, clientOrderId: `${PREFIX}${this.#index}-${this.#orders.toString(36)}` };
  }

  /** Often at the touch, where it may be filled or refused for taking. */
  #price(side: 'buy' | 'sell') {
    const { book } = defined(this.#embedded.venue.market(SYMBOL), 'market');
    const away = this.#random.uniform() < 0.3 ? randomInt(this.#random, 3) - 1 : 20 + randomInt(this.#random, 300);
    return ticks(side === 'buy' ? defined(book.bids.price(0), 'bid') - away : defined(book.asks.price(0), 'ask') + away);
  }

  #look(): void {
    const now = this.#clock.monotonic();
    for (const [id, sentAt] of this.#lost) {
      const order = this.#store.get(id);
      const isInDoubt = order !== undefined && isLive(order) && (order.state.tag !== 'open' || order.change.kind !== 'none');
      if (isInDoubt) continue;
      this.#lost.delete(id);
      this.resolvedMs.push(now - sentAt);
    }
  }

  async #open() {
    const settings = settingsOf('s1', { 'execution.opsPerSecond': 100 });
    const { recvWindowMs } = settings.bybit;
    const clock = this.#clock;
    const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
    const breakers = new Breakers(clock, this.#random.fork('breakers'), BAN_MS);
    const losses = {
      random: this.#random.fork('losses'),
      share: LOST_SHARE,
      eventShare: 0.5,
      onAccepted: (id: string) => this.#accepted.add(id),
      onLost: (kind: string, id: string) => {
        this.injected += 1;
        this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
        this.#lost.set(id, clock.monotonic());
      },
    };
    const exchange = inProcessExchange(this.#embedded, {
      clock,
      random: this.#random,
      settings,
      limiter,
      account: this.#index,
      between: (wire) => lossyWire(wire, losses),
    });
    const states = new Map<string, SymbolState>();
    await loadStates(states, { exchange, symbols: [SYMBOL], clock, settings });
    const onFault = (error: unknown): void => void (this.#faulted ??= error);
    const journal = NO_JOURNAL;
    const shared = { exchange, store: this.#store, states, journal, clock, record: () => undefined, onFault, limiter, breakers };
    const observer = observerOf({ ...shared, record: (event) => this.#closed(event) });
    const unknown = new UnknownOrders({ ...shared, observer, recvWindowMs, watchedSince: () => 0, onResolved: () => undefined });
    const gateway = new OrderGateway({
      ...shared,
      queueDeadlineMs: settings.execution.queueDeadlineMs,
      askAbout: (order, sentAt) => unknown.resolve(order, sentAt),
      confirmWithinMs: settledAfterMs(recvWindowMs),
    });
    await exchange.connect([SYMBOL], (event) => observer.observe(event));
    const reconciling = new ReconcileScheduler({
      ...shared,
      symbols: [SYMBOL],
      idPrefix: PREFIX,
      mismatchedSymbols: new Set<string>(),
      blocks: new Set<string>(),
      freeze: (reason) => onFault(new Error(reason)),
      observer,
      unknown,
      onPassed: () => undefined,
    });
    await reconciling.begin(await exchange.serverTime());
    const endReconciling = every(clock, settings.execution.reconcileMs, () => reconciling.soon());
    const close = (): void => {
      endReconciling();
      unknown.stop();
    };
    return { gateway, close };
  }

  #closed(event: { readonly type: string }): void {
    if (event.type !== 'orderClosed' || !('clientOrderId' in event)) return;
    const order = this.#store.get(String(event.clientOrderId));
    if (order !== undefined) this.#finals.set(order.clientOrderId, order);
  }
}

function milli(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0').slice(0, 3));
}

function merged(bots: readonly Account[]): UnknownOutcomes {
  const count = (words: readonly string[]): Record<string, number> => {
    const totals: Record<string, number> = {};
    for (const word of words) totals[word] = (totals[word] ?? 0) + 1;
    return totals;
  };
  return {
    injected: bots.reduce((sum, { injected }) => sum + injected, 0),
    byKind: count(
      bots.flatMap(({ byKind }) => Object.entries(byKind).flatMap(([kind, times]) => Array.from({ length: times }, () => kind))),
    ),
    resolvedMs: bots.flatMap(({ resolvedMs }) => resolvedMs).sort((a, b) => a - b),
    endings: count(bots.flatMap((bot) => bot.endings())),
    wrong: bots.flatMap((bot) => bot.wrong()),
  };
}

/** p50, p99 and the longest, s. */
export function timesOf({ resolvedMs }: Pick<UnknownOutcomes, 'resolvedMs'>): Record<'p50' | 'p99' | 'max', number> {
  const quantile = (q: number): number => (resolvedMs[Math.max(0, Math.ceil(q * resolvedMs.length) - 1)] ?? Number.NaN) / 1000;
  return { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
}
