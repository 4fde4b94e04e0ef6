import { isFloored } from '../execution/decide/explain.ts';
import type { BotEvent } from '../execution/events.ts';
import type { LogFields } from './logger.ts';

type Turn = Extract<BotEvent, { type: 'turn' }>;

/** True for a turn that plans a change or was denied one. */
export function isEventful({ plan, denied }: Turn): boolean {
  return plan.cancels.length + plan.amends.length + plan.places.length + denied.length > 0;
}

/** Explains the quotes of a turn as short log fields: prices in quote coin, distances in bps from fair value. */
export function explained({ symbol, hold, plan, denied, explanation }: Turn): LogFields {
  const { fairValueTicks, tickSize, halfSpreadBps, skewBps, feeFloorBps, guard, kept, waiting, riskRatio, volatilityBps, edge } =
    explanation;
  return {
    symbol,
    ...present({ hold, guard }),
    ...(fairValueTicks === undefined ? {} : { fair: round(fairValueTicks * tickSize, 6) }),
    ...(halfSpreadBps === undefined ? {} : { spreadBps: round(2 * halfSpreadBps), ...present({ spread: spreadTerms(explanation) }) }),
    ...(skewBps === undefined ? {} : { skewBps: round(skewBps) }),
    ...(feeFloorBps === undefined || !isFloored(explanation) ? {} : { feeFloorBps: round(feeFloorBps) }),
    ...present({ nudgeBps: nudges(explanation), bids: distances('buy', explanation), asks: distances('sell', explanation) }),
    does: actions({
      keep: kept,
      amend: plan.amends.length,
      place: plan.places.length,
      cancel: plan.cancels.length,
      wait: waitingCount(waiting),
    }),
    ...(waiting === undefined ? {} : { waitsFor: waiting.budget }),
    ...(denied.length === 0 ? {} : { denied: denied.map(({ reason }) => reason).join(',') }),
    volatilityBps: round(volatilityBps),
    ...(riskRatio === undefined ? {} : { riskRatio: round(riskRatio, 4) }),
    ...(edge.fills === 0 ? {} : { edge: `${round(edge.netBps)} bps of ${edge.fills} fills` }),
  };
}

/** Where the spread comes from: the scores of the adaptive model, or the order flow given to a closed formula. */
function spreadTerms({ model, scores, adaptiveBps, flow }: Turn['explanation']): string | undefined {
  if (scores !== undefined && adaptiveBps !== undefined) {
    const { volatility, liquidity, latency, pnl } = scores;
    const parts = Object.entries({ volatility, liquidity, latency, pnl }).map(([name, score]) => `${name} ${round(score)}`);
    return `adaptive ${round(adaptiveBps)}: ${parts.join(', ')}`;
  }
  if (model === 'spread') return undefined;
  const source = flow.isDefault ? 'default' : `${flow.samples} orders`;
  return `${model}: A ${round(flow.perSecond)}/s, k ${round(flow.decayPerBps)}/bps (${source})`;
}

function waitingCount(waiting: Turn['explanation']['waiting']): number {
  if (waiting === undefined) return 0;
  const { buy, sell } = waiting;
  return buy.places + buy.moves + sell.places + sell.moves;
}

function nudges({ bidNudgeCentiBps, askNudgeCentiBps }: Turn['explanation']): string | undefined {
  if (bidNudgeCentiBps === 0 && askNudgeCentiBps === 0) return undefined;
  return `${bidNudgeCentiBps / 100}/${askNudgeCentiBps / 100}`;
}

function distances(side: 'buy' | 'sell', { quotes, fairValueTicks }: Turn['explanation']): string | undefined {
  const ours = quotes.filter((quote) => quote.side === side);
  if (ours.length === 0 || fairValueTicks === undefined) return undefined;
  return ours.map(({ price }) => round(((price - fairValueTicks) / fairValueTicks) * 10_000)).join(' ');
}

function actions(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.map(([word, count]) => `${word} ${count}`).join(', ') || 'nothing';
}

function present(fields: Readonly<Record<string, string | undefined>>): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function round(value: number, decimals = 2): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
