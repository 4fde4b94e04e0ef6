import { formatSteps } from '../../model/grid.ts';
import type { Instrument } from '../../model/instrument.ts';
import { defined } from '../../util/assert.ts';
import { isTrade, ledgerExecution, word } from './embedded-ledger.ts';
import type { LedgerEvent } from './ledger.ts';
import type { AccountId } from '../venue/account-state.ts';
import type { VenueOrder } from '../venue/orders.ts';
import type { Venue } from '../venue/venue.ts';

/** Calls `visit` for every later change in the record of one account, at the instant of the change. */
export function watchLedger(venue: Venue, account: AccountId, visit: (event: LedgerEvent) => void): void {
  let sequence = 0;
  const head = (symbol: string, at: number): Pick<LedgerEvent, 'sequence' | 'at' | 'markPrice'> => {
    const { markPrice, instrument } = defined(venue.market(symbol), symbol);
    sequence += 1;
    return { sequence, at, markPrice: formatSteps(markPrice, instrument.tick) };
  };
  const instrumentOf = (symbol: string): Instrument => defined(venue.market(symbol), symbol).instrument;
  venue.onEvent((event) => {
    if (event.type === 'order' && event.order.account === account) {
      const { order } = event;
      visit({ ...head(order.symbol, order.updatedAt), type: 'order', order: orderRow(order, instrumentOf(order.symbol)) });
    } else if (event.type === 'execution' && event.execution.account === account && isTrade(event.execution)) {
      const { execution } = event;
      const instrument = instrumentOf(execution.symbol);
      const row = ledgerExecution(execution, instrument, instrument.settleCoin);
      visit({ ...head(execution.symbol, execution.at), type: 'execution', execution: row });
    }
  });
}

const OPEN: ReadonlySet<VenueOrder['status']> = new Set(['New', 'PartiallyFilled', 'Untriggered', 'Triggered']);

function orderRow(order: VenueOrder, { tick, lot }: Instrument): Extract<LedgerEvent, { type: 'order' }>['order'] {
  const { symbol, orderId, orderLinkId, side, timeInForce, status } = order;
  return {
    symbol,
    orderId,
    orderLinkId,
    side: word(side),
    price: formatSteps(order.price, tick),
    quantity: formatSteps(order.quantity, lot),
    filled: formatSteps(order.filled, lot),
    postOnly: timeInForce === 'PostOnly',
    status,
    isOpen: OPEN.has(status),
  };
}
