import { openQuantity } from '../../model/order.ts';
import { floorTickLots } from '../../strategy/rounding.ts';
import type { Hold, Situation } from './assess.ts';
import type { Explanation } from './decision.ts';
import type { Quoted } from './quote.ts';
import type { SymbolView } from './view.ts';

const NONE_OMITTED: Explanation['omitted'] = { buy: undefined, sell: undefined };

export function explainQuotes(situation: Situation, quoted: Quoted, { kept, waiting }: Pick<Explanation, 'kept' | 'waiting'>): Explanation {
  const { view, settings, guard } = situation;
  return {
    model: settings.quoting.model,
    tickSize: view.instrument.tick.size,
    fairValueTicks: quoted.fairValue,
    halfSpreadBps: quoted.terms.halfSpreadBps,
    skewBps: quoted.terms.skewBps,
    scores: quoted.scores,
    adaptiveBps: quoted.adaptive?.bps,
    feeFloorBps: quoted.feeFloorBps,
    guard: guard.reason,
    bidNudgeCentiBps: quoted.bidNudgeCentiBps,
    askNudgeCentiBps: quoted.askNudgeCentiBps,
    quotes: quoted.quotes,
    omitted: quoted.omitted,
    kept,
    waiting,
    volatilityBps: view.volatility.perSampleBps,
    annualizedVolatilityBps: view.volatility.annualizedBps,
    flow: view.flow,
    edge: view.edge,
    riskRatio: riskRatio(situation),
  };
}

/** Whether the fee floor, and not spread and skew, decided how near a quote may be. */
export function isFloored({ halfSpreadBps = 0, skewBps = 0, feeFloorBps = Number.NEGATIVE_INFINITY }: Explanation): boolean {
  return halfSpreadBps - Math.abs(skewBps) < feeFloorBps;
}

export function explainHold(view: SymbolView, model: string, { guard }: Hold, kept: number): Explanation {
  return {
    model,
    tickSize: view.instrument.tick.size,
    fairValueTicks: undefined,
    halfSpreadBps: undefined,
    skewBps: undefined,
    scores: undefined,
    adaptiveBps: undefined,
    feeFloorBps: undefined,
    guard: guard.reason,
    bidNudgeCentiBps: 0,
    askNudgeCentiBps: 0,
    quotes: [],
    omitted: NONE_OMITTED,
    kept,
    waiting: undefined,
    volatilityBps: view.volatility.perSampleBps,
    annualizedVolatilityBps: view.volatility.annualizedBps,
    flow: view.flow,
    edge: view.edge,
    riskRatio: undefined,
  };
}

/** The larger worst case of both sides over the maximum position. */
function riskRatio({ view: { orders, held, instrument }, settings: { risk }, market: { touch } }: Situation): number {
  const open = { buy: 0, sell: 0 };
  for (const { order } of orders) open[order.side] += openQuantity(order);
  const worst = Math.max(Math.abs(held.high + open.buy), Math.abs(held.low - open.sell));
  return (worst * touch.ask.price) / floorTickLots(risk.maxPositionUsd, instrument);
}
