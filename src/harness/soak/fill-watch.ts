import type { Exchange } from '../../exchange/exchange.ts';
import type { BotEvent } from '../../execution/events.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Clock } from '../../util/clock.ts';
import { LaterMid } from '../measures/later-mid.ts';
import { FILL_HORIZONS_MS, KeptFills, resultUsd, type OwnFill } from './kept-fills.ts';
import { OrderTrails, type Standing } from './order-trails.ts';

/**
 * The embedded exchange has the clock of this process, unless a fault moves it: then the bot’s estimate is nearer, which is off by some of
 * the latency.
 */
const ESTIMATE_MS = 250;

type FillEvent = Extract<BotEvent, { type: 'fill' }>;

/** Fills whose orders were in one standing. */
export interface StandingSum extends Standing {
  readonly fills: number;
  /** What the losing ones of them lost: markout times size; zero or positive. */
  readonly lossUsd: number;
}

interface Waiting {
  readonly atMs: number;
  readonly own: OwnFill;
}

interface Market {
  readonly instrument: Instrument;
  readonly horizons: readonly LaterMid<Waiting>[];
}

/** Pairs each fill with what its order was doing, why it had its price, and the mids after it. It only observes. */
export class FillWatch {
  readonly #clock: Clock;
  readonly #exchangeNow: () => number;
  readonly #startedAt: number;
  readonly #trails = new OrderTrails();
  readonly #kept = new KeptFills();
  readonly #markets = new Map<string, Market>();
  readonly #sums = new Map<string, { readonly standing: Standing; fills: number; lossUsd: number }>();

  constructor(clock: Clock, exchange: Pick<Exchange, 'now'>) {
    this.#clock = clock;
    this.#exchangeNow = () => {
      const [ours, estimate] = [clock.now(), exchange.now()];
      return Math.abs(estimate - ours) <= ESTIMATE_MS ? ours : estimate;
    };
    this.#startedAt = clock.monotonic();
  }

  addSymbol(instrument: Instrument): void {
    const horizons = FILL_HORIZONS_MS.map(
      (ms, index) =>
        new LaterMid<Waiting>(ms, ({ own }, mid) => {
          own.later[index] = mid;
          if (index === FILL_HORIZONS_MS.length - 1) this.#sumOf(own.standing).lossUsd += lossOf(own);
        }),
    );
    this.#markets.set(instrument.symbol, { instrument, horizons });
  }

  /** The bot has begun to cancel everything. */
  stopping(): void {
    this.#trails.stopped(this.#elapsedMs, 'stop');
  }

  get fills(): readonly OwnFill[] {
    return this.#kept.all();
  }

  /** Number of fills that were not kept. */
  get dropped(): number {
    return this.#kept.dropped;
  }

  /** Of all fills, also those that were not kept; most frequent first. */
  standings(): readonly StandingSum[] {
    const sums = new Map([...this.#sums].map(([key, { standing, ...sum }]) => [key, { ...standing, ...sum }]));
    for (const { horizons } of this.#markets.values()) {
      for (const { own } of horizons.at(-1)?.waiting ?? []) {
        const sum = sums.get(keyOf(own.standing));
        if (sum !== undefined) sum.lossUsd += lossOf(own);
      }
    }
    return [...sums.values()].sort((a, b) => b.fills - a.fills);
  }

  readonly record = (event: BotEvent): void => {
    switch (event.type) {
      case 'turn':
        if (event.mid !== undefined)
          for (const horizon of this.#markets.get(event.symbol)?.horizons ?? []) horizon.moved(event.mid, this.#elapsedMs);
        return this.#trails.turn(event, this.#elapsedMs);
      case 'fill':
        return this.#filled(event);
      case 'frozen':
        return this.#trails.stopped(this.#elapsedMs, event.reason);
      case 'cancelSent':
        return this.#trails.canceling(event.clientOrderId, this.#elapsedMs);
      case 'orderClosed':
        return this.#trails.closed(event.clientOrderId);
      case 'orderRefused':
        return this.#trails.closed(event.order.clientOrderId);
      case 'requestDropped':
        return event.kind === 'place' ? this.#trails.closed(event.clientOrderId) : undefined;
      default:
        return undefined;
    }
  };

  #filled({ fill, mid }: FillEvent): void {
    const market = this.#markets.get(fill.symbol);
    if (market === undefined) return;
    const learnedAtMs = this.#elapsedMs;
    const atMs = Math.max(0, learnedAtMs - Math.max(0, this.#exchangeNow() - fill.at));
    const standpoint = this.#trails.at(fill, atMs);
    const later = FILL_HORIZONS_MS.map(() => undefined);
    const own: OwnFill = { fill, instrument: market.instrument, atMs, learnedAtMs, mid, later, ...standpoint };
    this.#kept.add(own);
    this.#sumOf(own.standing).fills += 1;
    for (const horizon of market.horizons) horizon.add({ atMs: learnedAtMs, own });
  }

  #sumOf(standing: Standing): { fills: number; lossUsd: number } {
    const key = keyOf(standing);
    const sum = this.#sums.get(key) ?? { standing, fills: 0, lossUsd: 0 };
    this.#sums.set(key, sum);
    return sum;
  }

  get #elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }
}

function keyOf({ kind, code }: Standing): string {
  return `${kind} ${code}`;
}

function lossOf(own: OwnFill): number {
  return Math.max(0, -(resultUsd(own) ?? 0));
}
