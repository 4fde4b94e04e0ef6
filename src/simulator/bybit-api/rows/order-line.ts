import type { Instrument } from '../../../model/instrument.ts';
import type { JsonObject } from '../../../util/json.ts';
import type { VenueExecution, VenueOrder } from '../../venue/orders.ts';
import type { AmendRequest, PlaceRequest, VenueOrderRef } from '../../venue/requests.ts';
import type { OrderVenue } from '../../venue/venue.ts';
import { executionPush, executionRow, fastExecutionPush, orderPush, orderRow } from './order-rows.ts';
import { readAmend, readOrderRef, readPlace, type Category, type Read } from '../params/params.ts';

/** The parameters and rows of one category’s orders. */
export interface OrderLine {
  readonly category: Category;
  readonly maxBatch: number;
  /** Queries and cancel-all must name a symbol or a coin. */
  readonly needsScope: boolean;
  readPlace(params: JsonObject, venue: OrderVenue): Read<PlaceRequest>;
  readAmend(params: JsonObject, venue: OrderVenue): Read<AmendRequest>;
  readOrderRef(params: JsonObject, venue: OrderVenue): Read<VenueOrderRef>;
  orderRow(order: VenueOrder, instrument: Instrument): object;
  executionRow(execution: VenueExecution, instrument: Instrument, feeRate: string): object;
  /** `closedPnl`: PnL realized by the order so far, after fees. */
  orderPush(order: VenueOrder, instrument: Instrument, closedPnl: string): object;
  executionPush(execution: VenueExecution, instrument: Instrument, feeRate: string): object;
  fastExecutionPush(execution: VenueExecution, instrument: Instrument): object;
}

export const LINEAR: OrderLine = {
  category: 'linear',
  maxBatch: 20,
  needsScope: true,
  readPlace,
  readAmend,
  readOrderRef,
  orderRow,
  executionRow,
  orderPush,
  executionPush,
  fastExecutionPush,
};
