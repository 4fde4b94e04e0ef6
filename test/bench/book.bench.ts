import { Exchange } from 'ccxt';
import { expect, test } from 'vitest';
import { Book, type LevelChange } from '../../src/model/book.ts';
import { lots, ticks } from '../../src/model/units.ts';
import { randomExponential, randomInt, seededRandom, type Random } from '../../src/util/random.ts';

/**
 * Order book upkeep: messages of ten level changes, as they come from a book that holds its depth (five deletions and five
 * insertions or changes, nearer the touch more often). ccxt's own book gets the same messages in the same run.
 */
const DEPTHS = [25, 50, 200, 1000] as const;
const MESSAGES = 4000;
const CHANGES = 10;
/** The first ones only warm up; other jobs of the machine spoil some of the others. */
const ROUNDS = 12;
/** Deltas a second of the Rust book that the Python bot needed, on the same kind of machine. */
const RUST: Readonly<Record<number, number>> = { 25: 682_000, 200: 73_600, 1000: 16_600 };

interface Message {
  readonly bids: readonly LevelChange[];
  readonly asks: readonly LevelChange[];
}

function messagesFor(depth: number): { start: Message; messages: readonly Message[] } {
  const random = seededRandom(`book ${depth}`);
  const sides = { bids: new Set<number>(), asks: new Set<number>() };
  for (let i = 1; i <= depth; i += 1) {
    sides.bids.add(1_000_000 - 2 * i);
    sides.asks.add(1_000_000 + 2 * i);
  }
  const whole = (prices: ReadonlySet<number>): LevelChange[] => [...prices].map((price) => level(price, 10));
  const start = { bids: whole(sides.bids), asks: whole(sides.asks) };
  const messages = Array.from({ length: MESSAGES }, () => ({
    bids: changesOf(sides.bids, -1, depth, random),
    asks: changesOf(sides.asks, 1, depth, random),
  }));
  return { start, messages };
}

const level = (price: number, quantity: number): LevelChange => ({ price: ticks(price), quantity: lots(quantity) });

/** Keeps the number of levels near `depth`: a known level is mostly changed, sometimes deleted, an unknown one inserted. */
function changesOf(prices: Set<number>, direction: 1 | -1, depth: number, random: Random): LevelChange[] {
  return Array.from({ length: CHANGES / 2 }, () => {
    const steps = 1 + Math.min(2 * depth, Math.floor(randomExponential(random, depth / 4)));
    const price = 1_000_000 + direction * steps;
    const isFull = prices.size >= depth;
    if (prices.has(price) && (isFull || random.uniform() < 0.3)) {
      prices.delete(price);
      return level(price, 0);
    }
    prices.add(price);
    return level(price, 1 + randomInt(random, 1000));
  });
}

/** Messages a second of the fastest of some rounds. */
function rate(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    run();
    best = Math.min(best, performance.now() - startedAt);
  }
  return (MESSAGES / best) * 1000;
}

const ccxt = new Exchange();

test('order book deltas a second, beside ccxt', () => {
  const rows = DEPTHS.map((depth) => {
    const { start, messages } = messagesFor(depth);
    let [ourEnd, theirEnd]: unknown[][] = [[], []];
    const ours = rate(() => {
      const book = new Book();
      book.apply(start.bids, start.asks);
      for (const { bids, asks } of messages) book.apply(bids, asks);
      ourEnd = [...levelsOf(book.bids), ...levelsOf(book.asks)];
    });
    const theirs = rate(() => {
      const book = ccxt.orderBook({}, 2 * depth);
      const apply = ({ bids, asks }: Message): void => {
        for (const { price, quantity } of bids) book.bids.store(price, quantity);
        for (const { price, quantity } of asks) book.asks.store(price, quantity);
      };
      apply(start);
      for (const message of messages) apply(message);
      theirEnd = [...book.bids, ...book.asks].map(([price, quantity]: number[]) => [price, quantity]);
    });
    expect(ourEnd).toEqual(theirEnd);
    const rust = RUST[depth];
    return {
      levels: depth,
      'mmbot deltas/s': Math.round(ours),
      'mmbot changes/s': Math.round(ours * CHANGES),
      'ccxt deltas/s': Math.round(theirs),
      'mmbot / ccxt': round1(ours / theirs),
      'Rust book of the Python bot': rust ?? '',
      'mmbot / Rust': rust === undefined ? '' : round1(ours / rust),
    };
  });
  console.table(rows);
});

const levelsOf = (side: Book['bids']): unknown[] => Array.from({ length: side.length }, (_, i) => [side.price(i), side.quantity(i)]);

const round1 = (value: number): number => Math.round(value * 10) / 10;
