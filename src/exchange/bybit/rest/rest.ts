import { messageOf } from '../../../errors.ts';
import { AssertionError } from '../../../util/assert.ts';
import { sleep } from '../../../util/clock.ts';
import { excerpt } from '../../../util/excerpt.ts';
import { numberIn, objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import { whole, type Complete, type Listing } from '../../complete.ts';
import { ExchangeError } from '../../errors.ts';
import { unreadable } from '../codec/decimal-fields.ts';
import { CcxtClient, type CcxtClientParts } from './ccxt-client.ts';
import { HttpGate, isCancel } from './http-gate.ts';
import { readPages } from './pages.ts';
import type { ReadAgain } from './read-again.ts';
import { Sender, type SenderParts } from './sender.ts';
import { TimeSampler } from './time-sampler.ts';

export interface RestParts extends SenderParts, CcxtClientParts {
  /** Awaited before every signed read is signed. */
  readonly beforeQuery: (() => Promise<void>) | undefined;
  /** Decides on retries of failed reads; requests with effects are never repeated. Default: no retries. */
  readonly readAgain?: ReadAgain | undefined;
  /** Called with the outcome of every request that was sent; undefined: accepted. */
  readonly onAnswered?: (error: ExchangeError | undefined) => void;
}

/** An accepted response. `at`: its exchange time, ms. */
export interface Answer {
  readonly result: JsonObject;
  /** The results of a batch request per order. */
  readonly extra: JsonObject;
  readonly at: number;
}

const TIME_PATH = 'v5/market/time';

/** Bybit over HTTP. Every call rejects with ExchangeError. */
export class Rest {
  /** Keeps the estimate of the exchange's time, which signatures need. */
  readonly time: TimeSampler;
  /** During a ban only an occasional probe may be sent. */
  readonly gate: HttpGate;
  readonly sender: Sender;
  readonly #parts: RestParts;
  readonly #client: CcxtClient;

  constructor(parts: RestParts) {
    const { clock, serverTime } = parts;
    this.#parts = parts;
    this.gate = new HttpGate(clock);
    this.time = new TimeSampler({ clock, serverTime, ask: () => this.#call(TIME_PATH, 'public', 'GET', {}) });
    this.sender = new Sender(parts);
    this.#client = new CcxtClient(parts, this.sender);
  }

  getPublic(path: string, parameters: JsonObject = {}): Promise<Answer> {
    return this.#read(path, () => this.#call(path, 'public', 'GET', parameters));
  }

  get(path: string, parameters: JsonObject): Promise<Answer> {
    return this.#read(path, async () => {
      await this.time.known();
      await this.#parts.beforeQuery?.();
      return this.#call(path, 'private', 'GET', parameters);
    });
  }

  /** An idempotent POST: it is retried like a read. */
  postSafely(path: string, parameters: JsonObject): Promise<Answer> {
    return this.#read(path, () => this.post(path, parameters));
  }

  async post(path: string, parameters: JsonObject): Promise<Answer> {
    await this.time.known(isCancel(path));
    return this.#call(path, 'private', 'POST', parameters);
  }

  /** Reads as many pages as possible. Rejects when not even one can be read. */
  list(path: string, parameters: JsonObject, limit: number, mostPages?: number): Promise<Listing<JsonObject>> {
    return readPages({ path, limit, mostPages }, (page) => this.get(path, { ...parameters, ...page }));
  }

  /** Reads all pages, or rejects. */
  async pages(path: string, parameters: JsonObject, limit: number): Promise<Complete<JsonObject>> {
    return whole(await this.list(path, parameters, limit));
  }

  /** The exchange's time now, ms. */
  readTime(): Promise<number> {
    return this.#read(TIME_PATH, () => this.time.sample());
  }

  async #read<T>(path: string, ask: () => Promise<T>): Promise<T> {
    const { clock, readAgain } = this.#parts;
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        const inMs = error instanceof ExchangeError && !this.sender.isClosed ? readAgain?.(error, tries, path) : undefined;
        if (inMs === undefined) throw error;
        await sleep(clock, inMs);
      }
    }
  }

  async #call(path: string, api: 'public' | 'private', method: 'GET' | 'POST', parameters: JsonObject): Promise<Answer> {
    const { clock, credentials, serverTime, redact } = this.#parts;
    if (this.sender.isClosed) throw new ExchangeError('unavailable', 'not-applied', `${path}: the connection is closed`);
    if (api === 'private' && (credentials.apiKey === '' || credentials.secret === '')) {
      throw new ExchangeError('auth', 'not-applied', `${path}: no API key is set`);
    }
    this.gate.pass(path);
    const leftAt = clock.monotonic();
    const sentAt = serverTime.now();
    try {
      const answer: unknown = await this.#client.request(path, api, method, parameters);
      this.#answered(undefined, leftAt);
      const time = numberIn(objectIn(answer)['time']);
      if (time === undefined && path === TIME_PATH) throw unreadable(`${path}: no time`);
      if (time !== undefined && path !== TIME_PATH) this.time.heard(leftAt, time);
      if (api === 'private') this.time.accepted(leftAt);
      const result = objectIn(objectIn(answer)['result']);
      if (method === 'GET') expectCategory(result, path, parameters);
      // A response without a time is at least as new as the request.
      return { result, extra: objectIn(objectIn(answer)['retExtInfo']), at: time ?? sentAt };
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      const failure =
        error instanceof ExchangeError ? error : new ExchangeError('unavailable', 'unknown', redact(`${path}: ${messageOf(error)}`));
      if (failure.kind === 'clock') this.time.refused({ sentAt: leftAt, time: failure.refusedAt });
      this.#answered(failure, leftAt);
      throw failure;
    }
  }

  /** A missing response says nothing about a ban. */
  #answered(error: ExchangeError | undefined, leftAt: number): void {
    if (error?.kind !== 'unavailable') this.gate.answered(error?.kind === 'banned', leftAt);
    this.#parts.onAnswered?.(error);
  }
}

/** Throws for a response of another category, caused by a faulty cache or proxy. A response without a category is accepted. */
function expectCategory(result: JsonObject, path: string, parameters: JsonObject): void {
  const [asked, given] = [textIn(parameters['category']), textIn(result['category'])];
  if (asked === '' || given === '' || asked === given) return;
  throw unreadable(`${path}: asked for ${asked}, answered for ${excerpt(given, 20)}`);
}
