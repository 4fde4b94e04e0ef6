import type { Instrument } from '../../../model/instrument.ts';
import type { VenueExecution } from '../../venue/orders.ts';
import { priceText, quantityText, sideText } from './texts.ts';

/** A row of `execution.fast`: no fee, and no id of ours on maker trades. */
export function fastExecution(category: string): (execution: VenueExecution, instrument: Instrument) => object {
  return (execution, instrument) => ({
    category,
    symbol: execution.symbol,
    execId: execution.execId,
    execPrice: priceText(execution.price, instrument),
    execQty: quantityText(execution.quantity, instrument),
    orderId: execution.orderId,
    isMaker: execution.isMaker,
    orderLinkId: execution.isMaker ? '' : execution.orderLinkId,
    side: sideText(execution.side),
    execTime: String(execution.at),
    seq: execution.sequence,
  });
}
