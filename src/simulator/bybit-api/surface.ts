import type { Message } from '../../util/message.ts';

/** The exchange as its clients see it: Bybit’s v5 protocol, with delays on the given clock. */
export interface Surface {
  /** Rejects if the connection breaks before the answer. */
  http(request: SurfaceRequest): Promise<SurfaceResponse>;
  /** `path`: including its query. Undefined if nothing is served there. */
  connect(path: string, peer: SurfacePeer): SurfaceConnection | undefined;
  /** Ends every connection and every timer. */
  close(): void;
}

export interface SurfaceRequest {
  readonly method: string;
  readonly path: string;
  /** The part after `?` as received, because signatures cover these bytes. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Address of the client, which the IP limit counts. */
  readonly address: string;
}

export interface SurfaceResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True if the body is never completed. */
  readonly stalls?: boolean;
}

/** The client’s end of a WebSocket. */
export interface SurfacePeer {
  send(message: Message): void;
  close(code: number, reason: string): void;
}

/** The exchange’s end. */
export interface SurfaceConnection {
  message(message: Message): void;
  /** Called when the client is gone. */
  closed(): void;
}
