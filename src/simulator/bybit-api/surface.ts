/** The exchange as its clients see it: Bybit v5 in, Bybit v5 out, every answer on the clock. */
export interface Surface {
  /** Rejects where the connection breaks before the answer. */
  http(request: SurfaceRequest): Promise<SurfaceResponse>;
  /** `path`: with its query. Undefined when nothing is served there. */
  connect(path: string, peer: SurfacePeer): SurfaceConnection | undefined;
  /** Ends every connection and every timer. */
  close(): void;
}

export interface SurfaceRequest {
  readonly method: string;
  readonly path: string;
  /** What follows the `?`, as received: signatures are over these bytes. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Where it comes from: the address that the IP limit counts. */
  readonly address: string;
}

export interface SurfaceResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body begins and never ends. */
  readonly stalls?: boolean;
}

/** The client's end of a WebSocket. */
export interface SurfacePeer {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** The exchange's end. */
export interface SurfaceConnection {
  message(text: string): void;
  /** The client is gone. */
  closed(): void;
}
