import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { WebSocket, type RawData } from 'ws';
import { messageOf } from '../../../errors.ts';
import { joinedWrites, type JoinedWrites } from '../../../util/joined-writes.ts';
import { Message } from '../../../util/message.ts';
import type { Wire, WireRequest, WireResponse, WireSocket, WireSocketListener } from './wire.ts';

/** Idle connections are closed before the exchange closes them, so that no request uses a closing connection. */
const AGENT_OPTIONS = { keepAlive: true, noDelay: true, timeout: 30_000 };
/** `closeTimeout` (ms): after it, the connection to a peer that does not respond to the closing handshake is cut. */
const SOCKET_OPTIONS = { perMessageDeflate: false, closeTimeout: 1000, maxPayload: 8 * 1024 * 1024 };
/** The longest response, the list of all instruments, has one or two MiB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** A wire over real sockets: loopback or the internet, with or without TLS. */
export function socketsWire(): Wire {
  const http = new HttpAgent(AGENT_OPTIONS);
  const https = new HttpsAgent(AGENT_OPTIONS);
  const sockets = new Set<WebSocket>();
  const writes = new Set<JoinedWrites>();
  return {
    request: (request, signal) => send(request, request.url.startsWith('https:') ? https : http, signal),
    open(url, listener) {
      const socket = new WebSocket(url, SOCKET_OPTIONS);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return wireSocket(socket, writes, listener);
    },
    together(send) {
      for (const joined of writes) joined.hold();
      try {
        send();
      } finally {
        for (const joined of writes) joined.release();
      }
    },
    close() {
      for (const socket of sockets) socket.terminate();
      http.destroy();
      https.destroy();
      return Promise.resolve();
    },
  };
}

function send({ method, url, headers, body }: WireRequest, agent: HttpAgent | HttpsAgent, signal?: AbortSignal): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers: body === '' ? headers : { ...headers, 'Content-Length': Buffer.byteLength(body) } };
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = open(url, signal === undefined ? options : { ...options, signal }, (response) => {
      read(response).then(resolve, reject);
    });
    request.on('error', reject);
    request.end(body === '' ? undefined : body);
  });
}

/** Reads the whole body; rejects when it is truncated or too long. */
async function read(response: IncomingMessage): Promise<WireResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Throwing out of the loop closes the connection.
    if (size > MAX_BODY_BYTES) throw new Error(`expected an answer of at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(bytes);
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]);
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function wireSocket(socket: WebSocket, writes: Set<JoinedWrites>, listener: WireSocketListener): WireSocket {
  let failure = '';
  let joined: JoinedWrites | undefined;
  socket.once('upgrade', (response) => {
    const ofSocket = joinedWrites(response.socket);
    writes.add(ofSocket);
    socket.once('close', () => writes.delete(ofSocket));
    joined = ofSocket;
  });
  socket.on('open', () => listener.onOpen());
  socket.on('message', (data) => listener.onMessage(new Message(textOf(data))));
  // Always followed by `close`.
  socket.on('error', (error) => {
    failure = messageOf(error);
  });
  socket.once('close', (code, reason) => listener.onClose(failure || `closed: ${code} ${reason.toString()}`.trim()));
  return {
    send: ({ text }) => {
      if (socket.readyState === WebSocket.OPEN) joined?.write(() => socket.send(text));
    },
    close: () => socket.close(),
  };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}
