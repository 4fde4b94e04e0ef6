import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { WireResponse } from '../../../src/exchange/bybit/wire/wire.ts';
import { seededRandom } from '../../../src/util/random.ts';
import type { Fault } from './wire-faults.ts';

export interface FaultProxy {
  readonly restUrl: string;
  /** Instant (performance.now) of the first byte of each request, by path. */
  readonly arrivals: { readonly path: string; readonly at: number }[];
}

interface FaultProxyOptions {
  readonly fault?: Fault;
  readonly seed?: string;
  /** Sockets whose path this refuses do not exist. */
  readonly refusesSocket?: (path: string) => boolean;
  /** A test that runs beside others of its file hands in its own. */
  readonly onEnd?: typeof onTestFinished;
}

/** Stands before an exchange in another process: HTTP goes through a fault, sockets go through as they are or not at all. Ends with the test. */
export async function startFaultProxy(exchangeUrl: string, options: FaultProxyOptions = {}): Promise<FaultProxy> {
  const { fault = (_, pass) => pass(), seed = 'proxy', refusesSocket = () => false, onEnd = onTestFinished } = options;
  const random = seededRandom(seed);
  const arrivals: { path: string; at: number }[] = [];
  const server = createServer((request, response) => {
    arrivals.push({ path: request.url ?? '', at: performance.now() });
    void forward(exchangeUrl, request, response, (wire, pass) => fault(wire, pass, random));
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('upgrade', (request, client: Socket, head) => {
    // A client that was turned away, or killed, may be gone first.
    client.on('error', () => undefined);
    if (refusesSocket(request.url ?? '')) client.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    else sockets.add(tunnel(exchangeUrl, request, client, head));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { restUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals };
}

/** The bytes of a WebSocket, from its handshake on. */
function tunnel(exchangeUrl: string, { method, url, rawHeaders }: IncomingMessage, client: Socket, head: Buffer): Socket {
  const { hostname, port } = new URL(exchangeUrl);
  const far = connect(Number(port), hostname, () => {
    const headers = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    far.write(`${method} ${url} HTTP/1.1\r\n${headers}\r\n`);
    far.write(head);
    far.pipe(client).pipe(far);
  });
  far.on('error', () => undefined);
  for (const [one, other] of [
    [far, client],
    [client, far],
  ] as const) {
    one.on('close', () => other.destroy());
  }
  return far;
}

type Bend = (request: Parameters<Fault>[0], pass: () => Promise<WireResponse>) => Promise<WireResponse>;

async function forward(exchangeUrl: string, request: IncomingMessage, response: ServerResponse, bend: Bend): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const wire = { method: request.method ?? 'GET', url: `${exchangeUrl}${request.url ?? ''}`, headers, body };
  try {
    const answer = await bend(wire, () => ask(wire));
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
  } catch {
    response.destroy();
  }
}

function ask({ method, url, headers, body }: Parameters<Fault>[0]): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, headers: { ...headers, connection: 'close' } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const names = Object.entries(incoming.headers).filter(([name]) => /^(content-type|x-bapi|traceid|timenow)/.test(name));
        resolve({
          status: incoming.statusCode ?? 0,
          statusText: incoming.statusMessage ?? '',
          headers: Object.fromEntries(names.map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).toString(),
        });
      });
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
