import { Heap } from '../../util/heap.ts';
import { unusable, type RecordedEvent, type RecordedTrade } from './recording.ts';

/** Messages of the topics of one capture are out of order by at most this much. */
const WINDOW_MS = 1000;
/** Number of rows held at a time of a file that is sorted newest first. */
const CHUNK = 100_000;

/** At the same time, trades come before the book that shows the quantities they left. */
const RANK = { trade: 0, ticker: 1, book: 2 } as const;

/** For sorting by time; at equal times the lower `order` comes first. */
interface Ordered {
  readonly event: RecordedEvent;
  readonly order: number;
}

function isBefore(a: Ordered, b: Ordered): boolean {
  if (a.event.at !== b.event.at) return a.event.at < b.event.at;
  const rank = RANK[a.event.type] - RANK[b.event.type];
  return rank === 0 ? a.order < b.order : rank < 0;
}

/** The events of one capture in the order of their engine times. */
export async function* settled(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent> {
  const waiting = new Heap<Ordered>(isBefore);
  let newest = Number.NEGATIVE_INFINITY;
  let order = 0;
  for await (const event of events) {
    if (event.at < newest - WINDOW_MS) throw unusable(event.place, `the time goes back from ${newest} to ${event.at}`);
    newest = Math.max(newest, event.at);
    waiting.push({ event, order });
    order += 1;
    for (let first = waiting.peek(); first !== undefined && first.event.at < newest - WINDOW_MS; first = waiting.peek()) {
      yield first.event;
      waiting.pop();
    }
  }
  for (let first = waiting.pop(); first !== undefined; first = waiting.pop()) yield first.event;
}

/** Merges several files. At equal times the file that was named first comes first. */
export async function* merged(sources: readonly AsyncGenerator<RecordedEvent>[]): AsyncGenerator<RecordedEvent> {
  const heads = new Heap<Ordered>(isBefore);
  const pull = async (order: number): Promise<void> => {
    const next = await sources[order]?.next();
    if (next !== undefined && next.done !== true) heads.push({ event: next.value, order });
  };
  try {
    for (let order = 0; order < sources.length; order += 1) await pull(order);
    for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
      yield head.event;
      await pull(head.order);
    }
  } finally {
    for (const source of sources) await source.return(undefined);
  }
}

/** Rows oldest first. A file that is sorted newest first is read several times, part of its rows at a time. */
export async function* oldestFirst(read: () => AsyncGenerator<RecordedTrade>): AsyncGenerator<RecordedTrade> {
  const head: RecordedTrade[] = [];
  let last: RecordedTrade | undefined;
  let isRunning = false;
  for await (const row of read()) {
    if (last !== undefined && row.at < last.at) {
      if (isRunning) throw unusable(row.place, `the time goes back from ${last.at} to ${row.at}`);
      yield* reversed(read);
      return;
    }
    last = row;
    if (isRunning || row.at > (head[0]?.at ?? row.at)) {
      yield* head.splice(0);
      isRunning = true;
      yield row;
    } else head.push(row);
  }
  yield* head;
}

async function* reversed(read: () => AsyncGenerator<RecordedTrade>): AsyncGenerator<RecordedTrade> {
  let rows = 0;
  let last: RecordedTrade | undefined;
  for await (const row of read()) {
    if (last !== undefined && row.at > last.at)
      throw unusable(row.place, `the file is sorted newest first, but the time goes forward from ${last.at} to ${row.at}`);
    last = row;
    rows += 1;
  }
  for (let end = rows; end > 0; end -= CHUNK) {
    const chunk: RecordedTrade[] = [];
    let index = 0;
    for await (const row of read()) {
      if (index >= end) break;
      if (index >= end - CHUNK) chunk.push(row);
      index += 1;
    }
    yield* chunk.toReversed();
  }
}
