import type { Clock } from '../util/clock.ts';
import { RollingCount } from '../util/rolling.ts';
import type { RateCounts } from './embedded-ledger.ts';
import type { AccountId } from './venue.ts';

/** `vip0`: an ordinary account; `off`: nothing is counted against anyone. */
export type LimitMode = 'off' | 'vip0';

/** Requests of one account to one endpoint in a rolling second; a batch counts its orders. */
const PER_SECOND: Readonly<Record<string, number>> = {
  '/v5/order/create': 10,
  '/v5/order/amend': 10,
  '/v5/order/cancel': 10,
  '/v5/order/cancel-all': 10,
  '/v5/order/create-batch': 10,
  '/v5/order/amend-batch': 10,
  '/v5/order/cancel-batch': 10,
  '/v5/order/realtime': 50,
  '/v5/order/history': 50,
  '/v5/execution/list': 50,
  '/v5/position/list': 50,
  '/v5/position/set-leverage': 10,
  '/v5/position/switch-mode': 10,
  '/v5/account/wallet-balance': 50,
  '/v5/account/info': 50,
  '/v5/account/user-setting-config': 50,
  '/v5/account/set-limit-px-action': 10,
  '/v5/account/fee-rate': 5,
  '/v5/account/query-dcp-info': 5,
  '/v5/user/query-api': 10,
  '/v5/asset/coin/query-info': 5,
};

const ORDER_ENDPOINT = /^\/v5\/order\/(create|amend|cancel)/;
const UNLIMITED = 1_000_000;
const SECOND_MS = 1000;
const ADDRESS_LIMIT = 600;
const ADDRESS_WINDOW_MS = 5000;
const BAN_MS = 600_000;

/** What the limit headers say, and how much of the request may pass. */
export interface RateReading {
  readonly limit: number;
  readonly remaining: number;
  /** Wall time, ms: when a request passes again if this one did not, otherwise now. */
  readonly resetAt: number;
  readonly granted: number;
}

interface Bucket {
  readonly passed: RollingCount;
  readonly arrived: RollingCount;
}

interface AccountLimits {
  readonly buckets: Map<string, Bucket>;
  rateLimited: number;
  worstRollingSecond: number;
}

interface Address {
  readonly requests: RollingCount;
  bannedUntil: number;
}

/** Counts arrivals per account and endpoint, whichever way they come, and per address. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #mode: LimitMode;
  readonly #accounts = new Map<AccountId, AccountLimits>();
  readonly #addresses = new Map<string, Address>();

  constructor(clock: Clock, mode: LimitMode) {
    this.#clock = clock;
    this.#mode = mode;
  }

  /** One request for `amount` orders (or one anything else): the first `granted` of them pass. */
  take(accountId: AccountId, endpoint: string, amount = 1): RateReading {
    const account = this.#accountOf(accountId);
    const bucket = bucketOf(account, endpoint);
    const now = this.#clock.monotonic();
    for (let i = 0; i < amount; i += 1) bucket.arrived.add(now);
    if (ORDER_ENDPOINT.test(endpoint)) account.worstRollingSecond = Math.max(account.worstRollingSecond, bucket.arrived.count(now));
    const limit = this.#limitOf(endpoint);
    const granted = Math.max(0, Math.min(amount, limit - bucket.passed.count(now)));
    for (let i = 0; i < granted; i += 1) bucket.passed.add(now);
    account.rateLimited += amount - granted;
    const waitMs = granted < amount ? (bucket.passed.nextExpiry(now) ?? now) - now : 0;
    return { limit, remaining: limit - bucket.passed.count(now), resetAt: Math.ceil(this.#clock.now() + waitMs), granted };
  }

  /** The headers of a request that reached no bucket. */
  idle(endpoint: string): RateReading {
    const limit = this.#limitOf(endpoint);
    return { limit, remaining: limit, resetAt: this.#clock.now(), granted: 0 };
  }

  /** False: the address asked too much and is shut out for ten minutes. */
  admits(name: string): boolean {
    if (this.#mode === 'off') return true;
    const now = this.#clock.monotonic();
    let address = this.#addresses.get(name);
    if (address === undefined) {
      address = { requests: new RollingCount(ADDRESS_WINDOW_MS), bannedUntil: Number.NEGATIVE_INFINITY };
      this.#addresses.set(name, address);
    }
    if (now < address.bannedUntil) return false;
    address.requests.add(now);
    if (address.requests.count(now) <= ADDRESS_LIMIT) return true;
    address.bannedUntil = now + BAN_MS;
    return false;
  }

  /** `worstRollingSecond`: most arrivals at one order endpoint, refused ones included. */
  counts(accountId: AccountId): RateCounts {
    const { rateLimited, worstRollingSecond } = this.#accountOf(accountId);
    return { rateLimited, worstRollingSecond };
  }

  /** Endpoints without a limit of their own answer with that of the address. */
  #limitOf(endpoint: string): number {
    return this.#mode === 'off' ? UNLIMITED : (PER_SECOND[endpoint] ?? ADDRESS_LIMIT);
  }

  #accountOf(id: AccountId): AccountLimits {
    let account = this.#accounts.get(id);
    if (account === undefined) {
      account = { buckets: new Map(), rateLimited: 0, worstRollingSecond: 0 };
      this.#accounts.set(id, account);
    }
    return account;
  }
}

function bucketOf({ buckets }: AccountLimits, endpoint: string): Bucket {
  let bucket = buckets.get(endpoint);
  if (bucket === undefined) {
    bucket = { passed: new RollingCount(SECOND_MS), arrived: new RollingCount(SECOND_MS) };
    buckets.set(endpoint, bucket);
  }
  return bucket;
}
