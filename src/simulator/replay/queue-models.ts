import { assert } from '../../util/assert.ts';

/**
 * Estimated place of our order in the queue of a recorded level. A recording shows quantities, not orders, so the place is an
 * estimate of the model. Quantities are lots; the displayed quantity never includes our own orders.
 */
export interface QueuePlace {
  /** Estimated quantity ahead of our order; a probability model counts fractions. */
  readonly ahead: number;
  /** A trade of this quantity at our price: returns how much of it exceeded the quantity ahead of us. */
  traded(quantity: number): number;
  /** The displayed quantity was updated; 0: the level is gone. */
  resized(before: number, now: number): void;
  /** The level is displayed again after it was beyond the recorded depth. */
  sighted(now: number): void;
}

export interface QueueModel {
  readonly name: string;
  /** A place behind `displayed`. */
  readonly join: (displayed: number) => QueuePlace;
}

/**
 * Only trades move our order forward: a decrease without a trade may have happened behind us, so it does not count. If the level
 * disappears, nothing is ahead of us. Conservative, and the default.
 */
export const TRADE_QUEUE: QueueModel = { name: 'trade', join: (displayed) => new TradeQueue(displayed) };

/** Like the trade model, but the quantity ahead of us is never larger than the displayed one. */
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

/** Probability that a quantity canceled from the level was behind us, given the quantities ahead and behind. */
type Behind = (front: number, back: number) => number;

/** hftbacktest’s models: a decrease without a trade is split between the quantities ahead of us and behind us. */
class ProbabilityQueue implements QueuePlace {
  readonly #behind: Behind;
  /** Quantity ahead of us; below 0 when trades exceeded it. */
  #front: number;
  /** Traded since the last displayed quantity. The next one includes it, so it must not count twice. */
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
  // Past the end of the queue some of the functions are undefined: then all of the decrease was behind us.
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

/** 1 for an empty level, where the value does not matter. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

const PROBABILITY = 'probability';
const USUAL_FUNCTION = 'power2';

export const QUEUE_MODELS = 'trade, risk-averse, probability, or probability:NAME with log, log2, powerN, powerN-v2 or powerN-v3';

/** Undefined for an unknown name. */
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
