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
  /** Awaited before every signed read, before it is signed. */
  readonly beforeQuery: (() => Promise<void>) | undefined;
  /** Reads change nothing, so they may be repeated; requests that act never are. Without it no read is. */
  readonly readAgain?: ReadAgain | undefined;
  readonly serverTime: ServerTime;
  readonly onLimit: (observation: LimitObservation) => void;
  /** Every request's outcome, as far as it says something of this way; undefined: accepted. */
  readonly onAnswered?: (error: ExchangeError | undefined) => void;
  /** Blots out the credentials. */
  readonly redact: (text: string) => string;
}

/** An accepted answer. `at`: exchange time of it, ms. */
export interface Answer {
  readonly result: JsonObject;
  /** What a batch says of each of its orders. */
  readonly extra: JsonObject;
  readonly at: number;
}

/** Headers and body of a request as ccxt hands them to its `fetchImplementation`. */
interface FetchParameters {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Not used by us: our own deadline, on the injected clock, ends every request before. */
const CCXT_TIMEOUT_MS = 2_000_000_000;
const TIME_PATH = 'v5/market/time';
/** An exchange whose answers contradict each other is not asked for its time more often. */
const BETWEEN_DOUBTS_MS = 5000;

/** Bybit over HTTP. Every call rejects with ExchangeError; which one is decided by the numeric code alone. */
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

  /** During a ban: nothing may be sent but a request now and then, to find out whether it is over. */
  get isShut(): boolean {
    return this.#gate.isShut;
  }

  /** Something at that address has answered, also by a refusal. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * Monotonic time since which every connection was refused: nobody listens there. Undefined when the last request met somebody, be it a
   * proxy that cannot reach the exchange, or silence.
   */
  get nobodySince(): number | undefined {
    return this.#nobodySince;
  }

  /** From now on reads may be that request too. */
  insist(): void {
    this.#gate.insist();
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

  /** A request whose repetition changes nothing more. */
  postSafely(path: string, parameters: JsonObject): Promise<Answer> {
    return this.#read(path, () => this.post(path, parameters));
  }

  async post(path: string, parameters: JsonObject): Promise<Answer> {
    await this.timeKnown(isCancel(path));
    return this.#call(path, 'private', 'POST', parameters);
  }

  /** As many pages as can be read. Rejects when there is not even one. */
  list(path: string, parameters: JsonObject, limit: number, mostPages?: number): Promise<Listing<JsonObject>> {
    return readPages({ path, limit, mostPages }, (cursor) =>
      this.get(path, { ...parameters, limit, ...(cursor === '' ? {} : { cursor }) }),
    );
  }

  /** Every page, or a rejection. */
  async pages(path: string, parameters: JsonObject, limit: number): Promise<Complete<JsonObject>> {
    return whole(await this.list(path, parameters, limit));
  }

  /** The exchange's time now, ms. */
  readTime(): Promise<number> {
    return this.#read(TIME_PATH, () => this.sampleTime());
  }

  /** Asks for the exchange's time, once, and corrects the estimate by it. */
  async sampleTime(): Promise<number> {
    const { clock, serverTime } = this.#parts;
    const sentAt = clock.monotonic();
    const { at } = await this.#call(TIME_PATH, 'public', 'GET', {});
    serverTime.sample(sentAt, at);
    return at;
  }

  /**
   * Signatures need the exchange's time: it is asked for before the first, and after one that was refused for its time. When
   * there is no answer the old estimate must do, and for a cancel it does at once: one that is refused again is sent again. Undefined when
   * there is nothing to wait for.
   */
  timeKnown(isForCancel = false): Promise<void> | undefined {
    const { isKnown } = this.#parts.serverTime;
    if (!isKnown) this.#resample();
    return isForCancel && isKnown ? undefined : this.#sampling;
  }

  /** The exchange refused a request for its time. */
  timeWrong(): void {
    this.#parts.serverTime.distrust();
    this.#resample();
  }

  /** The exchange's clock seems to have jumped: asks for its time. No request waits for the answer. */
  #doubtTime(): void {
    const now = this.#parts.clock.monotonic();
    if (now - this.#doubtedAt < BETWEEN_DOUBTS_MS) return;
    this.#doubtedAt = now;
    this.sampleTime().catch(ignoreExchangeError);
  }

  /** Requests that wait for an answer fail: their outcome is unknown. */
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
      // Without a time it is at least as new as the question.
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

  /** Silence is no word about a ban. */
  #answered(error: ExchangeError | undefined, leftAt: number): void {
    if (error?.kind !== 'unavailable') this.#gate.answered(error?.kind === 'banned', leftAt);
    this.#parts.onAnswered?.(error);
  }

  #resample(): void {
    const done = (): void => {
      this.#sampling = undefined;
    };
    // Twice: the first one pays for the connection, which puts its middle in the wrong place.
    this.#sampling ??= this.sampleTime()
      .then(() => this.sampleTime())
      .then(done, done);
  }

  /** One request, with a deadline on the injected clock; an answer after it is dropped. */
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
 * ccxt signs and sends; what it would do with the answer is replaced: it takes pages of HTML and truncated bodies for
 * success, and its error classes mix refusals with unproven outcomes.
 */
class Client extends bybit {
  readonly #parts: RestParts;
  /** Monotonic, by the headers of the request: ccxt hands the same object to both ends. */
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
    // Assigned by ccxt's constructor as properties of the instance, so a method would be shadowed.
    this.milliseconds = () => parts.serverTime.now();
    this.now = this.milliseconds;
    this.seconds = () => Math.floor(parts.serverTime.now() / 1000);
  }

  /** Optional proxy packages: looking for them would be file access in simulated time. */
  override loadProxyModules(): Promise<void> {
    return Promise.resolve();
  }

  /** The whole judgement of an answer; what it returns is an accepted body. */
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
      // A code of success says nothing of a failure: that is the status alone.
      ...(code === undefined || isCodeAccepted ? { isBarred: verdict.kind === 'unavailable' && isForbidden(status) } : detailsOf(code)),
      ...(isThrottled ? { resetAt: limit?.resetAt ?? now } : {}),
    });
  }

  /** `onRestResponse` has judged it. */
  override handleErrors(): undefined {
    return undefined;
  }
}

/** What answers another question than ours: a mistake of a cache or a proxy. One that names no category is taken for ours. */
function expectCategory(result: JsonObject, path: string, parameters: JsonObject): void {
  const [asked, given] = [textIn(parameters['category']), textIn(result['category'])];
  if (asked === '' || given === '' || asked === given) return;
  throw unreadable(`${path}: asked for ${asked}, answered for ${excerpt(given, 20)}`);
}

/** The code decides; success needs a status of success as well. */
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
