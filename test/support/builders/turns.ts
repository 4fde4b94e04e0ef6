import type { BotEvent } from '../../../src/execution/events.ts';
import type { Explanation, Plan } from '../../../src/execution/decide/decision.ts';
import { resolve } from '../../../src/config/resolve.ts';
import { decide } from '../../../src/execution/decide/decide.ts';
import { viewOf } from './views.ts';

type Turn = Extract<BotEvent, { type: 'turn' }>;
type Terms = Partial<Omit<Turn, 'type' | 'plan' | 'explanation'>> & {
  readonly plan?: Partial<Plan>;
  readonly explanation?: Partial<Explanation>;
};

/** A turn of a quiet market that plans nothing and has no orders, except where `terms` say otherwise. */
export function turnOf({ plan, explanation, ...terms }: Terms = {}): Turn {
  const usual = decide(viewOf(), resolve({}).settings, () => 'mm-t-1').explanation;
  return {
    type: 'turn',
    symbol: 'BTCUSDT',
    bid: undefined,
    ask: undefined,
    mid: 600_000,
    hold: undefined,
    denied: [],
    orders: [],
    ...terms,
    plan: { cancels: [], amends: [], places: [], ...plan },
    explanation: { ...usual, ...explanation },
  };
}
