import type { Message } from '../../../util/message.ts';

/** The transport under the adapter: real sockets, or direct calls of the embedded exchange with the same messages. */
export interface Wire {
  /** One HTTP request. Rejects on a transport failure or when `signal` aborts. */
  request(request: WireRequest, signal?: AbortSignal): Promise<WireResponse>;
  /** Opens a WebSocket; every outcome, failure included, arrives through `listener`. */
  open(url: string, listener: WireSocketListener): WireSocket;
  /** Calls `send`; what it sends over WebSockets is on the wire when this returns. Missing where `send` alone does that. */
  readonly together?: ((send: () => void) => void) | undefined;
  /** Closes idle connections. */
  close(): Promise<void>;
}

export interface WireRequest {
  readonly method: string;
  /** Absolute, including the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty when there is none. */
  readonly body: string;
}

export interface WireResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireSocketListener {
  onOpen(): void;
  onMessage(message: Message): void;
  /** Called exactly once, whichever side closed the socket, and also when it never opened. */
  onClose(reason: string): void;
}

export interface WireSocket {
  /** Dropped silently unless open. */
  send(message: Message): void;
  close(): void;
}
