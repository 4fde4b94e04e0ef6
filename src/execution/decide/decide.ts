import type { GuardVerdict } from '../../risk/guards.ts';
import type { AdaptiveSpread } from '../../strategy/models/adaptive-spread.ts';
import { approve } from './approve.ts';
import { assess, type DecideSettings, type Hold } from './assess.ts';
import type { Decision, TurnMemory } from './decision.ts';
import { diff } from './diff.ts';
import { explainHold, explainQuotes } from './explain.ts';
import { pace } from './pace.ts';
import { quote } from './quote.ts';
import type { SymbolView } from './view.ts';

/**
 * One turn of one symbol: a view of the world in, a plan out. Pure but for `newId`, which hands out client order ids.
 * No quote is better than a wrong one: any doubt cancels the orders.
 */
export function decide(view: SymbolView, settings: DecideSettings, newId: () => string): Decision {
  const situation = assess(view, settings);
  if ('hold' in situation) return withdraw(view, settings, situation);
  const quoted = quote(situation);
  const changes = diff(situation, quoted.quotes);
  const paced = pace(changes.diff, situation);
  const approved = approve(paced.diff, situation, newId);
  return {
    plan: { cancels: [...changes.beyond, ...paced.diff.cancels], amends: approved.amends, places: approved.places },
    denied: approved.denied,
    hold: quoted.quotes.length === 0 ? 'no_placeable_quote' : undefined,
    freeze: undefined,
    memory: memoryOf(view, situation.guard, quoted.adaptive),
    explanation: explainQuotes(situation, quoted, { kept: changes.diff.kept, waiting: paced.waiting }),
  };
}

/** Cancels everything that can be canceled; orders whose state is unknown are resolved elsewhere (`orders/unknown-orders.ts`). */
function withdraw(view: SymbolView, { quoting }: DecideSettings, held: Hold): Decision {
  const orders = view.orders.map(({ order }) => order);
  const cancels = orders.filter((order) => order.state.tag === 'open' && order.change.kind !== 'cancel');
  return {
    plan: { cancels, amends: [], places: [] },
    denied: [],
    hold: held.hold,
    freeze: held.freeze,
    memory: memoryOf(view, held.guard, view.memory.adaptive),
    explanation: explainHold(view, quoting.model, held, orders.length - cancels.length),
  };
}

/** The same object while nothing in it changed. */
function memoryOf({ memory }: SymbolView, { levels: guards }: GuardVerdict, adaptive: AdaptiveSpread | undefined): TurnMemory {
  return memory.guards === guards && memory.adaptive === adaptive ? memory : { guards, adaptive };
}
