import type { Ticks } from '../../model/units.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import { refused, type Refusal } from './order-refusals.ts';
import { reaches } from './stop-orders.ts';
import type { PositionStop, TradingStop } from '../venue/requests.ts';

/** Rejects a stop on the wrong side of the price, which would trigger at once. `price`: that of the order, or the last price. */
export function checkPositionStops(
  isLong: boolean,
  price: Ticks,
  takeProfit: PositionStop | 0 | undefined,
  stopLoss: PositionStop | 0 | undefined,
): Refusal | undefined {
  const side = isLong ? 'Buy' : 'Sell';
  if (isSet(takeProfit) && reaches(price, { price: takeProfit.price, direction: isLong ? 'rise' : 'fall' }))
    return refused(10001, `TakeProfit set for ${side} position should be ${isLong ? 'higher' : 'lower'} than base_price`);
  if (isSet(stopLoss) && reaches(price, { price: stopLoss.price, direction: isLong ? 'fall' : 'rise' }))
    return refused(10001, `StopLoss set for ${side} position should be ${isLong ? 'lower' : 'higher'} than base_price`);
  return undefined;
}

export function checkTrail(isLong: boolean, { lastPrice }: EmbeddedMarket, { trailingStop }: TradingStop): Refusal | undefined {
  if (trailingStop === undefined || trailingStop === 0) return undefined;
  const { distance, activation } = trailingStop;
  if (distance >= lastPrice) return refused(10001, 'trailingStop is as large as the price');
  const isBehind = activation !== undefined && reaches(lastPrice, { price: activation, direction: isLong ? 'rise' : 'fall' });
  return isBehind ? refused(10001, `activePrice should be ${isLong ? 'higher' : 'lower'} than the last price`) : undefined;
}

export function isSet(stop: PositionStop | 0 | undefined): stop is PositionStop {
  return stop !== undefined && stop !== 0;
}
