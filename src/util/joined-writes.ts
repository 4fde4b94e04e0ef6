import type { Writable } from 'node:stream';

export interface JoinedWrites {
  write(write: () => void): void;
  /** Until `release`, all writes are held back. */
  hold(): void;
  /** All writes that are held back leave now, in one system call. */
  release(): void;
}

/**
 * Must be used for all writes to `stream`. The first write in a turn of the event loop is sent at once; further writes in the same turn are
 * sent together at its end, in one system call. Who cannot wait for that sends between `hold` and `release`, and not write by write: over TLS
 * Node keeps every write but the first of a turn until its end.
 */
export function joinedWrites(stream: Pick<Writable, 'cork' | 'uncork'>): JoinedWrites {
  let isInTurn = false;
  let isHeld = false;
  const hold = (): void => {
    if (!isHeld) stream.cork();
    isHeld = true;
  };
  const release = (): void => {
    if (isHeld) stream.uncork();
    isHeld = false;
  };
  const endTurn = (): void => {
    isInTurn = false;
    release();
  };
  return {
    write(write) {
      if (isInTurn) hold();
      else setImmediate(endTurn);
      isInTurn = true;
      write();
    },
    hold,
    release,
  };
}
