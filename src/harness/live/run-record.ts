import type { BotEvent } from '../../execution/events.ts';
import type { ExecutionLoop } from '../../execution/loop/execution-loop.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { stampedClock, type Clock } from '../../util/clock.ts';
import { MemorySamples } from '../measures/memory-samples.ts';
import { FillWatch } from '../soak/fill-watch.ts';
import { RunStatistics } from '../soak/run-statistics.ts';
import { LiveWatch } from './live-watch.ts';

/** Everything that is observed of a live run: for its screen, its result and its report. */
export class RunRecord {
  readonly statistics: RunStatistics;
  readonly fills: FillWatch;
  readonly memory = new MemorySamples();
  readonly watch: LiveWatch;

  /** `horizonMs`: of adverse selection, after each fill. */
  constructor(clock: Clock, exchange: Pick<Exchange, 'now'>, horizonMs: number) {
    this.statistics = new RunStatistics(clock, horizonMs);
    // Fills are dated by the clock of the exchange.
    this.fills = new FillWatch(
      stampedClock(clock, () => exchange.now()),
      exchange,
    );
    this.watch = new LiveWatch(clock);
  }

  readonly record = (event: BotEvent): void => {
    this.statistics.record(event);
    this.fills.record(event);
    this.watch.record(event);
  };

  /** The start has ended: instruments and positions are known. */
  began({ store, states }: Pick<ExecutionLoop, 'store' | 'states'>): void {
    for (const [symbol, { instrument }] of states) {
      this.statistics.addSymbol(instrument, store.position(symbol));
      this.fills.addSymbol(instrument);
    }
  }

  /** To be called once a second. */
  sample(memoryBytes: number): void {
    this.statistics.sample();
    this.statistics.sampleMemory(this.memory, memoryBytes);
  }

  /** The bot has begun to cancel everything. */
  stopping(): void {
    this.watch.stops();
    this.fills.stopping();
  }

  /** Nothing comes any more. */
  ended(): void {
    this.statistics.ended();
  }
}
