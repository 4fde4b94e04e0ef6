import type { Wire, WireSocket, WireSocketListener } from '../../../src/exchange/bybit/wire/wire.ts';
import { listIn, numberIn, objectIn, textIn } from '../../../src/util/json.ts';
import type { Message } from '../../../src/util/message.ts';
import type { Random } from '../../../src/util/random.ts';

export interface LossyWireParts {
  readonly random: Random;
  /** Of the order requests; half of them are lost before the exchange acts, half of the answers after it did. */
  readonly share: number;
  /** Of the order events on the private stream. */
  readonly eventShare: number;
  /** A request whose outcome the client cannot know: of which order. */
  readonly onLost: (kind: string, clientOrderId: string) => void;
  /** The exchange has accepted this create, whether or not the client gets the response. */
  readonly onAccepted: (clientOrderId: string) => void;
}

/** A wire that loses order requests and answers of the trade socket, and events of the private stream. */
export function lossyWire(inner: Wire, parts: LossyWireParts): Wire {
  return {
    ...inner,
    open(url, listener) {
      if (url.endsWith('/v5/trade')) return tradeSocket(inner, url, listener, parts);
      if (!url.endsWith('/v5/private')) return inner.open(url, listener);
      return inner.open(url, {
        ...forwarding(listener),
        onMessage: (message) => isLostEvent(message, parts) || listener.onMessage(message),
      });
    },
  };
}

function tradeSocket(inner: Wire, url: string, listener: WireSocketListener, parts: LossyWireParts): WireSocket {
  const { random, share, onLost, onAccepted } = parts;
  const silenced = new Set<string>();
  const creates = new Map<string, string>();
  const socket = inner.open(url, {
    ...forwarding(listener),
    onMessage(received) {
      const message = objectIn(received.json);
      const reqId = textIn(message['reqId']);
      const created = creates.get(reqId);
      creates.delete(reqId);
      if (created !== undefined && numberIn(message['retCode']) === 0) onAccepted(created);
      if (!silenced.delete(reqId)) listener.onMessage(received);
    },
  });
  return {
    close: () => socket.close(),
    send(sent) {
      const message = objectIn(sent.json);
      const op = textIn(message['op']);
      if (!op.startsWith('order.')) return socket.send(sent);
      const reqId = textIn(message['reqId']);
      const clientOrderId = textIn(objectIn(listIn(message['args'])[0])['orderLinkId']);
      const draw = random.uniform();
      if (draw < share) onLost(op.slice('order.'.length), clientOrderId);
      if (draw < share / 2) return undefined;
      if (draw < share) silenced.add(reqId);
      if (op === 'order.create') creates.set(reqId, clientOrderId);
      return socket.send(sent);
    },
  };
}

function forwarding(listener: WireSocketListener): WireSocketListener {
  return {
    onOpen: () => listener.onOpen(),
    onMessage: (message) => listener.onMessage(message),
    onClose: (reason) => listener.onClose(reason),
  };
}

function isLostEvent({ json }: Message, { random, eventShare }: LossyWireParts): boolean {
  return json?.['topic'] === 'order' && random.uniform() < eventShare;
}
