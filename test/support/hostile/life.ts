import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { scopedClock, type Clock } from '../../../src/util/clock.ts';
import type { Message } from '../../../src/util/message.ts';
import { STALLS } from './stalls.ts';

/** A process in simulated time, which can be killed: nothing of it runs after that, and what it has sent is on its way. */
export interface Life {
  readonly clock: Clock;
  readonly wire: Wire;
  kill(): void;
}

export function beginLife(clock: Clock, inner: Wire): Life {
  const scoped = scopedClock(clock);
  const sockets = new Set<{ close(): void }>();
  let isDead = false;
  return {
    clock: scoped,
    wire: {
      request: (request, signal) =>
        new Promise((resolve, reject) => {
          inner.request(request, signal).then(
            (answer) => {
              if (!isDead && answer.headers[STALLS] === undefined) resolve(answer);
            },
            (error: unknown) => {
              if (!isDead) reject(error);
            },
          );
        }),
      open(url, listener) {
        const unlessDead =
          <T extends unknown[]>(task: (...given: T) => void) =>
          (...given: T): void => {
            if (!isDead) task(...given);
          };
        const socket = inner.open(url, {
          onOpen: unlessDead(() => listener.onOpen()),
          onMessage: unlessDead((message: Message) => listener.onMessage(message)),
          onClose: unlessDead((reason: string) => listener.onClose(reason)),
        });
        sockets.add(socket);
        return {
          send: (message) => {
            if (!isDead) socket.send(message);
          },
          close: () => socket.close(),
        };
      },
      close: () => inner.close(),
    },
    kill() {
      isDead = true;
      scoped[Symbol.dispose]();
      for (const socket of sockets) socket.close();
    },
  };
}
