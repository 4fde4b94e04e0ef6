import { isObject, textIn, type JsonObject } from '../../../util/json.ts';
import type { Complete, Incomplete, Listing } from '../../complete.ts';
import { ExchangeError } from '../../errors.ts';
import { unreadable } from '../codec/decimal-fields.ts';

/** A longer list counts as endless. */
const MOST_PAGES = 500;
/** The list may shift between pages, so rows may repeat, but not on many pages in a row. */
const MOST_PAGES_WITHOUT_NEWS = 3;

export interface PageTerms {
  readonly path: string;
  /** Maximum number of rows per page. */
  readonly limit: number;
  readonly mostPages?: number | undefined;
}

/** What a query of one page adds to its parameters. */
interface PageParameters {
  readonly limit: number;
  readonly cursor?: string;
}

interface Page {
  readonly result: JsonObject;
  readonly at: number;
}

/**
 * Reads all pages of a list; `at` is the time of the last response. The list is complete only when the exchange ends it with a page
 * without a cursor. It is incomplete after a repeated cursor, after too many pages without new rows, and after a failed page. Rejects
 * with ExchangeError when not even the first page could be read.
 */
export async function readPages(
  { path, limit, mostPages = MOST_PAGES }: PageTerms,
  ask: (page: PageParameters) => Promise<Page>,
): Promise<Listing<JsonObject>> {
  const rows: JsonObject[] = [];
  const known = new Set<string>();
  const cursors = new Set<string>();
  let pagesWithoutNews = 0;
  let [cursor, at] = ['', 0];
  const endless = (why: string): Incomplete<JsonObject> => ({ value: rows, at, failure: unreadable(`${path}: ${why}`) });
  for (let pages = 1; pages <= mostPages; pages += 1) {
    try {
      const page = await ask(cursor === '' ? { limit } : { limit, cursor });
      const list = listOf(page.result, path);
      at = page.at;
      pagesWithoutNews = list.some((row) => !known.has(idOf(row))) ? 0 : pagesWithoutNews + 1;
      for (const row of list) if (idOf(row) !== '') known.add(idOf(row));
      rows.push(...list);
      cursor = nextCursor(page.result, list.length, { path, limit });
    } catch (error) {
      if (!(error instanceof ExchangeError) || (pages === 1 && rows.length === 0)) throw error;
      return { value: rows, at, failure: error };
    }
    if (cursor === '') return complete(rows, at);
    if (cursors.has(cursor)) return endless('its cursor leads back to an earlier page');
    if (pagesWithoutNews > MOST_PAGES_WITHOUT_NEWS) return endless('several pages in a row contain no new rows, but name a next page');
    cursors.add(cursor);
  }
  return endless(`no end after ${mostPages} pages`);
}

/** The only place that creates a `Complete`. */
function complete(value: readonly JsonObject[], at: number): Complete<JsonObject> {
  return { value, at } as Complete<JsonObject>;
}

/** Throws when the list is missing: it must never be read as an empty one. An invalid row is kept as an empty object. */
function listOf(result: JsonObject, path: string): readonly JsonObject[] {
  const list: unknown = result['list'];
  if (!Array.isArray(list)) throw unreadable(`${path} without a list`);
  return list.map((row: unknown) => (isObject(row) ? row : {}));
}

function nextCursor(result: JsonObject, rows: number, { path, limit }: PageTerms): string {
  const cursor = result['nextPageCursor'];
  const isMissing = cursor === undefined || cursor === null;
  if (isMissing && rows >= limit) throw unreadable(`${path}: a full page without a cursor`);
  if (!isMissing && typeof cursor !== 'string' && typeof cursor !== 'number') throw unreadable(`${path}: a cursor that is not text`);
  return textIn(cursor);
}

/** A key for recognizing repeated rows. Executions contain their order's id too, so all ids are joined. */
function idOf(row: JsonObject): string {
  return ['execId', 'orderId', 'symbol', 'positionIdx']
    .map((field) => textIn(row[field]))
    .join(' ')
    .trim();
}
