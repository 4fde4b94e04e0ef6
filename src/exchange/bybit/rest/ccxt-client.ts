import { bybit } from 'ccxt';
import type { Clock } from '../../../util/clock.ts';
import type { LimitObservation } from '../../exchange.ts';
import type { ServerTime } from '../server-time.ts';
import type { Credentials } from '../wire/signature.ts';
import type { WireResponse } from '../wire/wire.ts';
import { judge } from './judgment.ts';
import type { Sender } from './sender.ts';

export interface CcxtClientParts {
  readonly clock: Clock;
  readonly credentials: Credentials;
  /** `http://host:port`, no path. */
  readonly url: string;
  readonly recvWindowMs: number;
  readonly serverTime: ServerTime;
  readonly onLimit: (observation: LimitObservation) => void;
  /** Removes the credentials from a text. */
  readonly redact: (text: string) => string;
}

/** Headers and body of a request as ccxt passes them to its `fetchImplementation`. */
interface FetchParameters {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface FetchResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: () => Promise<string>;
}

/** Never reached: our own deadline, on the injected clock, ends every request earlier. */
const CCXT_TIMEOUT_MS = 2_000_000_000;

/**
 * ccxt signs and sends requests. Its handling of responses is replaced, because it takes HTML pages and truncated bodies for success, and
 * its error classes mix refusals with unknown outcomes.
 */
export class CcxtClient extends bybit {
  readonly #parts: CcxtClientParts;
  /** Monotonic send time by the request's headers: ccxt passes the same object to the sending and the response handler. */
  readonly #sentAt = new WeakMap<object, number>();

  constructor(parts: CcxtClientParts, sender: Pick<Sender, 'send'>) {
    const { credentials, url, recvWindowMs } = parts;
    super({
      apiKey: credentials.apiKey,
      secret: credentials.secret,
      enableRateLimit: false,
      timeout: CCXT_TIMEOUT_MS,
      userAgent: 'mmbot',
      enableLastHttpResponse: false,
      enableLastResponseHeaders: false,
      urls: { api: { public: url, private: url } },
      options: { recvWindow: recvWindowMs, maxRetriesOnFailure: 0, timeDifference: 0, brokerId: 'mmbot' },
    });
    this.#parts = parts;
    this.fetchImplementation = (requestUrl: string, { method, headers, body = '' }: FetchParameters) => {
      if (headers !== undefined) this.#sentAt.set(headers, parts.clock.monotonic());
      return sender.send(pathOf(requestUrl, url), { method, url: requestUrl, headers: headers ?? {}, body }).then(fetchResponse);
    };
    // ccxt's constructor assigns these as instance properties, so overriding methods would be shadowed.
    this.milliseconds = () => parts.serverTime.now();
    this.now = this.milliseconds;
    this.seconds = () => Math.floor(parts.serverTime.now() / 1000);
  }

  /** Skips the search for optional proxy packages, which would access files in simulated time. */
  override loadProxyModules(): Promise<void> {
    return Promise.resolve();
  }

  /** Judges a response completely: returns the body of an accepted one, else throws ExchangeError. */
  override onRestResponse(
    status: number,
    _text: unknown,
    url: string,
    _method: unknown,
    headers: unknown,
    body: string,
    requestHeaders: object,
  ): string {
    const { clock, serverTime, onLimit, redact } = this.#parts;
    const sentAt = this.#sentAt.get(requestHeaders) ?? clock.monotonic();
    const response = { path: pathOf(url, this.#parts.url), status, headers, body };
    const { failure, limit } = judge(response, { sentAt, now: serverTime.now(), redact });
    if (limit !== undefined) onLimit(limit);
    if (failure !== undefined) throw failure;
    return body.trim();
  }

  /** Nothing to do: `onRestResponse` has judged the response. */
  override handleErrors(): undefined {
    return undefined;
  }
}

function fetchResponse({ status, statusText, headers, body }: WireResponse): FetchResponse {
  return { status, statusText, ok: status >= 200 && status < 300, headers, text: () => Promise.resolve(body) };
}

function pathOf(url: string, base: string): string {
  const path = url.startsWith(base) ? url.slice(base.length + 1) : url;
  const end = path.indexOf('?');
  return end < 0 ? path : path.slice(0, end);
}
