import type { Writable } from 'node:stream';

/**
 * Returns a function that must be used for all writes to `stream`. The first write in a turn of the event loop is sent at once; further
 * writes in the same turn are sent together at its end, in one system call.
 */
export function joinedWrites(stream: Pick<Writable, 'cork' | 'uncork'>): (write: () => void) => void {
  let writes = 0;
  const endTurn = (): void => {
    if (writes > 1) stream.uncork();
    writes = 0;
  };
  return (write) => {
    writes += 1;
    if (writes === 1) setImmediate(endTurn);
    else if (writes === 2) stream.cork();
    write();
  };
}
