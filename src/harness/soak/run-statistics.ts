import type { BotEvent } from '../../execution/events.ts';
import type { StreamName } from '../../exchange/exchange.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Position } from '../../model/position.ts';
import { Histogram } from '../../util/histogram.ts';
import type { Clock } from '../../util/clock.ts';
import { Counts } from '../measures/counts.ts';
import type { MemorySamples } from '../measures/memory-samples.ts';
import { EdgeSlices } from '../measures/edge-slices.ts';
import { sumUp, type RunTotals } from '../measures/measures.ts';
import { RunSeries } from '../series/run-series.ts';
import { TotalSeries } from '../series/total-series.ts';
import { RunningSd } from '../../util/running-sd.ts';
import { SymbolTally } from './symbol-tally.ts';

const MOST_MARKS = 200;

/** An incident to show in plots. `atMs`: since the start. `untilMs`: null when it was instantaneous or has not ended. */
export interface Mark {
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly kind: 'freeze' | 'stream' | 'book' | 'fault';
  readonly text: string;
}

/** Collects the figures of a report from the events of the bot. It only observes. */
export class RunStatistics {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #startedAtWall: number;
  readonly #horizonMs: number;
  /** By event type. */
  readonly events = new Counts();
  readonly denials = new Counts();
  readonly failures = new Counts();
  readonly holds = new Counts();
  readonly closings = new Counts();
  readonly divergences = new Counts();
  /** From the decision to create or amend to the answer, ms. */
  readonly ackLatency = new Histogram();
  /** From the decision to the first update of the order on a stream, ms. */
  readonly confirmLatency = new Histogram();
  readonly queueWait = new Histogram();
  readonly cancelLatency = new Histogram();
  readonly riskRatio = new Histogram();
  readonly series = new RunSeries();
  readonly totals = new TotalSeries();
  readonly edge = new EdgeSlices();
  /** Largest fall of net PnL from an earlier high, sampled once a second and at the end; the high is at least zero, the start. */
  drawdownUsd = 0;
  #highUsd = 0;
  #sampledAtMs = 0;
  readonly #inventory = new RunningSd();
  /** The first incidents; `marksDropped` counts those that were not kept. */
  readonly marks: Mark[] = [];
  marksDropped = 0;
  /** At the last sample. */
  activeFaults: readonly string[] = [];
  readonly symbols = new Map<string, SymbolTally>();

  /** `horizonMs`: of adverse selection, after each fill. */
  constructor(clock: Clock, horizonMs: number) {
    this.#clock = clock;
    this.#horizonMs = horizonMs;
    this.#startedAt = clock.monotonic();
    this.#startedAtWall = clock.now();
  }

  /** Standard deviation of the value of all positions together, sampled once a second. */
  get inventorySdUsd(): number {
    return this.#inventory.value;
  }

  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  /** `position`: held at the start; none by default. */
  addSymbol(instrument: Instrument, position?: Position): void {
    this.symbols.set(instrument.symbol, new SymbolTally(instrument, this.#horizonMs, position));
  }

  /** To be called once a second. */
  sample(): void {
    const { elapsedMs } = this;
    for (const tally of this.symbols.values()) {
      tally.sample(elapsedMs);
      if (tally.riskRatio !== undefined) this.riskRatio.record(tally.riskRatio);
    }
    this.#inventory.add([...this.symbols.values()].reduce((sum, { positionUsd }) => sum + positionUsd, 0));
    this.#sampledAtMs = elapsedMs;
    this.totals.add(this.#sampleTotals(), elapsedMs);
  }

  /** To be called when the totals are final: what came after the last sample, also while orders were canceled, belongs to it. */
  ended(): void {
    this.#sampleTotals();
  }

  #sampleTotals(): RunTotals {
    const totals = sumUp(this);
    this.edge.sample(totals, this.#sampledAtMs);
    this.#highUsd = Math.max(this.#highUsd, totals.netUsd);
    this.drawdownUsd = Math.max(this.drawdownUsd, this.#highUsd - totals.netUsd);
    return totals;
  }

  sampleMemory(memory: MemorySamples, bytes: number): void {
    memory.add(this.elapsedMs, bytes);
    this.series.addMemory(bytes / (1024 * 1024), this.elapsedMs);
  }

  readonly record = (event: BotEvent): void => {
    this.events.add(event.type);
    this.#count(event);
    this.#measure(event);
  };

  #measure(event: BotEvent): void {
    switch (event.type) {
      case 'turn':
        return this.symbols.get(event.symbol)?.turn(event, this.elapsedMs);
      case 'fill':
        this.series.count('filled', this.elapsedMs);
        return this.symbols.get(event.fill.symbol)?.filled(event, this.elapsedMs);
      case 'orderClosed':
        return this.symbols.get(event.symbol)?.closed(event.clientOrderId);
      case 'orderRefused':
        return this.symbols.get(event.order.symbol)?.closed(event.order.clientOrderId);
      case 'requestDropped':
        return event.kind === 'place' ? this.#forget(event.clientOrderId) : undefined;
      case 'funding':
        return this.symbols.get(event.payment.symbol)?.funded(event, this.#startedAtWall);
      case 'orderSent':
        return this.series.count('placed', this.elapsedMs);
      case 'amendSent':
        return this.series.count('amended', this.elapsedMs);
      case 'cancelSent':
        return this.series.count('canceled', this.elapsedMs);
      case 'orderAcked':
      case 'amendAcked':
        this.ackLatency.record(event.latencyMs);
        this.series.addLatency(event.latencyMs, this.elapsedMs);
        return this.queueWait.record(event.queueMs);
      case 'orderConfirmed':
        return this.confirmLatency.record(event.latencyMs);
      case 'cancelAcked':
        return this.cancelLatency.record(event.latencyMs);
      default:
        return undefined;
    }
  }

  #forget(clientOrderId: string): void {
    for (const tally of this.symbols.values()) tally.closed(clientOrderId);
  }

  #count(event: BotEvent): void {
    switch (event.type) {
      case 'orderDenied':
        return this.denials.add(event.denial.reason);
      case 'orderRefused':
      case 'orderUnknown':
      case 'amendFailed':
      case 'cancelFailed':
        // A cancel that arrives after its order has filled is no failure.
        if (event.reason === 'gone') return undefined;
        this.series.count('failed', this.elapsedMs);
        return this.failures.add(`${event.type} ${event.reason}`);
      case 'hold':
        return event.reason === undefined ? undefined : this.holds.add(event.reason);
      case 'orderClosed':
        return this.closings.add('reason' in event.state ? `${event.state.tag} ${event.state.reason}` : event.state.tag);
      case 'priceDiverged':
        return this.divergences.add('price');
      case 'reconciled':
        for (const divergence of event.divergences) this.divergences.add(divergence.split(' ')[0] ?? divergence);
        return undefined;
      case 'frozen':
        return this.#mark('freeze', event.reason);
      case 'stream':
        return event.state === 'down' ? this.#mark('stream', `${event.stream} stream down: ${event.reason}`) : this.#endOf(event.stream);
      case 'bookLost':
        return this.#mark('book', `${event.symbol} ${event.reason}`);
      default:
        return undefined;
    }
  }

  #mark(kind: Mark['kind'], text: string): void {
    if (this.marks.length < MOST_MARKS) this.marks.push({ atMs: this.elapsedMs, untilMs: null, kind, text });
    else this.marksDropped += 1;
  }

  #endOf(stream: StreamName): void {
    const isOpen = ({ kind, untilMs, text }: Mark): boolean => kind === 'stream' && untilMs === null && text.startsWith(`${stream} `);
    const index = this.marks.findLastIndex(isOpen);
    const mark = this.marks[index];
    if (mark !== undefined) this.marks[index] = { ...mark, untilMs: this.elapsedMs };
  }
}
