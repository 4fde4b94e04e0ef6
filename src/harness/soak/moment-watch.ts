import type { BotEvent } from '../../execution/events.ts';
import type { ExecutionLoop } from '../../execution/loop/execution-loop.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Order } from '../../model/order.ts';
import type { Position } from '../../model/position.ts';
import type { Clock, WallTime } from '../../util/clock.ts';

type Turn = Extract<BotEvent, { type: 'turn' }>;

/** One symbol at an instant. */
export interface Moment {
  readonly instrument: Instrument;
  /** The last decision up to the instant, and when it was made, ms since the start. */
  readonly turn: Turn;
  readonly decidedAtMs: number;
  /** The same as wall time. */
  readonly decidedAt: WallTime;
  /** The instant, ms since the start. */
  readonly atMs: number;
  /** Orders that were or might have been live at the instant. */
  readonly orders: readonly Order[];
  readonly position: Position;
}

/** The instant that was asked for, ms since the start, and why there is no decision to show; undefined when there is one. */
export interface AskedMoment {
  readonly atMs: number;
  readonly missing: 'run_ended_before' | 'nothing_decided' | undefined;
}

/** Keeps the last decisions up to an instant of the run, and the orders and positions at that instant. It only observes. */
export class MomentWatch {
  readonly #clock: Clock;
  readonly #atMs: number;
  readonly #turns = new Map<string, Pick<Moment, 'turn' | 'decidedAtMs' | 'decidedAt'>>();
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

  get asked(): AskedMoment {
    const atMs = this.#atMs;
    if (this.#moments === undefined) return { atMs, missing: 'run_ended_before' };
    return { atMs, missing: this.#moments.length === 0 ? 'nothing_decided' : undefined };
  }

  /** To be called when the run begins. */
  begin(loop: ExecutionLoop): void {
    this.#startedAt = this.#clock.monotonic();
    this.#clock.schedule(this.#atMs, () => {
      this.#moments = [...this.#turns].map(([symbol, last]) => ({
        ...last,
        atMs: this.#atMs,
        instrument: loop.state(symbol).instrument,
        orders: [...loop.store.live(symbol)],
        position: loop.store.position(symbol),
      }));
    });
  }

  readonly record = (event: BotEvent): void => {
    if (event.type !== 'turn' || this.#moments !== undefined) return;
    const decidedAt = this.#clock.now();
    this.#turns.set(event.symbol, { turn: event, decidedAtMs: this.#clock.monotonic() - this.#startedAt, decidedAt });
  };
}
