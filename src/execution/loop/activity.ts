import type { BotEvent } from '../events.ts';
import type { SymbolState } from './symbol-state.ts';

/** Updates the counts of our own requests that pacing and guards use. */
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
      // An unlisted error code is most likely a refusal. If the order rests after all, the row of refusals is reset.
      if (event.error.isUnlisted) states.get(event.order.symbol)?.refused(event.order.side, false);
      return;
    case 'orderRefused':
      if (event.reason === 'rejected') states.get(event.order.symbol)?.refused(event.order.side, false);
      return;
    default:
  }
}
