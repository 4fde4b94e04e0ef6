import { lots, ticks } from '../../model/units.ts';
import type { Clock } from '../../util/clock.ts';
import type { AccountId } from '../venue/account-state.ts';
import type { VenueMarket } from '../venue/market-data.ts';
import type { VenueOrder } from '../venue/orders.ts';
import type { PlaceRequest } from '../venue/requests.ts';
import type { Venue } from '../venue/venue.ts';
import type { Faults } from './faults.ts';

const LOOK_MS = 500;
/** Far enough from the touch to rest. */
const FAR = 0.97;

/** Acts of the exchange, or of a person with the same keys, that no request of the client causes. */
export function exchangeActs(venue: Venue, clock: Clock, faults: Faults, accounts: number): void {
  const everyone = Array.from({ length: accounts }, (_, account) => account);
  faults.onBegin('disconnect-cancel', () => {
    for (const account of everyone) {
      if (venue.cancelAll(account, {}, 'byDisconnect').length > 0) faults.strikes('disconnect-cancel');
    }
  });
  for (const [name, ending] of [
    ['self-match-cancel', 'selfMatch'],
    ['admin-cancel', 'byAdmin'],
  ] as const) {
    const look = (): void => {
      if (!faults.isOn(name)) return;
      for (const account of everyone) {
        for (const order of venue.openOrders(account)) if (faults.strikes(name)) venue.endOrder(account, order, ending);
      }
      clock.schedule(LOOK_MS, look);
    };
    faults.onBegin(name, look);
  }
  faults.onBegin('manual-orders', () => everyone.forEach((account) => manualOrders(venue, faults, account)));
  faults.onEnd('manual-orders', () => everyone.forEach((account) => cleanUp(venue, account)));
}

/** A market order, and an order that rests until the fault ends. */
function manualOrders(venue: Venue, faults: Faults, account: AccountId): void {
  for (const symbol of venue.symbols) {
    const market = venue.market(symbol);
    const bid = market?.book.bids.price(0);
    if (market === undefined || bid === undefined) continue;
    const resting = { ...terms(symbol, market), side: 'buy', type: 'limit', price: ticks(Math.floor(bid * FAR)) } as const;
    venue.place(account, resting);
    const side = faults.draw('manual-orders') < 0.5 ? 'buy' : 'sell';
    venue.place(account, { ...terms(symbol, market), side, type: 'market', price: undefined, timeInForce: 'IOC' });
    faults.strikes('manual-orders');
  }
}

function cleanUp(venue: Venue, account: AccountId): void {
  for (const order of venue.openOrders(account).filter(isManual)) venue.cancel(account, order);
}

function isManual({ orderLinkId }: VenueOrder): boolean {
  return orderLinkId === '';
}

function terms(symbol: string, { instrument, lastPrice }: VenueMarket): Omit<PlaceRequest, 'side' | 'type' | 'price'> {
  const least = Math.ceil((1.1 * instrument.minNotional) / (lastPrice * FAR));
  return { symbol, quantity: lots(Math.max(instrument.minQuantity, least)), timeInForce: 'GTC', reduceOnly: false, orderLinkId: '' };
}
