import type { KindFilter, VenueOrder } from '../venue.ts';

/** An order that got to the book is active from then on; a closed one stays what it was placed as. */
export function isOfKind({ status, stopKind }: Pick<VenueOrder, 'status' | 'stopKind'>, kinds: KindFilter): boolean {
  const isInBook = status === 'New' || status === 'PartiallyFilled' || status === 'Triggered';
  const isStop = stopKind !== '' && !isInBook;
  if (kinds === 'active') return !isStop;
  return isStop && (kinds === 'stop' || stopKind === 'Stop');
}
