import { lots, ticks } from '../../model/units.ts';
import type { Account } from '../accounts/account.ts';
import type { Clearing } from '../accounts/clearing.ts';
import { ClientOrder, type Trail } from './client-order.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import { closingOrder } from './closing-order.ts';
import { refused, type Refusal } from './order-refusals.ts';
import { checkPositionStops, checkTrail, isSet } from './stop-checks.ts';
import type { StopKind } from '../venue/orders.ts';
import type { PositionStop, TradingStop, Trigger } from '../venue/requests.ts';

export interface PositionStopsParts {
  readonly clearing: Clearing;
  readonly nextOrderId: () => string;
  readonly now: () => number;
}

/** The wanted state of one stop. */
interface Wanted {
  readonly kind: Exclude<StopKind, '' | 'Stop'>;
  readonly trigger: Trigger;
  readonly trail?: Trail | undefined;
}

/**
 * Take profit, stop loss and trailing stop of whole positions: reduce-only market orders with a trigger price, which follow the size
 * of the position and end with it.
 */
export class PositionStops {
  readonly #parts: PositionStopsParts;

  constructor(parts: PositionStopsParts) {
    this.#parts = parts;
  }

  /** Changes nothing if any part of it is rejected. */
  set(account: Account, market: EmbeddedMarket, change: TradingStop): { readonly ok: true } | Refusal {
    const holding = account.holding(market.instrument.symbol);
    if (holding.quantity === 0) return refused(10001, 'can not set tp/sl/ts for zero position');
    const isLong = holding.quantity > 0;
    const wrong = checkPositionStops(isLong, market.lastPrice, change.takeProfit, change.stopLoss) ?? checkTrail(isLong, market, change);
    if (wrong !== undefined) return wrong;
    const changes = [
      this.#apply(account, market, 'TakeProfit', wantedStop(isLong, 'TakeProfit', change.takeProfit)),
      this.#apply(account, market, 'StopLoss', wantedStop(isLong, 'StopLoss', change.stopLoss)),
      this.#apply(account, market, 'TrailingStop', wantedTrail(isLong, market, change.trailingStop)),
    ];
    if (!changes.includes(true)) return refused(34040);
    this.#parts.clearing.publishPosition(market, { account: account.id });
    return { ok: true };
  }

  /** To be called after a fill: the account’s stops follow the position, and stops that the order carried become active. */
  filled(account: Account, market: EmbeddedMarket, order: ClientOrder): void {
    const { quantity, stops } = account.holding(market.instrument.symbol);
    const { takeProfit, stopLoss, side } = order.request;
    if (stops.size === 0 && takeProfit === undefined && stopLoss === undefined) return;
    for (const stop of stops.values()) {
      const closes = stop.request.side === 'sell' ? quantity > 0 : quantity < 0;
      if (!closes) this.#end(market, stop, 'withPosition');
      else stop.amendedWaiting(stop.price, lots(Math.abs(quantity)), stop.trigger, this.#parts.now());
    }
    const opens = side === 'buy' ? quantity > 0 : quantity < 0;
    if (!opens || (takeProfit === undefined && stopLoss === undefined)) return;
    const changes = [
      this.#apply(account, market, 'TakeProfit', wantedStop(quantity > 0, 'TakeProfit', takeProfit)),
      this.#apply(account, market, 'StopLoss', wantedStop(quantity > 0, 'StopLoss', stopLoss)),
    ];
    if (changes.includes(true)) this.#parts.clearing.publishPosition(market, { account: account.id });
  }

  /** True when something changed. Undefined: leave unchanged; 0: remove. */
  #apply(account: Account, market: EmbeddedMarket, kind: Wanted['kind'], wanted: Wanted | 0 | undefined): boolean {
    const stop = account.holding(market.instrument.symbol).stops.get(kind);
    if (wanted === undefined || (wanted === 0 && stop === undefined)) return false;
    if (stop !== undefined && wanted !== 0 && isSame(stop, wanted)) return false;
    if (stop !== undefined) this.#end(market, stop, 'byUser');
    if (wanted !== 0) this.#add(account, market, wanted);
    return true;
  }

  #add(account: Account, market: EmbeddedMarket, { kind, trigger, trail }: Wanted): void {
    const { symbol } = market.instrument;
    const holding = account.holding(symbol);
    const request = { ...closingOrder(symbol, holding.quantity), trigger, closeOnTrigger: true };
    const origin = {
      account: account.id,
      orderId: this.#parts.nextOrderId(),
      price: ticks(0),
      lastPrice: market.lastPrice,
      at: this.#parts.now(),
    };
    const order = new ClientOrder(request, request.quantity, origin, kind, trail);
    account.add(order);
    holding.stops.set(kind, order);
    market.stops.add(order);
    this.#parts.clearing.rests(market, order, true);
  }

  #end(market: EmbeddedMarket, stop: ClientOrder, why: 'byUser' | 'withPosition'): void {
    market.stops.remove(stop);
    this.#parts.clearing.end(market, stop, why);
  }
}

function wantedStop(isLong: boolean, kind: 'TakeProfit' | 'StopLoss', stop: PositionStop | 0 | undefined): Wanted | 0 | undefined {
  if (!isSet(stop)) return stop;
  return { kind, trigger: { ...stop, direction: (kind === 'TakeProfit') === isLong ? 'rise' : 'fall' } };
}

function wantedTrail(isLong: boolean, { lastPrice }: EmbeddedMarket, stop: TradingStop['trailingStop']): Wanted | 0 | undefined {
  if (stop === undefined || stop === 0) return stop;
  const { distance, activation } = stop;
  const from = activation ?? lastPrice;
  const price = ticks(isLong ? from - distance : from + distance);
  return { kind: 'TrailingStop', trigger: { price, by: 'last', direction: isLong ? 'fall' : 'rise' }, trail: { distance, activation } };
}

/** A trailing stop is the same if its distance and activation price are, because its trigger moves by itself. */
function isSame({ trigger, trail }: ClientOrder, wanted: Wanted): boolean {
  if (wanted.trail !== undefined) return trail?.distance === wanted.trail.distance && trail.activation === wanted.trail.activation;
  return trigger?.price === wanted.trigger.price && trigger.by === wanted.trigger.by;
}
