import type { Cancel, Clock } from '../../util/clock.ts';
import { numberIn, textIn } from '../../util/json.ts';
import type { AccountId } from '../venue/account-state.ts';
import type { OrderVenue, Venue } from '../venue/venue.ts';
import { failed, failure, parameterError, RET, succeeded, type Reply } from './routes/replies.ts';
import { signedGet, signedPost, type Call, type Routes } from './routes/routes.ts';

const PRODUCTS = ['OPTIONS', 'DERIVATIVES', 'SPOT'] as const;
type Product = (typeof PRODUCTS)[number];

/** Private topics whose subscription protects a product’s orders; they send no messages. */
export const PROTECTION_TOPICS = ['dcp.option', 'dcp.future', 'dcp.spot'] as const;
const TOPICS: ReadonlyMap<string, Product> = new Map([
  ['dcp.option', 'OPTIONS'],
  ['dcp.future', 'DERIVATIVES'],
  ['dcp.spot', 'SPOT'],
]);

const MIN_WINDOW_S = 3;
const MAX_WINDOW_S = 300;
/** Time from the request until it takes effect. */
const EFFECT_MS = 10_000;

interface Guard {
  /** The last requested window, and when it takes effect (monotonic ms). */
  wanted: { readonly windowS: number; readonly from: number } | undefined;
  /** The window in effect until then. */
  earlierS: number | undefined;
  connections: number;
  stop: Cancel | undefined;
}

/**
 * Disconnect cancel-all (DCP): cancels an account’s active orders of a product a time window after the last private connection
 * subscribed to its topic has ended (bybit-v5.md §3.14). Bybit offers it to institutions only: `isGranted`.
 */
export class DisconnectProtection {
  readonly #clock: Clock;
  readonly #venues: Readonly<Record<Product, OrderVenue | undefined>>;
  readonly #isGranted: boolean;
  readonly #guards = new Map<string, Guard>();
  #isClosed = false;

  constructor(clock: Clock, { venue, spot }: { readonly venue: Venue; readonly spot: OrderVenue | undefined }, isGranted: boolean) {
    this.#clock = clock;
    this.#venues = { DERIVATIVES: venue, SPOT: spot, OPTIONS: undefined };
    this.#isGranted = isGranted;
  }

  /** Notes that a private connection subscribed to a topic; call the result when it unsubscribes or ends. */
  subscribed(account: AccountId, topic: string): Cancel {
    const product = TOPICS.get(topic);
    if (product === undefined) return () => undefined;
    const guard = this.#guardOf(account, product);
    guard.connections += 1;
    guard.stop?.();
    guard.stop = undefined;
    return () => this.#left(account, product, guard);
  }

  /** Called when the exchange shuts down: connections that end then cancel nothing. */
  close(): void {
    this.#isClosed = true;
    for (const guard of this.#guards.values()) guard.stop?.();
  }

  routes(): Routes {
    return {
      '/v5/order/disconnected-cancel-all': signedPost((call) => this.#set(call)),
      '/v5/account/query-dcp-info': signedGet((call) => this.#list(call)),
    };
  }

  #set({ account, params }: Call): Reply {
    if (!this.#isGranted) return failed(RET.permission, 'DCP is for institutional clients only.');
    const name = textIn(params['product']);
    const product = PRODUCTS.find((known) => known === (name === '' ? 'OPTIONS' : name));
    const windowS = numberIn(params['timeWindow']);
    if (product === undefined) return failure(parameterError('product invalid'));
    if (windowS === undefined || !Number.isInteger(windowS) || windowS < MIN_WINDOW_S || windowS > MAX_WINDOW_S)
      return failure(parameterError(`timeWindow is ${MIN_WINDOW_S} to ${MAX_WINDOW_S} seconds`));
    const guard = this.#guardOf(account, product);
    guard.earlierS = this.#windowOf(guard);
    guard.wanted = { windowS, from: this.#clock.monotonic() + EFFECT_MS };
    return { ...succeeded(), retMsg: 'success' };
  }

  #list({ account }: Call): Reply {
    const dcpInfos = PRODUCTS.flatMap((product) => {
      const wanted = this.#guards.get(key(account, product))?.wanted;
      return wanted === undefined ? [] : [{ product, dcpStatus: 'ON', timeWindow: String(wanted.windowS) }];
    });
    return succeeded({ dcpInfos });
  }

  #left(account: AccountId, product: Product, guard: Guard): void {
    guard.connections -= 1;
    const windowS = this.#windowOf(guard);
    const venue = this.#venues[product];
    if (guard.connections > 0 || windowS === undefined || venue === undefined || this.#isClosed) return;
    guard.stop = this.#clock.schedule(windowS * 1000, () => cancelAll(venue, account));
  }

  /** The window in effect now, in seconds. */
  #windowOf({ wanted, earlierS }: Guard): number | undefined {
    return wanted !== undefined && this.#clock.monotonic() >= wanted.from ? wanted.windowS : earlierS;
  }

  #guardOf(account: AccountId, product: Product): Guard {
    let guard = this.#guards.get(key(account, product));
    if (guard === undefined) {
      guard = { wanted: undefined, earlierS: undefined, connections: 0, stop: undefined };
      this.#guards.set(key(account, product), guard);
    }
    return guard;
  }
}

/** Cancels active orders only; orders that wait for a trigger price stay. */
function cancelAll(venue: OrderVenue, account: AccountId): void {
  while (venue.cancelAll(account, { kinds: 'active' }, 'byDisconnect').length > 0);
}

function key(account: AccountId, product: Product): string {
  return `${account} ${product}`;
}
