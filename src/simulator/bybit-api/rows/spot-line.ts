import type { OrderLine } from './order-line.ts';
import { readSpotAmend, readSpotPlace, readSpotRef } from '../params/spot-params.ts';
import { spotExecutionPush, spotExecutionRow, spotFastExecutionPush, spotOrderPush, spotOrderRow } from './spot-order-rows.ts';

export const SPOT: OrderLine = {
  category: 'spot',
  maxBatch: 10,
  needsScope: false,
  readPlace: readSpotPlace,
  readAmend: readSpotAmend,
  readOrderRef: readSpotRef,
  orderRow: spotOrderRow,
  executionRow: spotExecutionRow,
  orderPush: spotOrderPush,
  executionPush: spotExecutionPush,
  fastExecutionPush: spotFastExecutionPush,
};
