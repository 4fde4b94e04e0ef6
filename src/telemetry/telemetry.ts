import type { BotEvent, Recorder } from '../execution/events.ts';
import { ACTIVE } from '../risk/trading-state.ts';
import { systemClock, type Clock } from '../util/clock.ts';
import { watchLoopLag } from '../util/loop-lag.ts';
import { eventMetrics } from './event-metrics.ts';
import { Metrics } from './metrics.ts';
import { startMetricsServer, type Health, type MetricsServer } from './metrics-server.ts';
import { readInto, type TurnEvent, type Watched } from './scrape.ts';

/** The bot is not alive when its last turn is older than this. */
const ALIVE_MS = 2000;
const LAG_PROBE_MS = 20;

export interface TelemetryParts {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly token: string | undefined;
  /** The clock of the run. The process itself is always measured in real time. */
  readonly clock: Clock;
  readonly symbols: readonly string[];
  readonly command: string;
  readonly version: string;
  /** Resident memory, bytes. */
  readonly memoryBytes: () => number;
  /** Processor time so far, ms. */
  readonly cpuMs: () => number;
}

/** The metrics of one run and the server that publishes them. */
export class Telemetry {
  readonly #parts: TelemetryParts;
  readonly #metrics: Metrics;
  readonly #turns = new Map<string, TurnEvent>();
  readonly #count: Recorder;
  readonly #stopProbe: () => void;
  #turnedAt: number | undefined;
  #watched: Watched | undefined;
  #read: ((metrics: Metrics) => void) | undefined;
  #server: MetricsServer | undefined;

  constructor(parts: TelemetryParts) {
    const { symbols, clock, command, version } = parts;
    this.#parts = parts;
    this.#metrics = new Metrics(symbols);
    this.#metrics.set('mm_run_info', { command, version }, 1);
    for (const stream of ['public', 'private', 'trade'] as const) this.#metrics.set('mm_stream_up', { stream }, 0);
    this.#count = eventMetrics(this.#metrics, clock);
    this.#stopProbe = watchLoopLag(systemClock, LAG_PROBE_MS, (lagMs) => this.#metrics.observe('mm_event_loop_lag_ms', {}, lagMs));
  }

  /** Starts the server and returns its URL. Rejects when it cannot listen. */
  async open(): Promise<string> {
    const { contentType } = this.#metrics;
    const [health, scrape] = [() => this.#health(), () => this.scrape()];
    this.#server = await startMetricsServer({ ...this.#parts, contentType, health, scrape });
    return this.#server.url;
  }

  async close(): Promise<void> {
    this.#stopProbe();
    await this.#server?.close();
  }

  /** Makes every scrape from now on read this bot. */
  watch(watched: Watched): void {
    this.#watched = watched;
  }

  /** Makes every scrape from now on call `read`: for a command that runs no bot in this process. */
  readBy(read: (metrics: Metrics) => void): void {
    this.#read = read;
  }

  record(event: BotEvent): void {
    this.#count(event);
    if (event.type !== 'turn') return;
    this.#turnedAt = this.#parts.clock.monotonic();
    this.#turns.set(event.symbol, event);
  }

  scrape(): Promise<string> {
    const { memoryBytes, cpuMs } = this.#parts;
    this.#metrics.set('mm_memory_bytes', {}, memoryBytes());
    this.#metrics.raiseTo('mm_cpu_seconds_total', {}, cpuMs() / 1000);
    if (this.#watched !== undefined) readInto(this.#metrics, this.#watched, this.#turns);
    this.#read?.(this.#metrics);
    return this.#metrics.text();
  }

  /**
   * Any answer proves that the process lives; recent turns prove that the bot’s loop runs. Commands without turns have only the first
   * proof.
   */
  #health(): Health {
    if (this.#read !== undefined) return { alive: true, ready: true, state: 'running' };
    const { phase, trading } = this.#watched ?? { phase: 'starting', trading: ACTIVE };
    if (phase !== 'running') return { alive: true, ready: false, state: phase };
    const alive = this.#turnedAt === undefined || this.#parts.clock.monotonic() - this.#turnedAt < ALIVE_MS;
    return { alive, ready: alive && trading.mode !== 'frozen', state: alive ? trading.mode : 'not turning' };
  }
}
