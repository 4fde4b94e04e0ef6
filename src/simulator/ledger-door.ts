import type { Clock } from '../util/clock.ts';
import { isMeantForLoopback } from '../util/loopback.ts';
import type { EmbeddedExchange } from './embedded-exchange.ts';
import type { Surface, SurfaceRequest, SurfaceResponse } from './surface/surface.ts';
import { coinText } from './surface/texts.ts';
import type { AccountId } from './venue.ts';

/** Not one of Bybit's paths. */
export const LEDGER_PATH = '/admin/ledger';
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * The exchange with a door to its own records: `GET /admin/ledger`, all accounts or that of `?apiKey=`, as JSON. It
 * needs no signature, waits for nothing, counts against no limit, and opens only to programs of this machine, not to pages in its browser.
 */
export function withLedgerDoor(exchange: EmbeddedExchange, clock: Clock): Surface {
  const { surface } = exchange;
  return {
    http: (request) => (request.path === LEDGER_PATH ? Promise.resolve(answer(exchange, clock, request)) : surface.http(request)),
    connect: (path, peer) => surface.connect(path, peer),
    close: () => surface.close(),
  };
}

function answer(exchange: EmbeddedExchange, clock: Clock, request: SurfaceRequest): SurfaceResponse {
  if (!LOOPBACK.test(request.address) || !isMeantForLoopback({ host: request.headers['host'], origin: request.headers['origin'] }))
    return refusal(403, 'Forbidden', 'only from this machine');
  if (request.method !== 'GET') return refusal(405, 'Method Not Allowed', 'only GET');
  const wanted = new URLSearchParams(request.query).get('apiKey');
  const accounts = exchange.keys.flatMap(({ apiKey }, account) => {
    return wanted === null || wanted === apiKey ? [{ apiKey, ...recordsOf(exchange, account) }] : [];
  });
  if (accounts.length === 0) return refusal(404, 'Not Found', 'no account has this apiKey');
  const { faults, rateLimits } = exchange;
  const suffered = faults === undefined ? {} : { faults: faults.occurrences() };
  return json(200, 'OK', { schemaVersion: 1, ok: true, time: clock.now(), accounts, addresses: rateLimits.addresses(), ...suffered });
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
