import type { Clock } from '../../util/clock.ts';
import { isMeantForLoopback } from '../../util/loopback.ts';
import type { EmbeddedExchange } from '../embedded-exchange.ts';
import { watchLedger } from './ledger-events.ts';
import { RecentEvents } from './recent-events.ts';
import type { Surface, SurfaceRequest, SurfaceResponse } from '../bybit-api/surface.ts';
import { coinText } from '../bybit-api/rows/texts.ts';
import type { AccountId } from '../venue/account-state.ts';

/** Not one of Bybit’s paths. */
export const LEDGER_PATH = '/admin/ledger';
const EVENTS_PATH = `${LEDGER_PATH}/events`;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Adds access to the exchange’s own records: `GET /admin/ledger` returns all accounts, or that of `?apiKey=`, as JSON. It needs no
 * signature, has no delay and counts against no limit. It answers programs on this machine only, not web pages in its browser.
 * `GET /admin/ledger/events` returns the recent changes of one account, those after number `?after=`.
 */
export function withLedgerDoor(exchange: EmbeddedExchange, clock: Clock): Surface {
  const { surface, venue, keys } = exchange;
  const recent = keys.map((_, account) => {
    const events = new RecentEvents();
    watchLedger(venue, account, (event) => events.add(event));
    return events;
  });
  return {
    http(request) {
      if (request.path === LEDGER_PATH) return Promise.resolve(answer(request, (query) => records(exchange, clock, query)));
      if (request.path === EVENTS_PATH) return Promise.resolve(answer(request, (query) => changes(exchange, recent, query)));
      return surface.http(request);
    },
    connect: (path, peer) => surface.connect(path, peer),
    close: () => surface.close(),
  };
}

function answer({ address, headers, method, query }: SurfaceRequest, read: (query: URLSearchParams) => SurfaceResponse): SurfaceResponse {
  if (!LOOPBACK.test(address) || !isMeantForLoopback(headers)) return refusal(403, 'Forbidden', 'only from this machine');
  if (method !== 'GET') return refusal(405, 'Method Not Allowed', 'only GET');
  return read(new URLSearchParams(query));
}

function records(exchange: EmbeddedExchange, clock: Clock, query: URLSearchParams): SurfaceResponse {
  const wanted = query.get('apiKey');
  const accounts = exchange.keys.flatMap(({ apiKey }, account) => {
    return wanted === null || wanted === apiKey ? [{ apiKey, ...recordsOf(exchange, account) }] : [];
  });
  if (accounts.length === 0) return refusal(404, 'Not Found', 'no account has this apiKey');
  const { faults, rateLimits } = exchange;
  const suffered = faults === undefined ? {} : { faults: faults.occurrences() };
  return json(200, 'OK', { schemaVersion: 1, ok: true, time: clock.now(), accounts, addresses: rateLimits.addresses(), ...suffered });
}

function changes({ keys }: EmbeddedExchange, recent: readonly RecentEvents[], query: URLSearchParams): SurfaceResponse {
  const wanted = query.get('apiKey') ?? keys[0]?.apiKey;
  const events = recent[keys.findIndex(({ apiKey }) => apiKey === wanted)];
  if (events === undefined) return refusal(404, 'Not Found', 'no account has this apiKey');
  return json(200, 'OK', { schemaVersion: 1, ok: true, events: events.after(Number(query.get('after') ?? 0)) });
}

function recordsOf({ venue, spot }: EmbeddedExchange, account: AccountId): object {
  const ledger = venue.ledger(account);
  const pairs = spot?.ledger(account);
  const coins = venue.wallet(account).coins.map(({ coin, balance, locked }) => {
    return { coin, balance: coinText(balance), locked: coinText(locked) };
  });
  return {
    openOrders: ledger.openOrders(),
    executions: ledger.executions(),
    positions: ledger.positions(),
    wallet: ledger.wallet(),
    counts: ledger.counts(),
    ...(pairs === undefined ? {} : { spot: { openOrders: pairs.openOrders(), executions: pairs.executions(), coins } }),
  };
}

function refusal(status: number, statusText: string, message: string): SurfaceResponse {
  return json(status, statusText, { schemaVersion: 1, ok: false, error: message });
}

function json(status: number, statusText: string, document: object): SurfaceResponse {
  return { status, statusText, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: `${JSON.stringify(document)}\n` };
}
