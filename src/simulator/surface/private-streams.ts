import { netText } from './texts.ts';
import { defined } from '../../util/assert.ts';
import type { Cancel, Clock } from '../../util/clock.ts';
import { atoms, tickLots } from '../../model/units.ts';
import type { AccountId, Venue, VenueEvent, VenueExecution, VenueOrder } from '../venue.ts';
import { positionPush, walletRow } from './account-rows.ts';
import { settleCoinOf } from './account-routes.ts';
import { CATEGORY, executionPush, fastExecutionPush, feeRateOf, instrumentFor, orderPush } from './order-rows.ts';

const KINDS = ['order', 'execution', 'execution.fast', 'position', 'wallet', 'greeks'] as const;
type Kind = (typeof KINDS)[number];

export type PushListener = (text: string) => void;

/** What a private topic is: one kind of row, of all categories or of one. */
export interface PrivateTopic {
  readonly name: string;
  readonly kind: Kind;
  /** Undefined: all in one. */
  readonly category: string | undefined;
}

const CATEGORIES = ['linear', 'inverse', 'spot', 'option'];

/** Undefined when there is no such topic. */
export function privateTopicOf(name: string): PrivateTopic | undefined {
  const whole = KINDS.find((kind) => kind === name);
  if (whole !== undefined) return { name, kind: whole, category: undefined };
  const cut = name.lastIndexOf('.');
  const kind = KINDS.find((known) => known === name.slice(0, cut));
  const category = name.slice(cut + 1);
  const isCategorised = kind !== undefined && kind !== 'wallet' && kind !== 'greeks' && CATEGORIES.includes(category);
  return isCategorised ? { name, kind, category } : undefined;
}

interface Subscription extends PrivateTopic {
  readonly account: AccountId;
  readonly listener: PushListener;
}

/** Tells the accounts what happens to them, as it happens; nobody gets a snapshot. */
export class PrivateStreams {
  readonly #venue: Venue;
  readonly #clock: Clock;
  readonly #nextId: () => string;
  readonly #subscriptions = new Set<Subscription>();
  /** Realised less fees, of orders that are open. */
  readonly #orderPnl = new Map<string, { realised: number; fees: number }>();

  constructor(venue: Venue, clock: Clock, nextId: () => string) {
    this.#venue = venue;
    this.#clock = clock;
    this.#nextId = nextId;
  }

  subscribe(account: AccountId, topic: PrivateTopic, listener: PushListener): Cancel {
    const subscription = { ...topic, account, listener };
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  onEvent(event: VenueEvent): void {
    switch (event.type) {
      case 'order':
        return this.#order(event.order);
      case 'execution':
        return this.#execution(event.execution);
      case 'position':
        return this.#push(event.account, 'position', () => {
          const { symbol } = event.position;
          return positionPush(event.position, defined(this.#venue.market(symbol), `market of ${symbol}`));
        });
      case 'wallet':
        return this.#push(event.account, 'wallet', () => walletRow(event.wallet, [settleCoinOf(this.#venue)]));
      case 'trade':
        return;
    }
  }

  #order(order: VenueOrder): void {
    const { realised, fees } = this.#orderPnl.get(order.orderId) ?? { realised: 0, fees: 0 };
    if (order.status !== 'New' && order.status !== 'PartiallyFilled') this.#orderPnl.delete(order.orderId);
    this.#push(order.account, 'order', () => {
      const instrument = instrumentFor(this.#venue, order.symbol);
      return orderPush(order, instrument, netText(tickLots(realised), atoms(fees), instrument));
    });
  }

  #execution(execution: VenueExecution): void {
    const { account, orderId, symbol } = execution;
    const earlier = this.#orderPnl.get(orderId) ?? { realised: 0, fees: 0 };
    this.#orderPnl.set(orderId, { realised: earlier.realised + execution.realised, fees: earlier.fees + execution.fee });
    const instrument = instrumentFor(this.#venue, symbol);
    this.#push(account, 'execution', () => executionPush(execution, instrument, feeRateOf(this.#venue, execution)));
    this.#push(account, 'execution.fast', () => fastExecutionPush(execution, instrument));
  }

  #push(account: AccountId, kind: Kind, row: () => object): void {
    for (const subscription of this.#subscriptions) {
      const { name, category } = subscription;
      const isMine = subscription.account === account && subscription.kind === kind;
      if (!isMine || (category ?? CATEGORY) !== CATEGORY) continue;
      subscription.listener(JSON.stringify({ id: this.#nextId(), topic: name, creationTime: this.#clock.now(), data: [row()] }));
    }
  }
}
