import { settingsFor } from '../../../config/fields.ts';
import { Breaches } from '../breaches.ts';
import { changesOrder } from '../facts.ts';
import type { RunContext, Watch } from '../invariant.ts';

/** Lists that must be read again after the private stream was disconnected. */
const LISTS = ['/v5/order/realtime', '/v5/position/list'] as const;
/** A freeze must be on the disk within this time. */
const RECORDED_MS = 1000;

interface Feed {
  heardAt: number;
  update: number | undefined;
  isWhole: boolean;
}

/** The order book messages delivered for one symbol: whether they have a gap, and how old the last one is. */
class Feeds {
  readonly #feeds = new Map<string, Feed>();

  heard(symbol: string, isWhole: boolean, update: number | undefined, at: number): void {
    const feed = this.#feeds.get(symbol) ?? { heardAt: at, update: undefined, isWhole: false };
    this.#feeds.set(symbol, feed);
    const follows = feed.isWhole && feed.update !== undefined && update === feed.update + 1;
    feed.heardAt = at;
    feed.update = update;
    feed.isWhole = follows || (isWhole && update !== undefined);
  }

  lost(): void {
    this.#feeds.clear();
  }

  /** Undefined: the book is fit for trading. */
  trouble(symbol: string, staleMs: number, at: number): 'gap' | 'stale' | undefined {
    const feed = this.#feeds.get(symbol);
    if (feed === undefined || !feed.isWhole) return 'gap';
    return at - feed.heardAt > staleMs ? 'stale' : undefined;
  }
}

/**
 * I6, I21: no decision on market data that is old or has a gap, none before the lists are read after the private stream was
 * disconnected; nothing is sent during a freeze. Earlier decisions may still be sent, within the queue’s deadline.
 */
export function watchSilence({ settings, toleranceMs }: RunContext): Record<'silent' | 'gaps', Watch> {
  const [silent, gaps] = [new Breaches(), new Breaches()];
  const feeds = new Feeds();
  const read = new Map<string, number>();
  let privateSince: number | undefined;
  let isFrozen = false;
  let [decided, books] = [0, 0];
  const unread = (): string | undefined =>
    privateSince === undefined
      ? 'the private stream'
      : LISTS.find((path) => (read.get(path) ?? Number.NEGATIVE_INFINITY) < (privateSince ?? 0));
  const decide = (id: string, symbol: string, at: number): void => {
    decided += 1;
    const { staleBookMs } = settingsFor(settings, symbol).risk;
    const trouble = feeds.trouble(symbol, staleBookMs + toleranceMs, at);
    if (trouble === 'gap') gaps.add(`${id} was decided on a book of ${symbol} with a gap`);
    if (trouble === 'stale') silent.add(`${id} was decided on a book older than ${staleBookMs} ms`);
    const missing = unread();
    if (missing !== undefined) silent.add(`${id} was decided without ${missing}`);
  };
  return {
    silent: {
      book({ symbol, isWhole, update }, at) {
        books += 1;
        feeds.heard(symbol, isWhole, update, at);
      },
      wire(fact, at) {
        if (fact.type === 'answered' && fact.outcome === 'accepted') read.set(fact.path, fact.sentAt);
        else if (fact.type === 'socket' && fact.stream === 'public' && fact.state === 'closed') feeds.lost();
        else if (fact.type === 'socket' && fact.stream === 'private' && fact.state !== 'dialed')
          privateSince = fact.state === 'open' ? at : undefined;
        else if (fact.type === 'sent' && isFrozen && changesOrder(fact))
          silent.add(`${fact.orders[0]?.clientOrderId ?? ''} left in a freeze`);
      },
      journal(fact, at) {
        if (fact.type !== 'record') return;
        const { record } = fact;
        if (record.type === 'placeIntent') decide(record.order.clientOrderId, record.order.symbol, at);
        else if (record.type === 'amendIntent') decide(record.amend.clientOrderId, record.amend.symbol, at);
      },
      event(event) {
        if (event.type === 'frozen') isFrozen = true;
      },
      judge: () => silent.finding(`${decided} decisions, none on old data, unread lists or in a freeze`, decided),
    },
    gaps: { judge: () => gaps.finding(`${books} messages of the book, no decision on one with a gap`, books) },
  };
}

/** I30: a freeze is recorded and stays; only a person lifts it. */
export function watchFreeze(): Watch {
  const breaches = new Breaches();
  let frozen: { readonly reason: string; readonly at: number } | undefined;
  let [record, isDurable, isUnrecorded] = [-1, false, false];
  return {
    event(event, at) {
      if (event.type === 'frozen') frozen ??= { reason: event.reason, at };
      // A turn at the same instant was decided before the freeze.
      if (event.type === 'turn' && frozen !== undefined && at > frozen.at)
        breaches.add(`a turn of ${event.symbol} went on after the freeze`);
    },
    journal(fact) {
      if (fact.type === 'durable') isDurable ||= record >= 0 && fact.count > record;
      else if (fact.type === 'broken') isUnrecorded = true;
      else if (fact.record.type === 'freeze') record = fact.index;
      else if (fact.record.type === 'unfreeze' && record >= 0) breaches.add('the run lifted its own freeze');
    },
    sample(sample, at) {
      if (frozen === undefined) return;
      if (!sample.isFrozen) breaches.add(`trading again after ${frozen.reason}`);
      if (!isDurable && !isUnrecorded && at - frozen.at > RECORDED_MS) {
        isUnrecorded = true;
        breaches.add(`the freeze ${frozen.reason} was not on the disk after ${RECORDED_MS} ms`);
      }
    },
    judge: (aftermath) => {
      if (frozen !== undefined && aftermath.frozen === undefined) breaches.add(`trading again after ${frozen.reason}`);
      return breaches.finding(frozen === undefined ? 'no freeze' : `${frozen.reason}, still in force`);
    },
  };
}
