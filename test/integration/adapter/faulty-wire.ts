import type { Wire, WireRequest, WireResponse, WireSocket, WireSocketListener } from '../../../src/exchange/bybit/wire/wire.ts';
import type { Clock } from '../../../src/util/clock.ts';

/** What a test does to a wire that otherwise works. */
export interface Faults {
  /** Nothing gets through, and what is open breaks. */
  isDown: boolean;
  /** Replaces an answer of the exchange, which has acted on the request. */
  answer: ((request: WireRequest, response: WireResponse) => WireResponse) | undefined;
  /** Whether a message of the exchange arrives. */
  hears: (url: string, text: string) => boolean;
}

export function noFaults(): Faults {
  return { isDown: false, answer: undefined, hears: () => true };
}

/** `inner` with faults that can change at any time. */
export function faultyWire(inner: Wire, clock: Clock, faults: Faults): Wire {
  return {
    async request(request, signal) {
      if (faults.isDown) throw new Error('connect ECONNREFUSED');
      const response = await inner.request(request, signal);
      return faults.answer?.(request, response) ?? response;
    },
    open: (url, listener) => faultySocket(inner, clock, faults, url, listener),
    close: () => inner.close(),
  };
}

const CHECK_MS = 20;

function faultySocket(inner: Wire, clock: Clock, faults: Faults, url: string, listener: WireSocketListener): WireSocket {
  if (faults.isDown) {
    clock.schedule(0, () => listener.onClose('connect ECONNREFUSED'));
    return { send: () => undefined, close: () => undefined };
  }
  const socket = inner.open(url, {
    onOpen: () => listener.onOpen(),
    onMessage: (message) => (faults.hears(url, message.text) ? listener.onMessage(message) : undefined),
    onClose(reason) {
      cancel();
      listener.onClose(reason);
    },
  });
  let cancel = clock.schedule(CHECK_MS, check);
  function check(): void {
    if (faults.isDown) socket.close();
    else cancel = clock.schedule(CHECK_MS, check);
  }
  return socket;
}
