import { withoutCredentials, type ApiCredentials } from '../config/credentials.ts';
import type { Address, VenueName } from '../config/venues.ts';
import { EXIT, messageOf, MmbotError } from '../errors.ts';
import { socketsWire } from '../exchange/bybit/wire/wire-sockets.ts';
import type { Wire } from '../exchange/bybit/wire/wire.ts';
import type { LedgerView } from '../harness/load/load-run.ts';
import type { Host } from '../host.ts';
import type { Latency } from '../simulator/bybit-api/latency.ts';
import { createEmbeddedExchange } from '../simulator/embedded-exchange.ts';
import type { FaultChoice } from '../simulator/faults/fault-choice.ts';
import type { Ledger } from '../simulator/ledger/ledger.ts';
import { LEDGER_PATH } from '../simulator/ledger/ledger-endpoint.ts';
import type { MarketModelName } from '../simulator/market-model/markets.ts';
import type { LimitMode } from '../simulator/limits/rate-tiers.ts';
import { IN_PROCESS, inProcessWire } from '../simulator/wire-in-process.ts';
import { at } from '../util/array.ts';
import type { Clock } from '../util/clock.ts';
import { isObject, listIn, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../util/json.ts';
import { within, withResolvers } from '../util/promise.ts';
import { seededRandom } from '../util/random.ts';

export interface LoadVenueChoice {
  readonly venue: VenueName | 'embedded';
  readonly restUrl?: string;
  readonly wsUrl?: string;
  readonly symbols: readonly string[];
  readonly market: MarketModelName;
  readonly limits: LimitMode;
  /** With the words that they were asked for in: a process beside takes those. */
  readonly latency: { readonly name: string; readonly latency: Latency };
  readonly faults: { readonly text: string; readonly choice: FaultChoice };
}

/** The exchange under load, with access to its ledger where it offers that. */
export interface LoadVenue extends AsyncDisposable {
  readonly name: string;
  readonly wire: Wire;
  readonly address: Address;
  readonly credentials: ApiCredentials;
  /** Undefined when the exchange offers no ledger. `idPrefix`: only open orders with this prefix are counted. */
  ledger(idPrefix: string): Promise<LedgerView | undefined>;
}

/** The embedded exchange in this process, in simulated time: the same bytes are passed by function calls. */
export function openWithin(choice: LoadVenueChoice, clock: Clock, seed: string): LoadVenue {
  const { symbols, market, limits, latency, faults } = choice;
  const random = seededRandom(seed).fork('exchange');
  const exchange = createEmbeddedExchange({ clock, random, symbols, market, limits, latency: latency.latency, faults: faults.choice });
  const wire = inProcessWire(exchange.surface, clock);
  exchange.start();
  return {
    name: 'embedded',
    wire,
    address: IN_PROCESS,
    credentials: at(exchange.keys, 0),
    ledger: (idPrefix) => Promise.resolve(viewOf(exchange.venue.ledger(0), idPrefix)),
    async [Symbol.asyncDispose]() {
      exchange.stop();
      await wire.close();
    },
  };
}

function viewOf(ledger: Ledger, idPrefix: string): LedgerView {
  const resting = ledger.openOrders().filter(({ orderLinkId }) => orderLinkId.startsWith(idPrefix)).length;
  return { buckets: ledger.counts().buckets, resting };
}

const STARTS_WITHIN_MS = 20_000;
const LEDGER_WITHIN_MS = 5000;

/** The embedded exchange in another process, so that it does not slow down the load or count in its measurements. */
export async function openBeside(host: Host, choice: LoadVenueChoice, clock: Clock, seed: string): Promise<LoadVenue> {
  const { symbols, market, limits, latency, faults } = choice;
  const args = ['exchange', '--beside', '--json', '--ledger', '--symbols', symbols.join(','), '--market', market, '--seed', seed];
  const lines: string[] = [];
  const { promise, resolve } = withResolvers<JsonObject | undefined>();
  const hear = (line: string): void => {
    lines.push(line);
    const document = line === '}' ? parseJson(lines.join('\n')) : undefined;
    if (isObject(document)) resolve(document);
  };
  const more = ['--limits', limits, '--latency', latency.name, '--faults', faults.text];
  const companion = host.startBeside([...args, ...more], withoutCredentials(host.env), { onLine: hear, mayOutliveUs: false });
  const ended = new Promise<void>((settle) => {
    companion.onExit(() => {
      resolve(undefined);
      settle();
    });
  });
  const cancel = clock.schedule(STARTS_WITHIN_MS, () => resolve(undefined));
  const document = await promise;
  cancel();
  const [key] = listIn(document?.['keys']).map(objectIn);
  if (document === undefined || key === undefined) {
    companion.end();
    throw notStarted();
  }
  const address = { restUrl: textIn(document['restUrl']), wsUrl: textIn(document['wsUrl']) };
  const credentials = { apiKey: textIn(key['apiKey']), secret: textIn(key['secret']) };
  const wire = socketsWire();
  return {
    name: 'embedded',
    wire,
    address,
    credentials,
    ledger: (idPrefix) => ledgerOverHttp({ wire, clock, address, credentials }, idPrefix),
    async [Symbol.asyncDispose]() {
      await wire.close();
      companion.end();
      await ended;
    },
  };
}

function notStarted(): MmbotError {
  return new MmbotError({
    code: 'no_embedded_exchange',
    exitCode: EXIT.exchange,
    message: `the embedded exchange did not start in its own process within ${STARTS_WITHIN_MS / 1000} s`,
    hint: 'run mmbot exchange to see the error; or use a running one with --rest-url',
  });
}

interface LedgerSource {
  readonly wire: Pick<Wire, 'request'>;
  readonly clock: Clock;
  readonly address: Address;
  readonly credentials: Pick<ApiCredentials, 'apiKey'>;
}

/** The ledger of an embedded exchange over HTTP; undefined when the server on loopback is something else, or does not answer. */
export async function ledgerOverHttp(
  { wire, clock, address, credentials }: LedgerSource,
  idPrefix: string,
): Promise<LedgerView | undefined> {
  const url = `${address.restUrl}${LEDGER_PATH}?apiKey=${encodeURIComponent(credentials.apiKey)}`;
  const asking = wire.request({ method: 'GET', url, headers: {}, body: '' }).catch((error: unknown) => messageOf(error));
  const answer = await within(clock, LEDGER_WITHIN_MS, asking, () => 'no answer');
  if (typeof answer === 'string' || answer.status !== 200) return undefined;
  const [account] = listIn(objectIn(parseJson(answer.body))['accounts']).map(objectIn);
  if (account === undefined) return undefined;
  const resting = listIn(account['openOrders']).filter((order) => textIn(objectIn(order)['orderLinkId']).startsWith(idPrefix)).length;
  return { buckets: listIn(objectIn(account['counts'])['buckets']).map((row) => bucketIn(objectIn(row))), resting };
}

function bucketIn(row: JsonObject): LedgerView['buckets'][number] {
  const count = (name: string): number => numberIn(row[name]) ?? 0;
  return {
    endpoint: textIn(row['endpoint']),
    product: textIn(row['product']),
    limit: count('limit'),
    arrived: count('arrived'),
    passed: count('passed'),
    refused: count('refused'),
    worstRollingSecond: count('worstRollingSecond'),
  };
}
