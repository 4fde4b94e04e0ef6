import { assert } from '../../util/assert.ts';

/**
 * Where in the queue of a recorded level an order of ours stands. A recording shows quantities, not orders, so the place
 * is a model's guess. Quantities are lots; what the recording displays never includes our own orders.
 */
export interface QueuePlace {
  /** How much the model believes to be ahead of us; a probability model counts fractions. */
  readonly ahead: number;
  /** A trade took so much at this price: how much of it went past everything ahead of us. */
  traded(quantity: number): number;
  /** The displayed quantity was said again; 0: the level is gone. */
  resized(before: number, now: number): void;
  /** The level is in sight again after a while out of it. */
  sighted(now: number): void;
}

export interface QueueModel {
  readonly name: string;
  /** A place behind `displayed`. */
  readonly join: (displayed: number) => QueuePlace;
}

/**
 * Only trades bring us forward: a smaller quantity may be gone from behind us, so it does not count; a level that is gone
 * leaves us first. Conservative, and the default.
 */
export const TRADE_QUEUE: QueueModel = { name: 'trade', join: (displayed) => new TradeQueue(displayed) };

/** Like the trade-driven one, but nobody can be ahead of us who is not displayed any more. */
const RISK_AVERSE_QUEUE: QueueModel = {
  name: 'risk-averse',
  join: (displayed) => new TradeQueue(displayed, (ahead, now) => Math.min(ahead, now)),
};

class TradeQueue implements QueuePlace {
  #ahead: number;
  readonly #resize: (ahead: number, now: number) => number;

  constructor(displayed: number, resize = (ahead: number, now: number): number => (now === 0 ? 0 : ahead)) {
    this.#ahead = displayed;
    this.#resize = resize;
  }

  get ahead(): number {
    return this.#ahead;
  }

  traded(quantity: number): number {
    const beyond = Math.max(0, quantity - this.#ahead);
    this.#ahead = Math.max(0, this.#ahead - quantity);
    return beyond;
  }

  resized(_before: number, now: number): void {
    this.#ahead = this.#resize(this.#ahead, now);
  }

  sighted(now: number): void {
    this.#ahead = Math.min(this.#ahead, now);
  }
}

/** Probability that a quantity that left the level without a trade left it behind us, from what is ahead and behind. */
type Behind = (front: number, back: number) => number;

/** hftbacktest's family: what left the level without a trade is split between ahead of us and behind us. */
class ProbabilityQueue implements QueuePlace {
  readonly #behind: Behind;
  /** Ahead of us; below 0 when trades went past us. */
  #front: number;
  /** Traded since the displayed quantity was last said: it is in the next change, and must not count twice. */
  #traded = 0;

  constructor(displayed: number, behind: Behind) {
    this.#front = displayed;
    this.#behind = behind;
  }

  get ahead(): number {
    return this.#front;
  }

  traded(quantity: number): number {
    this.#front -= quantity;
    this.#traded += quantity;
    const beyond = Math.round(-this.#front);
    if (beyond <= 0) return 0;
    this.#front = 0;
    return Math.min(beyond, quantity);
  }

  resized(before: number, now: number): void {
    this.#front = frontAfter({ front: this.#front, before, now, traded: this.#traded }, this.#behind);
    this.#traded = 0;
  }

  sighted(now: number): void {
    this.#front = Math.min(this.#front, now);
    this.#traded = 0;
  }
}

function frontAfter(level: { front: number; before: number; now: number; traded: number }, behind: Behind): number {
  const { front, before, now, traded } = level;
  const left = before - now - traded;
  if (left < 0) return Math.min(front, now);
  const back = before - front;
  const estimate = behind(front, back);
  // Past the end of the queue some of the functions have no value: all that left was then behind us.
  const probability = Number.isFinite(estimate) ? estimate : 1;
  return Math.min(front - (1 - probability) * left + Math.min(back - probability * left, 0), now);
}

const POWER = /^power([1-9])(-v2|-v3)?$/;

/** `log`, `log2`, `powerN`, `powerN-v2`, `powerN-v3`: the published probability functions. */
function behindOf(name: string): Behind | undefined {
  if (name === 'log') return (front, back) => share(Math.log(1 + back), Math.log(1 + front));
  if (name === 'log2') return (front, back) => ratio(Math.log(1 + back), Math.log(1 + back + front));
  const [matched, digit, variant] = POWER.exec(name) ?? [];
  if (matched === undefined) return undefined;
  const n = Number(digit);
  if (variant === '-v2') return (front, back) => ratio(back ** n, (back + front) ** n);
  if (variant === '-v3') return (front, back) => 1 - ratio(front ** n, (front + back) ** n);
  return (front, back) => share(back ** n, front ** n);
}

function share(part: number, rest: number): number {
  return ratio(part, part + rest);
}

/** An empty level has nobody ahead and nobody behind: then it does not matter. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

const PROBABILITY = 'probability';
const USUAL_FUNCTION = 'power2';

export const QUEUE_MODELS = 'trade, risk-averse, probability, or probability:NAME with log, log2, powerN, powerN-v2 or powerN-v3';

/** Undefined for a name that is none. */
export function queueModelOf(name: string): QueueModel | undefined {
  if (name === TRADE_QUEUE.name) return TRADE_QUEUE;
  if (name === RISK_AVERSE_QUEUE.name) return RISK_AVERSE_QUEUE;
  const [family, chosen = USUAL_FUNCTION, ...more] = name.split(':');
  const behind = family === PROBABILITY && more.length === 0 ? behindOf(chosen) : undefined;
  if (behind === undefined) return undefined;
  return {
    name: `${PROBABILITY}:${chosen}`,
    join(displayed) {
      assert(displayed >= 0, 'a displayed quantity is not negative');
      return new ProbabilityQueue(displayed, behind);
    },
  };
}
