/** One page of a list, and the cursor of the next page (`''` on the last page). */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageCursor: string;
}

/** The row before the next page: its id, and a position to continue from if that row is gone by then. */
export interface Anchor {
  readonly id: string;
  readonly at: number;
}

/**
 * A page of `newestFirst`, after the row of `cursor`. The list may change between pages: a client may then see a row twice, but
 * none is skipped. Depending on the client, cursors arrive raw or URL-encoded once more.
 */
export function pageOf<T>(newestFirst: readonly T[], limit: number, cursor: string, anchorOf: (item: T) => Anchor): Page<T> {
  const start = cursor === '' ? 0 : startAfter(newestFirst, cursor, anchorOf);
  const items = newestFirst.slice(start, start + limit);
  const last = items.at(-1);
  const isLastPage = last === undefined || start + limit >= newestFirst.length;
  return { items, nextPageCursor: isLastPage ? '' : cursorOf(anchorOf(last)) };
}

/** For instruments, which are sorted by name. */
export function pageByName<T>(sorted: readonly T[], limit: number, cursor: string, nameOf: (item: T) => string): Page<T> {
  return pageOf(sorted, limit, cursor, (item) => ({ id: nameOf(item), at: 0 }));
}

function cursorOf({ id, at }: Anchor): string {
  return encodeURIComponent(`${id}:${at}`);
}

function startAfter<T>(newestFirst: readonly T[], cursor: string, anchorOf: (item: T) => Anchor): number {
  const [id, time] = decoded(cursor).split(':');
  const known = newestFirst.findIndex((item) => anchorOf(item).id === id);
  if (known >= 0) return known + 1;
  const next = newestFirst.findIndex((item) => anchorOf(item).at <= Number(time));
  return next < 0 ? newestFirst.length : next;
}

function decoded(cursor: string): string {
  try {
    return decodeURIComponent(cursor);
  } catch {
    return cursor;
  }
}
