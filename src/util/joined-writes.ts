import type { Writable } from 'node:stream';

/**
 * Gives a function through which everything that is written to `stream` must go. The first write of a turn of the event loop leaves
 * at once; those that follow it in the same turn leave together at its end, in one system call instead of one each.
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
