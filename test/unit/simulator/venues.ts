import { lots, ppm, ticks } from '../../../src/model/units.ts';
import { EmbeddedVenue, type VenueOptions } from '../../../src/simulator/embedded-venue.ts';
import { presetOf, type InstrumentPreset } from '../../../src/simulator/instruments.ts';
import type { VenueEvent } from '../../../src/simulator/venue/events.ts';
import type { Outcome, VenueOrder } from '../../../src/simulator/venue/orders.ts';
import type { PlaceRequest } from '../../../src/simulator/venue/requests.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';

export const SYMBOL = 'BTCUSDT';
/** 65,000.00 in ticks of 0.10: where BTCUSDT starts. */
export const START = 650_000;

/** BTCUSDT with hardly any limits, for cases that count in small whole numbers. */
const preset = presetOf(SYMBOL);
export const wideInstrument: InstrumentPreset = {
  ...preset,
  terms: { ...preset.terms, minNotional: '0' },
  startPrice: '20000.00',
  priceLimit: ppm(999_999),
  outerPriceLimit: ppm(999_999),
};

export type Rest = Partial<Omit<VenueOptions, 'symbols' | 'clock'>> & {
  readonly presets?: readonly InstrumentPreset[];
  /** Wall time, ms. */
  readonly startAt?: number;
};

/** A venue whose background flow has not started, its events, and a short way to place orders. */
export function quietVenue({ startAt = 1_700_000_000_000, ...options }: Rest = {}) {
  const clock = new VirtualClock(startAt);
  const venue = new EmbeddedVenue({ clock, random: seededRandom('venue'), presets: [preset], market: 'btc', accounts: 2, ...options });
  const events: VenueEvent[] = [];
  venue.onEvent((event) => events.push(event));
  const place = (account: number, side: 'buy' | 'sell', price: number, quantity: number, more: Partial<PlaceRequest> = {}): Outcome =>
    venue.place(account, { ...limit(side, price, quantity), ...more });
  return { clock, venue, events, place };
}

export function limit(side: 'buy' | 'sell', price: number, quantity: number): PlaceRequest {
  return {
    symbol: SYMBOL,
    side,
    type: 'limit',
    price: ticks(price),
    quantity: lots(quantity),
    timeInForce: 'GTC',
    reduceOnly: false,
    orderLinkId: '',
  };
}

export const ref = (order: Pick<VenueOrder, 'orderId'>) => ({ symbol: SYMBOL, orderId: order.orderId, orderLinkId: undefined });

export function accepted(outcome: Outcome): VenueOrder {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code} ${outcome.message}`);
  return outcome.order;
}

export function codeOf(outcome: Outcome): number {
  return outcome.ok ? 0 : outcome.code;
}
