import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import type { Settings } from '../../../src/config/fields.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import type { Journal } from '../../../src/execution/journal.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import type { FaultChoice } from '../../../src/simulator/faults/fault-choice.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import type { MarketName } from '../../../src/simulator/market-model/markets.ts';
import { beginJournal, readHistory } from '../../../src/store/journal-folder.ts';
import { scopedClock, sleep, VirtualClock, type Clock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { folderWith } from '../program/folders.ts';
import { inProcessExchange } from '../exchange/in-process-exchange.ts';
import { START } from '../builders/journals.ts';

export interface Run {
  readonly settings: Settings;
  readonly durationMs: number;
  /** `kill`: nothing more is said, sent or written. */
  readonly end: 'stop' | 'kill';
  readonly unfreeze?: boolean;
  /** The same time as this machine sees it. */
  readonly hostClock?: (clock: VirtualClock) => Clock;
  readonly between?: (exchange: Exchange) => Exchange;
  readonly onEvent?: (event: BotEvent) => void;
}

export interface RunResult {
  /** Why it did not even start. */
  readonly refused: string | undefined;
  readonly frozen: string | undefined;
  readonly events: readonly BotEvent[];
}

interface ExchangeOf {
  readonly seed?: string;
  readonly faults?: FaultChoice;
}

/** One account on an exchange that outlives its bots, and the folder of their journals. */
export class AccountRuns {
  readonly clock: VirtualClock;
  readonly folder = folderWith();
  readonly embedded: EmbeddedExchange;
  readonly ledger: Ledger;
  #runs = 0;

  constructor(startAt: number, market: MarketName = 'toxic', { seed = '7', ...rest }: ExchangeOf = {}) {
    this.clock = new VirtualClock(startAt);
    this.embedded = createEmbeddedExchange({ clock: this.clock, random: seededRandom(seed), symbols: ['BTCUSDT'], market, ...rest });
    this.ledger = this.embedded.venue.ledger(0);
    this.embedded.start();
  }

  /** What the account has lost so far, by the exchange's own record. */
  get lossUsd(): number {
    const { deposit, equity } = this.ledger.wallet();
    return Number(deposit) - Number(equity);
  }

  run(run: Run): Promise<RunResult> {
    return this.clock.run(this.#run(run));
  }

  async #run({ settings, durationMs, end, unfreeze = false, hostClock = (same) => same, ...rest }: Run): Promise<RunResult> {
    const { clock, folder, embedded } = this;
    const { between = (same: Exchange) => same, onEvent } = rest;
    this.#runs += 1;
    const idPrefix = `mm-run${this.#runs}-`;
    const history = readHistory(folder);
    if (history.frozen !== undefined && !unfreeze) return { refused: history.frozen.reason, frozen: undefined, events: [] };
    const host = scopedClock(hostClock(clock));
    const file = beginJournal(folder, { ...START, at: host.now(), runId: idPrefix }, history);
    if (history.frozen !== undefined) file.append({ type: 'unfreeze', at: host.now(), reason: history.frozen.reason });
    let isDead = false;
    // Simulated time cannot pass while a real disk is waited for.
    const journal: Journal = {
      append: (...records) => (isDead ? undefined : file.append(...records)),
      synced: () => Promise.resolve(),
      close: () => file.close(),
    };
    const limiter = tradingLimiter(host, settings.execution.opsPerSecond);
    const random = seededRandom(idPrefix);
    const exchange = inProcessExchange(embedded, { clock: host, random, settings, limiter });
    const events: BotEvent[] = [];
    const record = (event: BotEvent): void => {
      if (event.type !== 'turn' && event.type !== 'streamHeard') events.push(event);
      onEvent?.(event);
    };
    const { open: leftOpen, lastAt: journaledTo, day } = history;
    const shared = { settings, symbols: ['BTCUSDT'], journal, limiter, clock: host, random, record, idPrefix, leftOpen, journaledTo, day };
    const loop = new ExecutionLoop({ ...shared, exchange: between(exchange) });
    const refused = await loop.start().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof ExchangeError) return error.message;
        throw error;
      },
    );
    for (let ms = refused === undefined ? 0 : durationMs; ms < durationMs && loop.trading.mode !== 'frozen'; ms += 100)
      await sleep(clock, 100);
    if (end === 'stop' && refused === undefined) await loop.stop();
    isDead = true;
    await exchange.close();
    host[Symbol.dispose]();
    file.close();
    return { refused, frozen: loop.trading.mode === 'frozen' ? loop.trading.reason : undefined, events };
  }
}
