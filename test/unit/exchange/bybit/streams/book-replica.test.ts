import { describe, expect, it } from 'vitest';
import { BookReplica } from '../../../../../src/exchange/bybit/streams/book-replica.ts';
import type { JsonObject } from '../../../../../src/util/json.ts';
import { BTC } from '../../../../support/builders/builders.ts';

type Side = readonly (readonly [string, string])[];

const message = (type: string, u: number, b: Side, a: Side): JsonObject => ({ type, data: { s: 'BTCUSDT', b, a, u } });
const SNAPSHOT = message('snapshot', 10, [['50000.00', '1']], [['50000.10', '2']]);
const BID = [['49999.90', '1']] as const;

function replica(...messages: JsonObject[]): { book: BookReplica; outcomes: string[] } {
  const book = new BookReplica(BTC);
  const outcomes = messages.map((each) => {
    const outcome = book.apply(each);
    return outcome.tag === 'lost' ? `lost: ${outcome.reason}` : outcome.tag;
  });
  return { book, outcomes };
}

describe('the replica of a book', () => {
  it('applies changes after the snapshot', () => {
    const { book, outcomes } = replica(SNAPSHOT, message('delta', 11, [['50000.00', '0'], ...BID], [['50000.10', '3']]));
    expect(outcomes).toEqual(['updated', 'updated']);
    expect(book.book.bids.level(0)).toEqual({ price: 499_999, quantity: 1000 });
    expect(book.book.asks.level(0)).toEqual({ price: 500_001, quantity: 3000 });
    expect(book.sequence).toBe(11);
  });

  it.each([12, 10, 9])('is lost when %i comes after 10, and stays so until a snapshot', (u) => {
    const { book, outcomes } = replica(SNAPSHOT, message('delta', u, BID, []), message('delta', u + 1, BID, []), SNAPSHOT);
    expect(outcomes).toEqual(['updated', `lost: sequence ${u} after 10`, 'ignored', 'updated']);
    expect(book.book.bids.length).toBe(1);
  });

  it('is lost by a change before the snapshot, and says so once', () => {
    const { book, outcomes } = replica(message('delta', 5, BID, []), message('delta', 6, BID, []));
    expect(outcomes).toEqual(['lost: a change before the snapshot', 'ignored']);
    expect(book.book.isEmpty).toBe(true);
  });

  it('is lost when a message crosses it', () => {
    expect(replica(SNAPSHOT, message('delta', 11, [['50000.10', '1']], [])).outcomes).toEqual(['updated', 'lost: crossed']);
    expect(replica(message('snapshot', 10, [['50000.20', '1']], [['50000.10', '2']])).outcomes).toEqual(['lost: crossed']);
  });

  it.each([[[['50000.05', '1']]], [[['', '1']]], [[['50000.00', 'x']]]] as const)('is lost by levels like %j', (bids) => {
    expect(replica(SNAPSHOT, message('delta', 11, bids, [])).outcomes.at(-1)).toBe('lost: a level that cannot be read');
  });

  it('is lost by a message without a sequence', () => {
    expect(replica(SNAPSHOT, { type: 'delta', data: { b: BID } }).outcomes.at(-1)).toBe('lost: a message without a sequence');
  });

  it('starts afresh from a snapshot at any time, and from sequence 1 whatever it is called', () => {
    const again = message('snapshot', 500, BID, [['50001.00', '1']]);
    const restarted = message('delta', 1, [['40000.00', '1']], [['40000.10', '1']]);
    const { book, outcomes } = replica(SNAPSHOT, again, restarted, message('delta', 2, [['40000.00', '4']], []));
    expect(outcomes).toEqual(['updated', 'updated', 'updated', 'updated']);
    expect(book.book.bids.length).toBe(1);
    expect(book.book.bids.level(0)).toEqual({ price: 400_000, quantity: 4000 });
  });

  it('knows whether a disconnection takes a book away', () => {
    const { book } = replica(SNAPSHOT);
    expect(book.reset()).toBe(true);
    expect(book.book.isEmpty).toBe(true);
    expect(book.reset()).toBe(false);
  });
});
