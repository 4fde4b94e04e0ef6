import type { VenueOrder } from '../venue/orders.ts';
import type { KindFilter } from '../venue/requests.ts';

/** A triggered order counts as active; a closed order keeps the kind with which it was placed. */
export function isOfKind({ status, stopKind }: Pick<VenueOrder, 'status' | 'stopKind'>, kinds: KindFilter): boolean {
  const isInBook = status === 'New' || status === 'PartiallyFilled' || status === 'Triggered';
  const isStop = stopKind !== '' && !isInBook;
  if (kinds === 'active') return !isStop;
  return isStop && (kinds === 'stop' || stopKind === 'Stop');
}
