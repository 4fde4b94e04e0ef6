import type { BookSide, BookView } from '../../../model/book.ts';
import { isExcused } from '../../soak/aftermath.ts';
import { Breaches } from '../breaches.ts';
import type { RunContext, Watch } from '../invariant.ts';

const EVERY_MS = 1000;
const DEPTH = 50;

/** I21: at the same sequence number, mmbot’s book equals the exchange’s on each level, and it is never crossed. */
export function watchBooks({ inside }: RunContext): Watch {
  const breaches = new Breaches();
  const comparedAt = new Map<string, number>();
  let compared = 0;
  return {
    book({ symbol, sequence }, at) {
      if (inside === undefined) return;
      if (at - (comparedAt.get(symbol) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
      const market = inside.market(symbol);
      // The market has moved on: there is nothing to compare with.
      if (market === undefined || market.sequence !== sequence) return;
      const book = inside.botBook(symbol);
      if (book === undefined) return;
      comparedAt.set(symbol, at);
      compared += 1;
      const difference = differs(book, market.book);
      if (difference !== undefined) breaches.add(`${symbol} at sequence ${sequence}: ${difference}`);
    },
    judge: (aftermath) => {
      const finding = breaches.finding(`${compared} books compared, level by level`, compared);
      return finding.holds || isExcused(aftermath, 'book') ? { ...finding, holds: true } : finding;
    },
  };
}

function differs(ours: BookView, theirs: BookView): string | undefined {
  const [bid, ask] = [ours.bids.price(0), ours.asks.price(0)];
  if (bid !== undefined && ask !== undefined && bid >= ask) return `crossed, ${bid} and ${ask} ticks`;
  return differsOn('bid', ours.bids, theirs.bids) ?? differsOn('ask', ours.asks, theirs.asks);
}

function differsOn(name: string, ours: BookSide, theirs: BookSide): string | undefined {
  const size = Math.min(DEPTH, theirs.length);
  for (let i = 0; i < size; i += 1) {
    const [price, quantity] = [ours.price(i), ours.quantity(i)];
    if (price === theirs.price(i) && quantity === theirs.quantity(i)) continue;
    return `${name} ${i + 1} is ${quantity ?? 0} at ${price ?? 0}, the exchange's ${theirs.quantity(i) ?? 0} at ${theirs.price(i) ?? 0}`;
  }
  return undefined;
}
