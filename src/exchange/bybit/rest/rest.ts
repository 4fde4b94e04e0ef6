import { bybit } from 'ccxt';
import { messageOf } from '../../../errors.ts';
import { AssertionError } from '../../../util/assert.ts';
import { sleep, type Clock } from '../../../util/clock.ts';
import { excerpt } from '../../../util/excerpt.ts';
import { isObject, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../../../util/json.ts';
import { whole, type Complete, type Listing } from '../../complete.ts';
import { ExchangeError, ignoreExchangeError } from '../../errors.ts';
import type { LimitObservation } from '../../exchange.ts';
import { unreadable } from '../codec/decimal-fields.ts';
import { HttpGate, isCancel } from './http-gate.ts';
import { classOfPath, limitObservation } from '../codec/limits.ts';
import { readPages } from './pages.ts';
import type { ReadAgain } from './read-again.ts';
import { codeIn, detailsOf, isForbidden, isRateLimit, verdictOf, verdictOfStatus, type Verdict } from '../codec/ret-codes.ts';
import type { ServerTime } from '../server-time.ts';
import type { Credentials } from '../wire/signature.ts';
import type { Wire, WireResponse } from '../wire/wire.ts';

export interface RestParts {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly credentials: Credentials;
  /** `http://host:port`, no path. */
  readonly url: string;
  readonly recvWindowMs: number;
  readonly requestTimeoutMs: number;
  /** Awaited before every signed read is signed. */
  readonly beforeQuery: (() => Promise<void>) | undefined;
  /** Decides on retries of failed reads; requests with effects are never repeated. Default: no retries. */
  readonly readAgain?: ReadAgain | undefined;
  readonly serverTime: ServerTime;
  readonly onLimit: (observation: LimitObservation) => void;
  /** Called with the outcome of every request that was sent; undefined: accepted. */
  readonly onAnswered?: (error: ExchangeError | undefined) => void;
  /** Removes the credentials from a text. */
  readonly redact: (text: string) => string;
}

/** An accepted response. `at`: its exchange time, ms. */
export interface Answer {
  readonly result: JsonObject;
  /** The results of a batch request per order. */
  readonly extra: JsonObject;
  readonly at: number;
}

/** Headers and body of a request as ccxt passes them to its `fetchImplementation`. */
interface FetchParameters {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Never reached: our own deadline, on the injected clock, ends every request earlier. */
const CCXT_TIMEOUT_MS = 2_000_000_000;
const TIME_PATH = 'v5/market/time';
/** Minimum interval between time queries that contradictory response times trigger. */
const BETWEEN_DOUBTS_MS = 5000;

/** Bybit over HTTP. Every call rejects with ExchangeError, classified by the numeric code, or by the HTTP status when there is none. */
export class Rest {
  readonly #parts: RestParts;
  readonly #client: Client;
  readonly #inFlight = new Set<() => void>();
  readonly #gate: HttpGate;
  #sampling: Promise<void> | undefined;
  #doubtedAt = Number.NEGATIVE_INFINITY;
  #closed = false;
  #hasAnswered = false;
  #nobodySince: number | undefined;

  constructor(parts: RestParts) {
    this.#parts = parts;
    this.#gate = new HttpGate(parts.clock);
    this.#client = new Client(parts, (url, parameters) => this.#send(url, parameters));
  }

  /** True during a ban: only an occasional probe may be sent. */
  get isShut(): boolean {
    return this.#gate.isShut;
  }

  /** True when the address has responded at least once, even with a refusal. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * Since when every connection was refused because no server listens at the address, monotonic. Undefined when the last request was
   * not refused: it got a response (perhaps from a proxy that cannot reach the exchange) or timed out.
   */
  get nobodySince(): number | undefined {
    return this.#nobodySince;
  }

  /** From now on reads may also serve as probes during a ban. */
  forceProbes(): void {
    this.#gate.forceProbes();
  }

  getPublic(path: string, parameters: JsonObject = {}): Promise<Answer> {
    return this.#read(path, () => this.#call(path, 'public', 'GET', parameters));
  }

  get(path: string, parameters: JsonObject): Promise<Answer> {
    return this.#read(path, async () => {
      await this.timeKnown();
      await this.#parts.beforeQuery?.();
      return this.#call(path, 'private', 'GET', parameters);
    });
  }

  /** An idempotent POST: it is retried like a read. */
  postSafely(path: string, parameters: JsonObject): Promise<Answer> {
    return this.#read(path, () => this.post(path, parameters));
  }

  async post(path: string, parameters: JsonObject): Promise<Answer> {
    await this.timeKnown(isCancel(path));
    return this.#call(path, 'private', 'POST', parameters);
  }

  /** Reads as many pages as possible. Rejects when not even one can be read. */
  list(path: string, parameters: JsonObject, limit: number, mostPages?: number): Promise<Listing<JsonObject>> {
    return readPages({ path, limit, mostPages }, (cursor) =>
      this.get(path, { ...parameters, limit, ...(cursor === '' ? {} : { cursor }) }),
    );
  }

  /** Reads all pages, or rejects. */
  async pages(path: string, parameters: JsonObject, limit: number): Promise<Complete<JsonObject>> {
    return whole(await this.list(path, parameters, limit));
  }

  /** The exchange's time now, ms. */
  readTime(): Promise<number> {
    return this.#read(TIME_PATH, () => this.sampleTime());
  }

  /** Queries the exchange's time once and updates the estimate. */
  async sampleTime(): Promise<number> {
    const { clock, serverTime } = this.#parts;
    const sentAt = clock.monotonic();
    const { at } = await this.#call(TIME_PATH, 'public', 'GET', {});
    serverTime.sample(sentAt, at);
    return at;
  }

  /**
   * Signatures need the exchange's time: it is queried before the first signed request, and after a request was refused for its time.
   * Without a response the old estimate is used. A cancel uses the old estimate at once, because a refused cancel is sent again.
   * Undefined when there is nothing to wait for.
   */
  timeKnown(isForCancel = false): Promise<void> | undefined {
    const { isKnown } = this.#parts.serverTime;
    if (!isKnown) this.#resample();
    return isForCancel && isKnown ? undefined : this.#sampling;
  }

  /** Called when the exchange refused a request for its timestamp. */
  timeWrong(): void {
    this.#parts.serverTime.distrust();
    this.#resample();
  }

  /** Called when the exchange's clock seems to have jumped: queries its time. No request waits for the response. */
  #doubtTime(): void {
    const now = this.#parts.clock.monotonic();
    if (now - this.#doubtedAt < BETWEEN_DOUBTS_MS) return;
    this.#doubtedAt = now;
    this.sampleTime().catch(ignoreExchangeError);
  }

  /** Requests in flight fail with an unknown outcome. */
  close(): void {
    this.#closed = true;
    for (const abandon of this.#inFlight) abandon();
  }

  async #read<T>(path: string, ask: () => Promise<T>): Promise<T> {
    const { clock, readAgain } = this.#parts;
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        const inMs = error instanceof ExchangeError && !this.#closed ? readAgain?.(error, tries, path) : undefined;
        if (inMs === undefined) throw error;
        await sleep(clock, inMs);
      }
    }
  }

  async #call(path: string, api: 'public' | 'private', method: 'GET' | 'POST', parameters: JsonObject): Promise<Answer> {
    const { clock, credentials, serverTime, redact } = this.#parts;
    if (this.#closed) throw new ExchangeError('unavailable', 'not-applied', `${path}: the connection is closed`);
    if (api === 'private' && (credentials.apiKey === '' || credentials.secret === '')) {
      throw new ExchangeError('auth', 'not-applied', `${path}: no API key is set`);
    }
    this.#gate.pass(path);
    const leftAt = clock.monotonic();
    const sentAt = serverTime.now();
    try {
      const answer: unknown = await this.#client.request(path, api, method, parameters);
      this.#answered(undefined, leftAt);
      const time = numberIn(objectIn(answer)['time']);
      if (time === undefined && path === TIME_PATH) throw unreadable(`${path}: no time`);
      if (time !== undefined && path !== TIME_PATH && serverTime.isContradictedBy(leftAt, time)) this.#doubtTime();
      const result = objectIn(objectIn(answer)['result']);
      if (method === 'GET') expectCategory(result, path, parameters);
      // A response without a time is at least as new as the request.
      return { result, extra: objectIn(objectIn(answer)['retExtInfo']), at: time ?? sentAt };
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      const failure =
        error instanceof ExchangeError ? error : new ExchangeError('unavailable', 'unknown', redact(`${path}: ${messageOf(error)}`));
      if (failure.kind === 'clock') this.timeWrong();
      this.#answered(failure, leftAt);
      throw failure;
    }
  }

  /** A missing response says nothing about a ban. */
  #answered(error: ExchangeError | undefined, leftAt: number): void {
    if (error?.kind !== 'unavailable') this.#gate.answered(error?.kind === 'banned', leftAt);
    this.#parts.onAnswered?.(error);
  }

  #resample(): void {
    const done = (): void => {
      this.#sampling = undefined;
    };
    // Twice: the first sample includes opening the connection, which makes its round trip asymmetric.
    this.#sampling ??= this.sampleTime()
      .then(() => this.sampleTime())
      .then(done, done);
  }

  /** Sends one request with a deadline on the injected clock; a response after the deadline is dropped. */
  #send(url: string, { method, headers = {}, body = '' }: FetchParameters): Promise<FetchResponse> {
    const { wire, clock, requestTimeoutMs, redact } = this.#parts;
    const path = pathOf(url, this.#parts.url);
    const abort = new AbortController();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        cancel();
        this.#inFlight.delete(abandon);
      };
      const fail = (reason: string): void => {
        settle();
        abort.abort();
        reject(new ExchangeError('unavailable', 'unknown', redact(`${path}: ${reason}`)));
      };
      const abandon = (): void => fail('closed before the answer came');
      const cancel = clock.schedule(requestTimeoutMs, () => {
        this.#nobodySince = undefined;
        fail(`no answer within ${requestTimeoutMs} ms`);
      });
      this.#inFlight.add(abandon);
      wire.request({ method, url, headers, body }, abort.signal).then(
        (response) => {
          this.#hasAnswered = true;
          this.#nobodySince = undefined;
          settle();
          resolve(fetchResponse(response));
        },
        (error: unknown) => {
          this.#nobodySince = isConnectionRefused(error) ? (this.#nobodySince ?? clock.monotonic()) : undefined;
          if (!(error instanceof AssertionError)) return fail(messageOf(error));
          settle();
          reject(error);
        },
      );
    });
  }
}

function isConnectionRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

interface FetchResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: () => Promise<string>;
}

function fetchResponse({ status, statusText, headers, body }: WireResponse): FetchResponse {
  return { status, statusText, ok: status >= 200 && status < 300, headers, text: () => Promise.resolve(body) };
}

/**
 * ccxt signs and sends requests. Its handling of responses is replaced, because it takes HTML pages and truncated bodies for success, and
 * its error classes mix refusals with unknown outcomes.
 */
class Client extends bybit {
  readonly #parts: RestParts;
  /** Monotonic send time by the request's headers: ccxt passes the same object to the sending and the response handler. */
  readonly #sentAt = new WeakMap<object, number>();

  constructor(parts: RestParts, send: (url: string, parameters: FetchParameters) => Promise<FetchResponse>) {
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
    this.fetchImplementation = (path: string, parameters: FetchParameters) => {
      if (parameters.headers !== undefined) this.#sentAt.set(parameters.headers, parts.clock.monotonic());
      return send(path, parameters);
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
    const path = pathOf(url, this.#parts.url);
    const answer = parseJson(body);
    const code = isObject(answer) ? codeIn(answer['retCode']) : undefined;
    const verdict = judge(status, code, body, path);
    const now = this.#parts.serverTime.now();
    const requestClass = classOfPath(path);
    const isThrottled = verdict !== 'accepted' && verdict.kind === 'throttled';
    const sentAt = this.#sentAt.get(requestHeaders) ?? this.#parts.clock.monotonic();
    const limit =
      requestClass === undefined ? undefined : limitObservation(requestClass, objectIn(headers), isRateLimit(code), { sentAt, now });
    if (limit !== undefined) this.#parts.onLimit(limit);
    if (verdict === 'accepted') return body.trim();
    const isCodeAccepted = code !== undefined && verdictOf(code, 'other') === 'accepted';
    const said = isObject(answer) && code !== undefined ? `${code} ${textIn(answer['retMsg'])}` : 'without a code';
    const text = code === undefined || isCodeAccepted ? `HTTP ${status} ${said}` : said;
    throw new ExchangeError(verdict.kind, verdict.outcome, this.#parts.redact(`${path}: ${text}`), {
      // A success code with a failure status: only the status describes the failure.
      ...(code === undefined || isCodeAccepted ? { isBarred: verdict.kind === 'unavailable' && isForbidden(status) } : detailsOf(code)),
      ...(isThrottled ? { resetAt: limit?.resetAt ?? now } : {}),
    });
  }

  /** Nothing to do: `onRestResponse` has judged the response. */
  override handleErrors(): undefined {
    return undefined;
  }
}

/** Throws for a response of another category, caused by a faulty cache or proxy. A response without a category is accepted. */
function expectCategory(result: JsonObject, path: string, parameters: JsonObject): void {
  const [asked, given] = [textIn(parameters['category']), textIn(result['category'])];
  if (asked === '' || given === '' || asked === given) return;
  throw unreadable(`${path}: asked for ${asked}, answered for ${excerpt(given, 20)}`);
}

/** The code decides; success also requires a 2xx status. */
function judge(status: number, code: number | undefined, body: string, path: string): Verdict | 'accepted' {
  const isSuccess = status >= 200 && status < 300;
  if (code === undefined) return isSuccess ? { kind: 'unavailable', outcome: 'unknown' } : verdictOfStatus(status, body);
  const verdict = verdictOf(code, path === 'v5/order/create' ? 'create' : 'other');
  return verdict === 'accepted' && !isSuccess ? verdictOfStatus(status, body) : verdict;
}

function pathOf(url: string, base: string): string {
  const path = url.startsWith(base) ? url.slice(base.length + 1) : url;
  const end = path.indexOf('?');
  return end < 0 ? path : path.slice(0, end);
}
