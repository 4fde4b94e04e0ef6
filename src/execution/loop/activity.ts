import type { BotEvent } from '../events.ts';
import type { SymbolState } from './symbol-state.ts';

/** Keeps what pacing and guards have to know of our own requests. */
export function countActivity(event: BotEvent, states: ReadonlyMap<string, SymbolState>): void {
  switch (event.type) {
    case 'orderSent':
      return states.get(event.order.symbol)?.changed();
    case 'amendSent':
      return states.get(event.amend.symbol)?.changed();
    case 'orderAcked':
      return states.get(event.order.symbol)?.answered(event.latencyMs);
    case 'amendAcked':
      return states.get(event.amend.symbol)?.answered(event.latencyMs);
    case 'orderUnknown':
      // A code that nobody knows is a refusal, most likely: one that rests all the same ends the row.
      if (event.error.isUnlisted) states.get(event.order.symbol)?.refused(event.order.side, false);
      return;
    case 'orderRefused':
      if (event.reason === 'rejected') states.get(event.order.symbol)?.refused(event.order.side, false);
      return;
    default:
  }
}
