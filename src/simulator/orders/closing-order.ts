import { lots, type Lots } from '../../model/units.ts';
import type { PlaceRequest } from '../venue/requests.ts';

/** A market order that closes a position; `held`: long > 0. */
export function closingOrder(symbol: string, held: Lots): PlaceRequest {
  return {
    symbol,
    side: held > 0 ? 'sell' : 'buy',
    type: 'market',
    price: undefined,
    quantity: lots(Math.abs(held)),
    timeInForce: 'IOC',
    reduceOnly: true,
    orderLinkId: '',
  };
}
