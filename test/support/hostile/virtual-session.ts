import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import { createBybitExchange } from '../../../src/exchange/bybit/bybit-exchange.ts';
import { createCancelClient } from '../../../src/exchange/bybit/cancel/cancel-client.ts';
import { patientReads } from '../../../src/exchange/bybit/rest/read-again.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { MmbotError } from '../../../src/errors.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { cancelAll } from '../../../src/execution/cancel/cancel-all.ts';
import type { CancelReport } from '../../../src/execution/cancel/cancel-report.ts';
import { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import { settledAfterMs } from '../../../src/execution/orders/unknown-orders.ts';
import { OWN_PREFIX } from '../../../src/model/order.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { inProcessWire } from '../../../src/simulator/wire-in-process.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { every, sleep, VirtualClock } from '../../../src/util/clock.ts';
import { randomId, randomInt, type Random } from '../../../src/util/random.ts';
import { settingsOf } from '../bots/virtual-soak.ts';
import { createHand, type Hand } from './hand.ts';
import { hostileWire } from './hostile-wire.ts';
import { Hostility } from './hostility.ts';
import { Judge, Told, type Records, type Violation } from './judge.ts';
import type { Phase, Scenario } from './kind.ts';
import { beginLife, type Life } from './life.ts';
import { LIMITS } from './limits.ts';
import { MemoryJournal } from './memory-journal.ts';
import type { Plan } from './plan.ts';

/** So long before funding is paid that a bot holds something by then. */
const START = 1_767_225_600_000 - 8000;
const SYMBOL = 'BTCUSDT';
const LOOK_MS = 100;
/** What may still land after a proof has landed by then: a create arrives in its window, or never. */
const AFTERWARDS_MS = 5000;
const GRACE_MS = 2000;
/** Streams are waited for half a minute, reads are patient, orders of an earlier run are canceled. */
const START_MS = 120_000;
/** So long the market trades on while everything is canceled: what takes longer needs none. */
const MARKET_MS = 5000;
/** After a freeze, when the exchange is well again. A ban is knocked at every five seconds. */
const RECOVERY_MS = 8000;

export interface SessionResult {
  readonly violations: readonly Violation[];
  readonly dealt: ReadonlyMap<string, number>;
  /** How it ended: `proved` that nothing rests, or not. */
  readonly ending: 'proved' | 'unproved' | 'notStarted';
  readonly worstRatio: number;
  readonly creates: number;
}

/** One session in simulated time, whatever its plan says. */
export async function virtualSession(plan: Plan): Promise<SessionResult> {
  const clock = new VirtualClock(START);
  const session = new VirtualSession(plan, clock);
  return clock.run(session.run());
}

class Overdue extends Error {}

class VirtualSession {
  readonly #plan: Plan;
  readonly #clock: VirtualClock;
  readonly #draw: Random;
  readonly #embedded: EmbeddedExchange;
  readonly #inner: Wire;
  readonly #hand: Hand;
  readonly #hostility: Hostility;
  readonly #judge: Judge;
  readonly #journal = new MemoryJournal();
  readonly #told: Told;
  readonly #settings;
  #ending: SessionResult['ending'] = 'unproved';

  constructor(plan: Plan, clock: VirtualClock) {
    this.#plan = plan;
    this.#clock = clock;
    this.#draw = plan.random.fork('session');
    const market = this.#draw.uniform() < 0.6 ? 'toxic' : 'btc';
    this.#embedded = createEmbeddedExchange({ clock, random: plan.random.fork('exchange'), symbols: [SYMBOL], market });
    this.#inner = inProcessWire(this.#embedded.surface, clock);
    const { apiKey, secret } = at(this.#embedded.keys, 0);
    this.#hand = createHand({ wire: this.#inner, clock, restUrl: 'http://embedded', apiKey, secret, symbol: SYMBOL });
    // A cause of a freeze that lasts, or none.
    const brake =
      plan.scenario === 'freeze' && this.#draw.uniform() < 0.6 ? { 'risk.maxFillsInBurst': 3, 'risk.fillBurstMs': 600_000 } : {};
    this.#settings = settingsOf('s1', { ...LIMITS, ...brake });
    this.#hostility = new Hostility({ drawn: plan.drawn, clock, hand: this.#hand, seed: plan.seed });
    this.#judge = new Judge({
      hostility: this.#hostility,
      hand: this.#hand,
      maxPositionUsd: LIMITS['risk.maxPositionUsd'],
      now: () => clock.now(),
    });
    this.#told = this.#newTold();
  }

  async run(): Promise<SessionResult> {
    const endLooking = every(this.#clock, LOOK_MS, () => this.#judge.look(this.#records()));
    try {
      await this.#play();
    } catch (error) {
      if (!(error instanceof Overdue))
        this.#judge.found({ check: 'bug', text: String(error instanceof Error ? error.stack : error).slice(0, 600) });
    }
    endLooking();
    this.#hostility.end();
    this.#judge.end(this.#records());
    this.#embedded.stop();
    const { violations, worstRatio } = this.#judge;
    return { violations, dealt: this.#hostility.dealt, ending: this.#ending, worstRatio, creates: this.#told.sent.size };
  }

  #play(): Promise<void> {
    const { scenario } = this.#plan;
    const hasLoop = scenario !== 'cancel-all' || this.#draw.uniform() < 0.4;
    this.#hostility.begin();
    if (!hasLoop) {
      this.#restOld(1 + randomInt(this.#draw, 60));
      return this.#emergency('cancelAll');
    }
    this.#embedded.start();
    const scenes: Record<Scenario, () => Promise<void>> = {
      stop: () => this.#stopScenario(),
      freeze: () => this.#freezeScenario(),
      restart: () => this.#restartScenario(),
      'cancel-all': () => this.#killedThen('cancelAll'),
      guard: () => this.#killedThen('guard'),
    };
    return scenes[scenario]();
  }

  async #stopScenario(): Promise<void> {
    // Long enough for instruments to be read again.
    const isLong = this.#plan.drawn.some(({ kind: { group } }) => group === 'instruments') || this.#draw.uniform() < 0.1;
    const bot = isLong ? await this.#quoting('startup', 10_500, 14_000) : await this.#quoting('startup', 2500, 8000);
    if (bot !== undefined) await this.#stop(bot);
  }

  async #freezeScenario(): Promise<void> {
    const bot = await this.#quoting('startup', 2000, 6000);
    if (bot === undefined) return;
    if (bot.loop.trading.mode !== 'frozen') {
      this.#enter('freeze');
      bot.loop.freeze('a drill');
    }
    await sleep(this.#clock, this.#between(2000, 18_000));
    this.#hostility.end();
    await sleep(this.#clock, RECOVERY_MS);
    const open = this.#records().openOrders.filter(({ orderLinkId }) => this.#told.sent.has(orderLinkId));
    if (open.length > 0)
      this.#judge.found({ check: 'resting', text: `frozen, the exchange is well for ${RECOVERY_MS} ms, and ${open.length} orders rest` });
    await this.#stop(bot);
  }

  async #restartScenario(): Promise<void> {
    const first = await this.#quoting('startup', 2000, 6000);
    this.#kill(first);
    this.#journal.crash(this.#draw.uniform());
    await sleep(this.#clock, this.#draw.uniform() < 0.5 ? this.#between(0, 1000) : this.#between(1000, 20_000));
    const bot = await this.#quoting('restart', 1500, 5000);
    if (bot !== undefined) await this.#stop(bot);
  }

  async #killedThen(phase: 'cancelAll' | 'guard'): Promise<void> {
    const bot = await this.#quoting('startup', 2000, 5000);
    this.#kill(bot);
    if (phase === 'guard') await sleep(this.#clock, this.#between(0, 2200));
    await this.#emergency(phase);
  }

  /** Undefined when it did not start. */
  async #quoting(phase: 'startup' | 'restart', least: number, most: number): Promise<Bot | undefined> {
    this.#enter(phase);
    const bot = this.#newBot();
    try {
      await this.#within(START_MS, 'start', bot.loop.start());
    } catch (error) {
      if (error instanceof Overdue || !(error instanceof ExchangeError || error instanceof MmbotError)) throw error;
      this.#ending = 'notStarted';
      bot.life.kill();
      return undefined;
    }
    bot.started();
    if (phase === 'startup' && bot.loop.trading.mode !== 'frozen') this.#enter('quoting');
    await sleep(this.#clock, this.#between(least, most));
    return bot;
  }

  async #stop(bot: Bot): Promise<void> {
    this.#enter('stop');
    const since = this.#clock.now();
    // The proof, and then the last word on every order: each has its time.
    const report = await this.#within(2 * LIMITS['execution.stopDeadlineMs'] + GRACE_MS, 'stop', bot.loop.stop().catch(unreadable));
    await this.#judgeReport('stop', report, this.#told, since);
    if (bot.loop.fault !== undefined) this.#judge.found({ check: 'bug', text: `fault: ${stackOf(bot.loop.fault)}` });
    bot.life.kill();
  }

  #kill(bot: Bot | undefined): void {
    if (bot === undefined) return;
    if (bot.loop.fault !== undefined) this.#judge.found({ check: 'bug', text: `fault: ${stackOf(bot.loop.fault)}` });
    bot.life.kill();
  }

  /** `mmbot cancel-all`, or the guard: a key and a host, no memory. */
  async #emergency(phase: 'cancelAll' | 'guard'): Promise<void> {
    this.#enter(phase);
    const told = this.#newTold();
    const life = beginLife(this.#clock, hostileWire(this.#inner, this.#hostility, told));
    const { clock } = life;
    const limiter = tradingLimiter(clock, 10);
    const client = createCancelClient({
      wire: life.wire,
      clock,
      random: this.#plan.random.fork('client'),
      credentials: at(this.#embedded.keys, 0),
      restUrl: 'http://embedded',
      wsUrl: 'ws://embedded',
      recvWindowMs: 2000,
      requestTimeoutMs: 2000,
      beforeQuery: async () => void (await limiter.acquire('query')),
      beforeResend: async () => void (await limiter.acquire('cancel')),
      onLimit: (observation) => limiter.observe(observation),
    });
    const isGuard = phase === 'guard';
    const deadlineMs = isGuard ? 120_000 : 15_000 + randomInt(this.#draw, 45_000);
    const since = clock.now();
    const work = cancelAll(
      {
        trigger: isGuard ? 'guard' : 'operator',
        scopes: [{ category: 'linear', settleCoin: 'USDT' }],
        isTarget: ({ clientOrderId }) => !isGuard || clientOrderId.startsWith(OWN_PREFIX),
        includeStops: false,
        perOrder: !isGuard && this.#draw.uniform() < 0.5,
        lateCreateDeadline: clock.monotonic() + settledAfterMs(2000),
        deadlineMs,
      },
      { port: client.port, clock, limiter },
    ).catch(unreadable);
    const report = await this.#within(deadlineMs + GRACE_MS, phase, work);
    await this.#judgeReport(phase, report, told, since);
    await client.close();
    life.kill();
  }

  async #judgeReport(claim: string, report: CancelReport | undefined, told: Told, since: number): Promise<void> {
    this.#ending = report?.verified === true ? 'proved' : 'unproved';
    const verdict = { what: `${claim}: verified`, since, at: this.#clock.now() };
    if (report?.verified !== true) return this.#judge.gaveUp({ ...verdict, what: claim }, this.#records(), told);
    this.#judge.claimed(verdict, this.#records(), told);
    // Nothing of the market is needed any more.
    this.#embedded.venue.stop();
    await sleep(this.#clock, AFTERWARDS_MS);
    this.#judge.claimed(verdict, this.#records(), told);
  }

  #newBot(): Bot {
    const settings = this.#settings;
    const life = beginLife(this.#clock, hostileWire(this.#inner, this.#hostility, this.#told));
    const { clock } = life;
    const random = this.#plan.random.fork(`bot ${this.#told.sent.size}`);
    const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
    let isStarting = true;
    const patient = patientReads(6);
    const exchange = createBybitExchange({
      wire: life.wire,
      clock,
      random: random.fork('adapter'),
      credentials: at(this.#embedded.keys, 0),
      restUrl: 'http://embedded',
      wsUrl: 'ws://embedded',
      ...settings.bybit,
      beforeQuery: async () => void (await limiter.acquire('query')),
      readAgain: (error, tries, path) => (isStarting ? patient(error, tries, path) : undefined),
    });
    const history = this.#journal.history();
    const sinceMs = history.lastIntentAt === undefined ? Number.POSITIVE_INFINITY : clock.now() - history.lastIntentAt;
    const startedAt = clock.now();
    const loop = new ExecutionLoop({
      settings,
      symbols: [SYMBOL],
      exchange,
      journal: this.#journal,
      limiter,
      clock,
      random: random.fork('loop'),
      idPrefix: `${OWN_PREFIX}${randomId(random.fork('run id'), 6)}-`,
      lateCreateDeadline: clock.monotonic() + Math.max(0, settledAfterMs(settings.bybit.recvWindowMs) - Math.max(0, sinceMs)),
      leftOpen: history.open,
      record: (event) => {
        if (event.type === 'frozen' && this.#plan.scenario === 'freeze') this.#enter('freeze');
        if (event.type === 'cancelAllDone' && event.report.verified && event.report.trigger !== 'stop')
          this.#judge.claimed(
            { what: `${event.report.trigger}: verified`, since: startedAt, at: clock.now() },
            this.#records(),
            this.#told,
          );
      },
    });
    return {
      loop,
      life,
      started: () => {
        isStarting = false;
      },
    };
  }

  #newTold(): Told {
    return new Told(this.#judge.found, (id) => this.#journal.isIntended(id));
  }

  /** Orders of a run that nobody remembers. */
  #restOld(count: number): void {
    const { venue } = this.#embedded;
    const { markPrice, instrument } = defined(venue.market(SYMBOL), SYMBOL);
    for (let i = 0; i < count; i += 1) {
      const price = ticks(Math.floor(markPrice * 0.995) - i);
      const quantity = lots(Math.max(instrument.minQuantity, Math.ceil(instrument.minNotional / price)));
      const terms = { type: 'limit', timeInForce: 'PostOnly', reduceOnly: false, side: 'buy', symbol: SYMBOL } as const;
      const outcome = venue.place(0, { ...terms, price, quantity, orderLinkId: `${OWN_PREFIX}old-${i}` });
      if (!outcome.ok) throw new Error(outcome.message);
    }
  }

  #records(): Records {
    const ledger = this.#embedded.venue.ledger(0);
    return { openOrders: ledger.openOrders(), executions: ledger.executions(), positions: ledger.positions() };
  }

  #enter(phase: Phase): void {
    this.#hostility.phase = phase;
    // What no cancel reaches is to rest, not to be filled.
    if (phase === 'freeze') this.#clock.schedule(0, () => this.#embedded.venue.stop());
    if (phase === 'stop' || phase === 'cancelAll' || phase === 'guard') this.#clock.schedule(MARKET_MS, () => this.#embedded.venue.stop());
  }

  #between(least: number, most: number): number {
    return least + this.#draw.uniform() * (most - least);
  }

  async #within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
    const late = sleep(this.#clock, ms).then(() => LATE);
    const first = await Promise.race([work, late]);
    if (first !== LATE) return first as T;
    work.then(undefined, () => undefined);
    this.#judge.found({ check: 'deadline', text: `${what} has not ended after ${ms} ms` });
    throw new Overdue(what);
  }
}

const LATE = Symbol('late');

interface Bot {
  readonly loop: ExecutionLoop;
  readonly life: Life;
  started(): void;
}

function unreadable(error: unknown): undefined {
  if (error instanceof ExchangeError) return undefined;
  throw error;
}

function stackOf(error: unknown): string {
  return String(error instanceof Error ? error.stack : error).slice(0, 500);
}
