import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { boundConnections } from '../util/bounded-connections.ts';
import { isMeantForLoopback } from '../util/loopback.ts';

const MOST_CONNECTIONS = 32;
const MOST_IDLE = 16;
/** A request is one small packet, and an answer is read at once. */
const PATIENCE_MS = 10_000;
const MOST_HEADER_BYTES = 8192;
const PATHS = '/metrics, /healthz or /readyz';

export interface Health {
  /** The loop turns. */
  readonly alive: boolean;
  /** It quotes, or could. */
  readonly ready: boolean;
  /** One word for a person. */
  readonly state: string;
}

export interface MetricsServerParts {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Every request has to carry it as `Authorization: Bearer TOKEN`; undefined: none has to. */
  readonly token: string | undefined;
  readonly health: () => Health;
  readonly contentType: string;
  /** The text of a scrape. */
  readonly scrape: () => Promise<string>;
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** `/metrics` for Prometheus; `/healthz` and `/readyz` for supervisors: 200 or 503, with the state in the body. Rejects when it cannot listen. */
export function startMetricsServer(parts: MetricsServerParts): Promise<MetricsServer> {
  const refusalOf = guardedBy(parts.token);
  const scrape = sharedWhileRunning(parts.scrape);
  const answering = new WeakSet<object>();
  const times = { headersTimeout: PATIENCE_MS, requestTimeout: PATIENCE_MS, connectionsCheckingInterval: PATIENCE_MS / 2 };
  const server = createServer({ ...times, maxHeaderSize: MOST_HEADER_BYTES }, (request, response) => {
    const { socket } = request;
    // No client of these asks again before it has its answer: one that does could make this process calculate and keep any number of them.
    if (answering.has(socket)) {
      socket.destroy();
      return;
    }
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
    const reply = ({ status, type = 'text/plain; charset=utf-8', body, headers = {} }: Reply): void => {
      // Nobody has to send a body here, and a long one is not waited for.
      const end = status === 200 || status === 503 ? {} : { connection: 'close' };
      response.writeHead(status, { ...headers, ...end, 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    };
    const refusal = refusalOf(request);
    const answer = refusal === undefined ? answerTo(request, { ...parts, scrape }) : Promise.resolve(refusal);
    answer.then(reply, () => reply({ status: 500, body: 'the metrics could not be read\n' }));
  });
  server.timeout = PATIENCE_MS;
  boundConnections(server, MOST_CONNECTIONS, MOST_IDLE);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(parts.port, parts.host, () => {
      server.off('error', reject);
      // A connection that fails is its peer's business; the server goes on.
      server.on('error', () => undefined);
      resolve({ url: urlOf(server, parts), close: () => closed(server) });
    });
  });
}

/** Those who ask while it is being read get the same. */
function sharedWhileRunning(scrape: () => Promise<string>): () => Promise<string> {
  let running: Promise<string> | undefined;
  return () => {
    running ??= scrape().finally(() => (running = undefined));
    return running;
  };
}

interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const UNAUTHORIZED: Reply = {
  status: 401,
  body: 'expected Authorization: Bearer and the token of this server\n',
  headers: { 'www-authenticate': 'Bearer' },
};

async function answerTo({ method, url = '' }: IncomingMessage, { health, scrape, contentType }: MetricsServerParts): Promise<Reply> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'expected GET\n', headers: { allow: 'GET, HEAD' } };
  const [path] = url.split('?');
  if (path === '/metrics') return { status: 200, type: contentType, body: await scrape() };
  if (path !== '/healthz' && path !== '/readyz') return { status: 404, body: `expected ${PATHS}\n` };
  const { alive, ready, state } = health();
  return { status: (path === '/healthz' ? alive : ready) ? 200 : 503, body: `${state}\n` };
}

/** Only on loopback is there no token: then nothing but programs of this machine is answered, not pages in its browser. */
const FORBIDDEN: Reply = { status: 403, body: 'expected a request to 127.0.0.1 or localhost, from no page of another host\n' };

/** Compares digests, in constant time: neither length nor content of the token shows in how long it takes. */
function guardedBy(token: string | undefined): (request: IncomingMessage) => Reply | undefined {
  if (token === undefined) return ({ headers }) => (isMeantForLoopback(headers) ? undefined : FORBIDDEN);
  const expected = digest(`Bearer ${token}`);
  return ({ headers }) => (timingSafeEqual(digest(headers.authorization ?? ''), expected) ? undefined : UNAUTHORIZED);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function urlOf(server: Server, { host, port }: MetricsServerParts): string {
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
