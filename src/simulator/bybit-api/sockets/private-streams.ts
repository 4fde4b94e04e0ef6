import { netText } from '../rows/texts.ts';
import { defined } from '../../../util/assert.ts';
import type { Cancel, Clock } from '../../../util/clock.ts';
import { Message } from '../../../util/message.ts';
import { atoms, tickLots } from '../../../model/units.ts';
import type { AccountId } from '../../venue/account-state.ts';
import type { VenueEvent } from '../../venue/events.ts';
import type { VenueExecution, VenueOrder } from '../../venue/orders.ts';
import type { OrderVenue, Venue } from '../../venue/venue.ts';
import { PROTECTION_TOPICS } from '../dcp.ts';
import { positionPush, walletRow } from '../rows/account-rows.ts';
import { settleCoinOf } from '../routes/account-routes.ts';
import type { OrderLine } from '../rows/order-line.ts';
import { CATEGORY, feeRateOf, instrumentFor } from '../rows/order-rows.ts';

const KINDS = [...PROTECTION_TOPICS, 'order', 'execution', 'execution.fast', 'position', 'wallet', 'greeks'] as const;
type Kind = (typeof KINDS)[number];

export type PushListener = (message: Message) => void;

/** A private topic: one kind of row, of all categories or of one. */
export interface PrivateTopic {
  readonly name: string;
  readonly kind: Kind;
  /** Undefined: all categories. */
  readonly category: string | undefined;
}

const CATEGORIES = ['linear', 'inverse', 'spot', 'option'];

/** Undefined for an unknown topic. */
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

/** Source of the events. */
export interface EventSource {
  readonly venue: OrderVenue;
  readonly line: OrderLine;
}

/** Pushes the events of each account to its subscribers as they happen; there are no snapshots. */
export class PrivateStreams {
  readonly #venue: Venue;
  readonly #clock: Clock;
  readonly #nextId: () => string;
  readonly #subscriptions = new Set<Subscription>();
  /** Realized PnL and fees of open orders. */
  readonly #orderPnl = new Map<string, { realized: number; fees: number }>();

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

  onEvent(event: VenueEvent, source: EventSource): void {
    switch (event.type) {
      case 'order':
        return this.#order(event.order, source);
      case 'execution':
        return this.#execution(event.execution, source);
      case 'position':
        return this.#push(event.account, 'position', () => {
          const { symbol } = event.position;
          return positionPush(event.position, defined(this.#venue.market(symbol), `market of ${symbol}`));
        });
      case 'wallet':
        return this.#push(event.account, 'wallet', () => walletRow(event.wallet, settleCoinOf(this.#venue)));
      case 'trade':
      case 'liquidation':
        return;
    }
  }

  #order(order: VenueOrder, { venue, line }: EventSource): void {
    const { realized, fees } = this.#orderPnl.get(order.orderId) ?? { realized: 0, fees: 0 };
    if (order.status !== 'New' && order.status !== 'PartiallyFilled') this.#orderPnl.delete(order.orderId);
    const row = (): object => {
      const instrument = instrumentFor(venue, order.symbol);
      return line.orderPush(order, instrument, netText(tickLots(realized), atoms(fees), instrument));
    };
    this.#push(order.account, 'order', row, line.category);
  }

  #execution(execution: VenueExecution, { venue, line }: EventSource): void {
    const { account, orderId, symbol, execType } = execution;
    const instrument = instrumentFor(venue, symbol);
    this.#push(account, 'execution', () => line.executionPush(execution, instrument, feeRateOf(venue, execution)), line.category);
    if (execType === 'Funding') return;
    const earlier = this.#orderPnl.get(orderId) ?? { realized: 0, fees: 0 };
    this.#orderPnl.set(orderId, { realized: earlier.realized + execution.realized, fees: earlier.fees + execution.fee });
    this.#push(account, 'execution.fast', () => line.fastExecutionPush(execution, instrument), line.category);
  }

  #push(account: AccountId, kind: Kind, row: () => object, of: string = CATEGORY): void {
    for (const subscription of this.#subscriptions) {
      const { name, category } = subscription;
      const isMine = subscription.account === account && subscription.kind === kind;
      if (!isMine || (category ?? of) !== of) continue;
      subscription.listener(new Message({ id: this.#nextId(), topic: name, creationTime: this.#clock.now(), data: [row()] }));
    }
  }
}
