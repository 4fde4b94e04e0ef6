import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { boundConnections, type BoundedConnections } from '../util/bounded-connections.ts';
import { joinedWrites } from '../util/joined-writes.ts';
import { Message } from '../util/message.ts';
import type { Surface, SurfaceRequest } from './bybit-api/surface.ts';

/** Longer than any client keeps an idle connection; otherwise a reused connection could be reset under a request. */
const KEEP_ALIVE_MS = 75_000;
/** For a whole request, which a client sends at once. */
const REQUEST_MS = 30_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 256 * 1024;
const MAX_MESSAGE_BYTES = 256 * 1024;
/** Limit of unsent data for a client that reads too slowly: some seconds of all topics. */
const MAX_UNREAD_BYTES = 2 * 1024 * 1024;
const MOST_CONNECTIONS = 2000;
const MOST_IDLE = 500;
/** WebSocket close code for a violation of the server’s rules. */
const POLICY_VIOLATION = 1008;
/** `closeTimeout` (ms): a client that does not answer the closing handshake is disconnected. */
const SOCKET_OPTIONS = { noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, closeTimeout: 5000 };
const PATH = /^(\/[^?#]*)(?:\?([^#]*))?/;

export interface RunningServer {
  /** `http://127.0.0.1:PORT`. */
  readonly restUrl: string;
  /** `ws://127.0.0.1:PORT`. */
  readonly wsUrl: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Serves an exchange over HTTP and WebSocket. `port` 0 picks a free one. */
export async function startServer(surface: Surface, { host, port }: { host: '127.0.0.1'; port: number }): Promise<RunningServer> {
  const times = { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS };
  const server = createServer({ ...times, noDelay: true, maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    void answer(surface, request, response);
  });
  const sockets = new WebSocketServer(SOCKET_OPTIONS);
  const connections = boundConnections(server, MOST_CONNECTIONS, MOST_IDLE);
  server.on('upgrade', (request, stream, head) => upgrade({ surface, sockets, connections }, { request, stream, head }));
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    refuse(stream, error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request');
  });
  await listening(server, host, port);
  const address = server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  return {
    restUrl: `http://${host}:${bound}`,
    wsUrl: `ws://${host}:${bound}`,
    close: () => closed(server, sockets),
  };
}

async function answer(surface: Surface, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  if (body === 'aborted') return;
  if (body === 'tooLarge') {
    // The rest of a body that is too large is not read.
    response.writeHead(413, { Connection: 'close' }).end(() => request.destroy());
    return;
  }
  const answered = await surface.http(requestOf(request, body.text)).catch(() => undefined);
  if (answered === undefined) {
    response.destroy();
    return;
  }
  const { status, statusText, headers, body: text, stalls } = answered;
  response.writeHead(status, statusText, { ...headers, 'Content-Length': Buffer.byteLength(text) });
  if (stalls === true) response.write(text.slice(0, text.length / 2));
  else response.end(text);
}

function requestOf(request: IncomingMessage, body: string): SurfaceRequest {
  const [, path = '/', query = ''] = PATH.exec(request.url ?? '') ?? [];
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value;
  return { method: request.method ?? '', path, query, headers, body, address: request.socket.remoteAddress ?? '' };
}

function bodyOf(request: IncomingMessage): Promise<{ text: string } | 'tooLarge' | 'aborted'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) resolve('tooLarge');
      else chunks.push(chunk);
    });
    request.on('end', () => resolve({ text: Buffer.concat(chunks).toString('utf8') }));
    request.on('error', () => resolve('aborted'));
    request.on('close', () => resolve('aborted'));
  });
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly stream: Duplex;
  readonly head: Buffer;
}

interface UpgradeTakers {
  readonly surface: Surface;
  readonly sockets: WebSocketServer;
  readonly connections: BoundedConnections;
}

function upgrade({ surface, sockets, connections }: UpgradeTakers, { request, stream, head }: Upgrade): void {
  let socket: WebSocket | undefined;
  const joined = joinedWrites(stream);
  const connection = surface.connect(request.url ?? '', {
    send({ text }) {
      if (socket === undefined || socket.readyState !== WebSocket.OPEN) return;
      joined.write(() => socket?.send(text));
      if (socket.bufferedAmount > MAX_UNREAD_BYTES) drop(socket);
    },
    close: (code, reason) => socket?.close(code, reason),
  });
  stream.on('error', () => stream.destroy());
  if (connection === undefined) {
    // After an upgrade, Node no longer handles the socket, so it must be destroyed here.
    stream.once('finish', () => stream.destroy());
    return refuse(stream, '404 Not Found');
  }
  stream.on('close', () => connection.closed());
  sockets.handleUpgrade(request, stream, head, (opened) => {
    socket = opened;
    connections.takenOver(stream);
    opened.on('message', (data) => connection.message(new Message(textOf(data))));
    // ws closes the socket itself after an error.
    opened.on('error', () => undefined);
  });
}

/** The client may still read what is in flight, then the reason; after `closeTimeout` it is disconnected. */
function drop(socket: WebSocket): void {
  socket.close(POLICY_VIOLATION, `reads too slowly: ${MAX_UNREAD_BYTES} bytes wait`);
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data).toString('utf8');
}

function refuse(stream: Duplex, status: string): void {
  if (stream.writable) stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function closed(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
