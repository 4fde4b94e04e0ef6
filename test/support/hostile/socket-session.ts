import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { socketsWire } from '../../../src/exchange/bybit/wire/wire-sockets.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import type { RunningServer } from '../../../src/simulator/server.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { isObject, parseJson, textIn } from '../../../src/util/json.ts';
import { randomInt, type Random } from '../../../src/util/random.ts';
import { startMs } from '../program/machine.ts';
import { startMmbot, type Running } from '../program/running.ts';
import { createHand, type Hand } from './hand.ts';
import { hostileWire, type Witness } from './hostile-wire.ts';
import { Hostility } from './hostility.ts';
import { Judge, Told, type Records } from './judge.ts';
import type { Phase, Scenario } from './kind.ts';
import { LIMITS } from './limits.ts';
import type { Plan } from './plan.ts';
import { startProxy } from './proxy.ts';
import type { SessionResult } from './virtual-session.ts';

const SYMBOL = 'BTCUSDT';
const LOOK_MS = 100;
const GRACE_MS = 2000;
const WRITER_MS = 5000;
const STOP_DEADLINE_MS = 11_250;
/** What may still land after a proof has landed by then. */
const AFTERWARDS_MS = 4000;
/** When the exchange is well again, the guard has its proof in this time. A ban is knocked at every five seconds. */
const GUARD_MS = 20_000;
const START_MS = 60_000;
const HALT_MS = 500;
/** What a machine does beside may take as long as so many starts of the program. */
const STARTS = 5;
const MOST_BYTES = 150 * 1024 * 1024;

/** One account of an `mmbot exchange` that many sessions share. */
export interface SocketAccount {
  readonly restUrl: string;
  readonly apiKey: string;
  readonly secret: string;
}

interface SocketSessionParts {
  readonly plan: Plan;
  readonly account: SocketAccount;
  /** An empty folder. */
  readonly cwd: string;
  /** What one start of the program takes here and now, ms. */
  readonly startMs: number;
}

/** One session between processes: the built program, a hostile proxy, an exchange, and signals at drawn moments. */
export async function socketSession(parts: SocketSessionParts): Promise<SessionResult> {
  const session = new SocketSession(parts);
  return session.run();
}

class SocketSession {
  readonly #parts: SocketSessionParts;
  readonly #draw: Random;
  readonly #direct: Wire = socketsWire();
  readonly #hand: Hand;
  readonly #hostility: Hostility;
  readonly #judge: Judge;
  readonly #since = systemClock.now();
  readonly #heard = new Map<Running, number>();
  readonly #pids = new Set<number>();
  readonly #proxies: RunningServer[] = [];
  #told: Told;
  #botUrl = '';
  #records: Records = { openOrders: [], executions: [], positions: [] };
  /** Wall time at which each create left, by client order id. */
  readonly #creates = new Map<string, number>();
  #ending: SessionResult['ending'] = 'unproved';

  constructor(parts: SocketSessionParts) {
    const { plan, account } = parts;
    this.#parts = parts;
    this.#draw = plan.random.fork('session');
    this.#hand = createHand({ wire: this.#direct, clock: systemClock, ...account, symbol: SYMBOL });
    this.#hostility = new Hostility({ drawn: plan.drawn, clock: systemClock, hand: this.#hand, seed: plan.seed });
    this.#judge = new Judge({
      hostility: this.#hostility,
      hand: this.#hand,
      maxPositionUsd: LIMITS['risk.maxPositionUsd'],
      now: () => systemClock.now(),
    });
    this.#told = this.#newTold();
  }

  async run(): Promise<SessionResult> {
    const watching = { isOver: false };
    const watch = this.#watch(watching);
    try {
      this.#hostility.begin();
      this.#botUrl = await this.#proxy({
        sends: (operation) => {
          if (operation.name === 'create') this.#creates.set(textIn(operation.parameters['orderLinkId']), systemClock.now());
          this.#told.sends(operation);
        },
        hearsAnswer: (path, body) => this.#told.hearsAnswer(path, body),
        hearsReply: (operation, reply) => this.#told.hearsReply(operation, reply),
        hearsRows: (topic, rows) => this.#told.hearsRows(topic, rows),
      });
      await this.#play();
    } finally {
      this.#hostility.end();
      for (const pid of this.#pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      watching.isOver = true;
      await watch;
      this.#judge.end(await this.#look());
      for (const proxy of this.#proxies) await proxy.close();
      await this.#direct.close();
    }
    const { violations, worstRatio } = this.#judge;
    return { violations, dealt: this.#hostility.dealt, ending: this.#ending, worstRatio, creates: this.#creates.size };
  }

  #play(): Promise<void> {
    const scenes: Record<Scenario, () => Promise<void>> = {
      stop: () => this.#stopScenario(),
      freeze: () => this.#stopScenario(),
      restart: () => this.#restartScenario(),
      'cancel-all': () => this.#cancelScenario(),
      guard: () => this.#guardScenario(),
    };
    return scenes[this.#parts.plan.scenario]();
  }

  async #stopScenario(): Promise<void> {
    const bot = await this.#quoting('startup');
    if (bot === undefined) return;
    if (this.#draw.uniform() < 0.3) {
      for (const pid of childrenOf(bot.pid)) process.kill(pid, 'SIGKILL');
      await pause(this.#between(0, 1500));
    }
    await this.#stop(bot);
  }

  async #restartScenario(): Promise<void> {
    const hasGuard = this.#draw.uniform() < 0.5;
    const first = await this.#quoting('startup', hasGuard ? [] : ['--no-guard']);
    first?.kill('SIGKILL');
    await pause(this.#between(0, 1500));
    const bot = await this.#quoting('restart');
    if (bot !== undefined) await this.#stop(bot);
  }

  async #guardScenario(): Promise<void> {
    const bot = await this.#quoting('startup');
    if (bot === undefined) return;
    this.#enter('guard');
    // What the bot was told its guard was not.
    this.#told = this.#newTold(this.#told);
    const hangs = this.#draw.uniform() < 0.3;
    bot.kill(hangs ? 'SIGSTOP' : 'SIGKILL');
    await pause(this.#between(1000, 5000));
    this.#hostility.end();
    if (!(await this.#until(() => bot.stderr().includes('"trigger":"guard"'), GUARD_MS)) && this.#own().length > 0)
      this.#judge.found({
        check: 'resting',
        text: `the exchange is well for ${GUARD_MS} ms, the guard has no proof, ${this.#own().length} orders rest`,
      });
    else {
      this.#ending = 'proved';
      if (this.#own().length > 0) await pause(1000);
      if (this.#own().length > 0)
        this.#judge.found({ check: 'resting', text: `the guard has ended, and ${this.#own().length} orders rest` });
    }
    if (!hangs) return;
    bot.kill('SIGCONT');
    await this.#stop(bot);
  }

  async #cancelScenario(): Promise<void> {
    const isBeside = this.#draw.uniform() < 0.4;
    const bot = await this.#quoting('startup', ['--no-guard']);
    if (bot !== undefined && !isBeside) bot.kill('SIGKILL');
    this.#enter('cancelAll');
    const told = this.#newTold();
    const url = await this.#proxy(told);
    const seconds = 8 + randomInt(this.#draw, 15);
    const way = this.#draw.uniform() < 0.5 ? '--force' : '--yes';
    const since = systemClock.now();
    const started = performance.now();
    const command = this.#start(['cancel-all', '--rest-url', url, way, '--mine', '--deadline', String(seconds), '--category', 'linear']);
    // Its deadline begins when it has started, and has asked a bot of this machine to halt.
    const bound = seconds * 1000 + GRACE_MS + STARTS * this.#parts.startMs + HALT_MS;
    if (!(await this.#endedBy(command, bound))) {
      this.#judge.found({
        check: 'deadline',
        text: `cancel-all --deadline ${seconds} runs for ${Math.round(performance.now() - started)} ms`,
      });
      return;
    }
    const exitCode = await command.exitCode;
    await this.#judgeExit(
      isBeside ? 'cancel-all beside a bot' : 'cancel-all',
      command,
      exitCode,
      told,
      since,
      isBeside && bot !== undefined,
    );
    if (isBeside && bot !== undefined && isAlive(bot.pid)) bot.kill('SIGKILL');
  }

  /** Undefined when it did not start. */
  async #quoting(phase: 'startup' | 'restart', more: readonly string[] = []): Promise<Running | undefined> {
    this.#enter(phase);
    const sets = Object.entries({ ...LIMITS, 'execution.stopDeadlineMs': STOP_DEADLINE_MS }).flatMap(([key, value]) => [
      '--set',
      `${key}=${value}`,
    ]);
    const bot = this.#start(['live', '--profile', 's1', '--rest-url', this.#botUrl, '--foreign-orders', 'ignore', ...sets, ...more]);
    const isUp = await this.#until(() => /"quoting"|"hold"/.test(bot.stderr()) || !isAlive(bot.pid), START_MS);
    if (!isUp || !isAlive(bot.pid)) {
      this.#ending = 'notStarted';
      if (!isUp) this.#judge.found({ check: 'deadline', text: `live has neither started nor ended after ${START_MS} ms` });
      else this.#judgeBug('live', bot, await bot.exitCode);
      return undefined;
    }
    if (phase === 'startup') this.#enter('quoting');
    await pause(this.#between(500, 4000));
    return bot;
  }

  async #stop(bot: Running): Promise<void> {
    this.#enter('stop');
    const since = systemClock.now();
    bot.kill(this.#draw.uniform() < 0.7 ? 'SIGTERM' : 'SIGINT');
    const bound = 2 * STOP_DEADLINE_MS + GRACE_MS;
    if (!(await this.#until(() => !isAlive(bot.pid), bound)) && !(await this.#until(() => !isAlive(bot.pid), STARTS * (await startMs())))) {
      this.#judge.found({ check: 'deadline', text: `live has not ended ${bound} ms after its signal` });
      return;
    }
    this.#hostility.end();
    await this.#ended(bot, GUARD_MS + 5000);
    const exitCode = await Promise.race([bot.exitCode, pause(1000)]);
    await this.#judgeExit('live', bot, exitCode ?? undefined, this.#told, since);
  }

  async #judgeExit(
    name: string,
    process: Running,
    exitCode: number | undefined,
    told: Told,
    since: number,
    isBeside = false,
  ): Promise<void> {
    this.#judgeBug(name, process, exitCode);
    this.#ending = exitCode === 0 ? 'proved' : 'unproved';
    const verdict = { what: `${name} exit ${exitCode}`, since, at: systemClock.now() };
    if (exitCode !== 0) return;
    this.#judge.claimed(verdict, await this.#look(), told);
    // A bot beside that was silent while everything was canceled could not be known of.
    const wrote = [...this.#creates.values()].some((at) => at < verdict.at && at >= verdict.at - WRITER_MS);
    if (isBeside && !wrote) return;
    await pause(AFTERWARDS_MS);
    this.#judge.claimed(verdict, await this.#look(), told);
  }

  #judgeBug(name: string, bot: Running, exitCode: number | undefined): void {
    if (exitCode !== 70 && !bot.stderr().includes('"fault:')) return;
    this.#judge.found({ check: 'bug', text: `${name} exit ${exitCode}: ${bot.stderr().slice(-400)}` });
  }

  #start(args: readonly string[]): Running {
    const { account, cwd } = this.#parts;
    const running = startMmbot(args, { env: { BYBIT_API_KEY: account.apiKey, BYBIT_API_SECRET: account.secret }, cwd });
    this.#heard.set(running, 0);
    this.#pids.add(running.pid);
    return running;
  }

  async #proxy(witness: Witness): Promise<string> {
    const { restUrl } = this.#parts.account;
    const proxy = await startProxy(hostileWire(socketsWire(), this.#hostility, witness), restUrl);
    this.#proxies.push(proxy);
    return proxy.restUrl;
  }

  /** Ledger, memory and claims, for as long as the session lasts. */
  async #watch(watching: { readonly isOver: boolean }): Promise<void> {
    while (!watching.isOver) {
      // What was said before this look was true before it.
      const claims = [...this.#heard].flatMap(([running]) => this.#newClaims(running));
      const records = await this.#look().catch(() => undefined);
      if (records !== undefined) {
        this.#judge.look(records);
        for (const { trigger, at } of claims) {
          // A bot whose start is proven goes on to quote.
          const isLater = (id: string): boolean => trigger === 'start' && (this.#creates.get(id) ?? 0) >= at;
          const openOrders = records.openOrders.filter(({ orderLinkId }) => !isLater(orderLinkId));
          this.#judge.claimed({ what: `${trigger}: verified`, since: this.#since, at }, { ...records, openOrders }, this.#told);
        }
      }
      for (const pid of this.#pids) {
        for (const child of childrenOf(pid)) this.#pids.add(child);
        const bytes = peakBytes(pid);
        if (bytes > MOST_BYTES) this.#judge.found({ check: 'memory', text: `a process had ${Math.round(bytes / 1024 / 1024)} MB` });
      }
      await pause(LOOK_MS);
    }
  }

  /** Cancel-alls that a process has called verified since the last time, and when. */
  #newClaims(running: Running): { readonly trigger: string; readonly at: number }[] {
    const text = running.stderr();
    const end = text.lastIndexOf('\n') + 1;
    const lines = text.slice(this.#heard.get(running) ?? 0, end).split('\n');
    this.#heard.set(running, end);
    return lines.flatMap((line) => {
      const said = line.includes('"cancel_all_done"') ? parseJson(line) : undefined;
      if (!isObject(said) || said['verified'] !== true || said['trigger'] === 'operator') return [];
      return [{ trigger: textIn(said['trigger']), at: Date.parse(textIn(said['time'])) }];
    });
  }

  async #look(): Promise<Records> {
    const { restUrl, apiKey } = this.#parts.account;
    const response = await fetch(`${restUrl}/admin/ledger?apiKey=${apiKey}`);
    const [records] = ((await response.json()) as { accounts: Records[] }).accounts;
    if (records !== undefined) this.#records = records;
    return this.#records;
  }

  #own(): readonly string[] {
    const { openOrders } = this.#records;
    return openOrders.map(({ orderLinkId }) => orderLinkId).filter((id) => id.startsWith('mm-') && !this.#hand.placed.has(id));
  }

  #newTold(before?: Told): Told {
    return new Told(this.#judge.found, (id) => this.#isIntended(id), before?.sent);
  }

  /** By the bytes of the journal, as they are at this moment. */
  #isIntended(clientOrderId: string): boolean {
    const state = join(this.#parts.cwd, '.mmbot');
    if (!existsSync(state)) return false;
    return readdirSync(state, { recursive: true, encoding: 'utf8' }).some(
      (name) => name.endsWith('.log') && readFileSync(join(state, name), 'utf8').includes(`"${clientOrderId}"`),
    );
  }

  #enter(phase: Phase): void {
    this.#hostility.phase = phase;
  }

  #between(least: number, most: number): number {
    return least + this.#draw.uniform() * (most - least);
  }

  async #until(isSo: () => boolean, ms: number): Promise<boolean> {
    const end = performance.now() + ms;
    while (!isSo()) {
      if (performance.now() > end) return false;
      await pause(20);
    }
    return true;
  }

  /** A machine that has become busier since is given as much more as it takes longer. */
  async #endedBy(running: Running, ms: number): Promise<boolean> {
    return (await this.#ended(running, ms)) || (await this.#ended(running, STARTS * (await startMs())));
  }

  /** With everything that has its pipes. */
  async #ended(running: Running, ms: number): Promise<boolean> {
    return Promise.race([running.exitCode.then(() => true), pause(ms).then(() => false)]);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function peakBytes(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
