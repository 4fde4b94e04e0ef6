import type { Clock } from '../../util/clock.ts';
import { RollingCount } from '../../util/rolling.ts';
import type { RateCounts } from '../ledger/embedded-ledger.ts';
import type { LedgerBucket } from '../ledger/ledger.ts';
import { ADDRESS_LIMIT, isOrderEndpoint, limitOf, type LimitMode, type Product } from './rate-tiers.ts';
import type { AccountId } from '../venue/account-state.ts';

const SECOND_MS = 1000;
const ADDRESS_WINDOW_MS = 5000;
const BAN_MS = 600_000;

/** The values of the rate limit headers, and how much of the request is allowed. */
export interface RateReading {
  readonly limit: number;
  readonly remaining: number;
  /** Wall time, ms: when the limit allows a request again if this one was refused, otherwise now. */
  readonly resetAt: number;
  readonly granted: number;
}

/** HTTP requests of one address. */
export interface AddressCounts {
  readonly address: string;
  readonly requests: number;
  /** Most requests in any rolling five seconds. */
  readonly worstFiveSeconds: number;
  readonly isBanned: boolean;
}

class Bucket {
  readonly endpoint: string;
  readonly product: Product;
  readonly limit: number;
  readonly #passedLately = new RollingCount(SECOND_MS);
  readonly #arrivedLately = new RollingCount(SECOND_MS);
  #arrived = 0;
  #passed = 0;
  #worst = 0;

  constructor(endpoint: string, product: Product, limit: number) {
    this.endpoint = endpoint;
    this.product = product;
    this.limit = limit;
  }

  get worstRollingSecond(): number {
    return this.#worst;
  }

  /** Returns how many of `amount` are allowed. `now`: monotonic ms. */
  take(now: number, amount: number): number {
    for (let i = 0; i < amount; i += 1) this.#arrivedLately.add(now);
    this.#worst = Math.max(this.#worst, this.#arrivedLately.count(now));
    const granted = Math.max(0, Math.min(amount, this.remaining(now)));
    for (let i = 0; i < granted; i += 1) this.#passedLately.add(now);
    this.#arrived += amount;
    this.#passed += granted;
    return granted;
  }

  remaining(now: number): number {
    return this.limit - this.#passedLately.count(now);
  }

  /** When one more is allowed, monotonic ms. */
  reopensAt(now: number): number {
    return this.#passedLately.nextExpiry(now) ?? now;
  }

  counts(): LedgerBucket {
    const { endpoint, product, limit } = this;
    const refused = this.#arrived - this.#passed;
    return { endpoint, product, limit, arrived: this.#arrived, passed: this.#passed, refused, worstRollingSecond: this.#worst };
  }
}

interface Address {
  readonly lately: RollingCount;
  requests: number;
  worst: number;
  bannedUntil: number;
}

/** Counts requests per account, endpoint and product over both transports, and HTTP requests per address. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #mode: LimitMode;
  readonly #accounts = new Map<AccountId, Map<string, Bucket>>();
  readonly #addresses = new Map<string, Address>();

  constructor(clock: Clock, mode: LimitMode) {
    this.#clock = clock;
    this.#mode = mode;
  }

  /** Counts a request for `amount` orders (1 for any other request); the first `granted` of them are allowed. */
  take(account: AccountId, endpoint: string, amount = 1, product: Product = 'futures'): RateReading {
    const bucket = this.#bucketOf(account, endpoint, product);
    const now = this.#clock.monotonic();
    const granted = bucket.take(now, amount);
    // Rounded up to whole ms, so that a request at the stated reset time is not refused for a fraction.
    const waitMs = granted < amount ? Math.ceil(bucket.reopensAt(now)) - Math.floor(now) : 0;
    return { limit: bucket.limit, remaining: bucket.remaining(now), resetAt: this.#clock.now() + waitMs, granted };
  }

  /** The headers of a request that was not counted by any limit. */
  idle(endpoint: string): RateReading {
    const limit = limitOf(this.#mode, endpoint, 'all');
    return { limit, remaining: limit, resetAt: this.#clock.now(), granted: 0 };
  }

  /** False if the address has exceeded its limit and is banned for ten minutes. */
  admits(name: string): boolean {
    const now = this.#clock.monotonic();
    const address = this.#addressOf(name);
    address.requests += 1;
    if (this.#mode !== 'off' && now < address.bannedUntil) return false;
    address.lately.add(now);
    const count = address.lately.count(now);
    address.worst = Math.max(address.worst, count);
    if (this.#mode === 'off' || count <= ADDRESS_LIMIT) return true;
    address.bannedUntil = now + BAN_MS;
    return false;
  }

  /** `worstRollingSecond`: most arrivals at one order endpoint, refused ones included. */
  counts(account: AccountId): RateCounts {
    const buckets = [...(this.#accounts.get(account)?.values() ?? [])];
    const counts = buckets.map((bucket) => bucket.counts());
    return {
      rateLimited: counts.reduce((sum, { refused }) => sum + refused, 0),
      worstRollingSecond: Math.max(
        0,
        ...buckets.filter(({ endpoint }) => isOrderEndpoint(endpoint)).map((each) => each.worstRollingSecond),
      ),
      buckets: counts,
    };
  }

  addresses(): readonly AddressCounts[] {
    const now = this.#clock.monotonic();
    return [...this.#addresses].map(([address, { requests, worst, bannedUntil }]) => {
      return { address, requests, worstFiveSeconds: worst, isBanned: now < bannedUntil };
    });
  }

  #bucketOf(account: AccountId, endpoint: string, product: Product): Bucket {
    let buckets = this.#accounts.get(account);
    if (buckets === undefined) {
      buckets = new Map();
      this.#accounts.set(account, buckets);
    }
    const key = `${endpoint} ${product}`;
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = new Bucket(endpoint, product, limitOf(this.#mode, endpoint, product));
      buckets.set(key, bucket);
    }
    return bucket;
  }

  #addressOf(name: string): Address {
    let address = this.#addresses.get(name);
    if (address === undefined) {
      address = { lately: new RollingCount(ADDRESS_WINDOW_MS), requests: 0, worst: 0, bannedUntil: Number.NEGATIVE_INFINITY };
      this.#addresses.set(name, address);
    }
    return address;
  }
}
