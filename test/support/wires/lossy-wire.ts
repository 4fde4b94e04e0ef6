import type { Wire, WireSocket, WireSocketListener } from '../../../src/exchange/bybit/wire/wire.ts';
import { isObject, listIn, numberIn, objectIn, parseJson, textIn } from '../../../src/util/json.ts';
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
      return inner.open(url, { ...forwarding(listener), onMessage: (text) => isLostEvent(text, parts) || listener.onMessage(text) });
    },
  };
}

function tradeSocket(inner: Wire, url: string, listener: WireSocketListener, parts: LossyWireParts): WireSocket {
  const { random, share, onLost, onAccepted } = parts;
  const silenced = new Set<string>();
  const creates = new Map<string, string>();
  const socket = inner.open(url, {
    ...forwarding(listener),
    onMessage(text) {
      const message = objectIn(parseJson(text));
      const reqId = textIn(message['reqId']);
      const created = creates.get(reqId);
      creates.delete(reqId);
      if (created !== undefined && numberIn(message['retCode']) === 0) onAccepted(created);
      if (!silenced.delete(reqId)) listener.onMessage(text);
    },
  });
  return {
    close: () => socket.close(),
    send(text) {
      const message = objectIn(parseJson(text));
      const op = textIn(message['op']);
      if (!op.startsWith('order.')) return socket.send(text);
      const reqId = textIn(message['reqId']);
      const clientOrderId = textIn(objectIn(listIn(message['args'])[0])['orderLinkId']);
      const draw = random.uniform();
      if (draw < share) onLost(op.slice('order.'.length), clientOrderId);
      if (draw < share / 2) return undefined;
      if (draw < share) silenced.add(reqId);
      if (op === 'order.create') creates.set(reqId, clientOrderId);
      return socket.send(text);
    },
  };
}

function forwarding(listener: WireSocketListener): WireSocketListener {
  return { onOpen: () => listener.onOpen(), onMessage: (text) => listener.onMessage(text), onClose: (reason) => listener.onClose(reason) };
}

function isLostEvent(text: string, { random, eventShare }: LossyWireParts): boolean {
  const message = parseJson(text);
  return isObject(message) && message['topic'] === 'order' && random.uniform() < eventShare;
}
