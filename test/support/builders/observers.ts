import { CancelWatch } from '../../../src/execution/orders/cancel-watch.ts';
import { Observer, type ObserverParts } from '../../../src/execution/orders/observer.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';

type Given = Pick<ObserverParts, 'exchange' | 'store' | 'clock'> & Partial<ObserverParts>;

/** An observer with the given parts; the others ignore what they receive, except that a bug is thrown. */
export function observerOf(given: Given): Observer {
  const ignore = (): void => undefined;
  return new Observer({
    states: new Map(),
    journal: NO_JOURNAL,
    record: ignore,
    watch: new CancelWatch(given),
    limiter: { observe: ignore },
    breakers: { heard: ignore },
    onChanged: ignore,
    onStream: ignore,
    onStray: ignore,
    onFault: (error) => {
      throw error;
    },
    ...given,
  });
}
