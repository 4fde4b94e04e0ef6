import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { BotEvent } from '../../execution/events.ts';
import type { StreamName } from '../../exchange/exchange.ts';
import type { Ticks } from '../../model/units.ts';
import type { Clock, Instant } from '../../util/clock.ts';

/** A condition and the time since which it holds. */
export interface Since<T> {
  readonly value: T;
  readonly at: Instant;
}

export interface CanceledBefore {
  readonly start: number;
  readonly freeze: number;
}

/** The current state of a bot that is shown to a person and kept in no report. */
export class LiveWatch {
  readonly #clock: Clock;
  readonly #quotes = new Map<string, { readonly bid: Ticks | undefined; readonly ask: Ticks | undefined }>();
  readonly #holds = new Map<string, Since<string>>();
  readonly #streams = new Map<StreamName, Since<'up' | 'down'>>();
  #frozenAt: Instant | undefined;
  readonly #canceled = { start: 0, freeze: 0 };
  #isStopping = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly record = (event: BotEvent): void => {
    const at = this.#clock.monotonic();
    if (event.type === 'turn') this.#quotes.set(event.symbol, { bid: event.bid, ask: event.ask });
    else if (event.type === 'stream') this.#streams.set(event.stream, { value: event.state, at });
    else if (event.type === 'frozen') this.#frozenAt ??= at;
    else if (event.type === 'cancelAllDone') this.#canceledBy(event.report);
    else if (event.type === 'hold') {
      if (event.reason === undefined) this.#holds.delete(event.symbol);
      else this.#holds.set(event.symbol, { value: event.reason, at });
    }
  };

  /** From the stop on, cancels of a freeze are not counted: they concern the same orders, which the stop reports. */
  stops(): void {
    this.#isStopping = true;
  }

  /** Our best resting prices at the last turn. */
  quotes(symbol: string): { readonly bid?: Ticks | undefined; readonly ask?: Ticks | undefined } {
    return this.#quotes.get(symbol) ?? {};
  }

  /** Why the symbol is not quoted; undefined while it is. */
  hold(symbol: string): Since<string> | undefined {
    return this.#holds.get(symbol);
  }

  get frozenAt(): Instant | undefined {
    return this.#frozenAt;
  }

  /** Orders canceled before the stop, by trigger. */
  get canceledBefore(): CanceledBefore {
    return this.#canceled;
  }

  #canceledBy({ trigger, canceled }: CancelReport): void {
    if (!this.#isStopping && (trigger === 'start' || trigger === 'freeze')) this.#canceled[trigger] += canceled;
  }

  get streams(): ReadonlyMap<StreamName, Since<'up' | 'down'>> {
    return this.#streams;
  }
}
