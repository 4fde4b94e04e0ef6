import type { BotEvent } from '../../execution/events.ts';
import type { ExecutionLoop } from '../../execution/loop/execution-loop.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Order } from '../../model/order.ts';
import type { Position } from '../../model/position.ts';
import type { Clock } from '../../util/clock.ts';

type Turn = Extract<BotEvent, { type: 'turn' }>;

/** One symbol at an instant. */
export interface Moment {
  readonly instrument: Instrument;
  /** The last decision up to the instant, and when it was made, ms since the start. */
  readonly turn: Turn;
  readonly decidedAtMs: number;
  /** Orders that were or might have been live at the instant. */
  readonly orders: readonly Order[];
  readonly position: Position;
}

/** Keeps the last decisions up to an instant of the run, and the orders and positions at that instant. It only observes. */
export class MomentWatch {
  readonly #clock: Clock;
  readonly #atMs: number;
  readonly #turns = new Map<string, Pick<Moment, 'turn' | 'decidedAtMs'>>();
  #startedAt = 0;
  #moments: readonly Moment[] | undefined;

  /** `atMs`: since the start. */
  constructor(clock: Clock, atMs: number) {
    this.#clock = clock;
    this.#atMs = atMs;
  }

  /** Empty until the instant has come. */
  get moments(): readonly Moment[] {
    return this.#moments ?? [];
  }

  /** To be called when the run begins. */
  begin(loop: ExecutionLoop): void {
    this.#startedAt = this.#clock.monotonic();
    this.#clock.schedule(this.#atMs, () => {
      this.#moments = [...this.#turns].map(([symbol, last]) => ({
        ...last,
        instrument: loop.state(symbol).instrument,
        orders: [...loop.store.live(symbol)],
        position: loop.store.position(symbol),
      }));
    });
  }

  readonly record = (event: BotEvent): void => {
    if (event.type !== 'turn' || this.#moments !== undefined) return;
    this.#turns.set(event.symbol, { turn: event, decidedAtMs: this.#clock.monotonic() - this.#startedAt });
  };
}
