import { sign, type Fill } from '../model/order.ts';
import { at } from '../util/array.ts';

/** The edge of recent fills, in bps of their value: spread + markout - fees = net. */
export interface EdgeReading {
  readonly spreadBps: number;
  /** Move of the mid after the fill; positive is in our favor. */
  readonly markoutBps: number;
  /** Negative when rebates exceed fees. */
  readonly feesBps: number;
  readonly netBps: number;
  readonly fills: number;
}

interface Marked {
  readonly dueAt: number;
  readonly side: 1 | -1;
  readonly mid: number;
  /** Ticks times lots. */
  readonly value: number;
  readonly quantity: number;
  readonly spread: number;
  readonly fees: number;
}

const NOTHING: EdgeReading = { spreadBps: 0, markoutBps: 0, feesBps: 0, netBps: 0, fills: 0 };
/** Most fills that wait for their markout; without market data to mark them, the oldest are dropped. */
const MOST_OPEN = 1000;

/** The edge of the last fills of one symbol, measured by the mid `markoutMs` after each. Estimates: the exact PnL is computed elsewhere. */
export class Edge {
  readonly #markoutMs: number;
  readonly #capacity: number;
  readonly #open: Marked[] = [];
  /** Value, spread, markout and fees of each settled fill, in tick-lots; the oldest is overwritten. */
  readonly #settled: (readonly [value: number, spread: number, markout: number, fees: number])[] = [];
  #next = 0;
  #reading = NOTHING;

  /** `capacity`: number of settled fills in the mean. */
  constructor(markoutMs: number, capacity: number) {
    this.#markoutMs = markoutMs;
    this.#capacity = capacity;
  }

  get reading(): EdgeReading {
    return this.#reading;
  }

  /** `mid`: in ticks, just before the fill was known. `now`: monotonic ms. */
  filled(now: number, { side, price, quantity, fee }: Fill, mid: number, atomsPerTickLot: number): void {
    const toward = sign(side);
    const [value, spread, fees] = [price * quantity, toward * (mid - price) * quantity, fee / atomsPerTickLot];
    this.#open.push({ dueAt: now + this.#markoutMs, side: toward, mid, value, quantity, spread, fees });
    if (this.#open.length > MOST_OPEN) this.#open.shift();
  }

  /** The market's mid now: settles the fills that are old enough. */
  marked(now: number, mid: number): void {
    if (this.#open.length === 0 || at(this.#open, 0).dueAt > now) return;
    while (this.#open.length > 0 && at(this.#open, 0).dueAt <= now) {
      const { side, mid: before, value, quantity, spread, fees } = at(this.#open, 0);
      this.#open.shift();
      this.#settled[this.#next] = [value, spread, side * (mid - before) * quantity, fees];
      this.#next = (this.#next + 1) % this.#capacity;
    }
    this.#reading = meanOf(this.#settled);
  }
}

function meanOf(settled: readonly (readonly [number, number, number, number])[]): EdgeReading {
  let [value, spread, markout, fees] = [0, 0, 0, 0];
  for (const fill of settled) {
    value += fill[0];
    spread += fill[1];
    markout += fill[2];
    fees += fill[3];
  }
  const bps = (part: number): number => (part / value) * 10_000;
  const [spreadBps, markoutBps, feesBps] = [bps(spread), bps(markout), bps(fees)];
  return { spreadBps, markoutBps, feesBps, netBps: spreadBps + markoutBps - feesBps, fills: settled.length };
}
