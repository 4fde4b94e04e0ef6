import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { boundConnections } from '../util/bounded-connections.ts';
import { isMeantForLoopback } from '../util/loopback.ts';

const MOST_CONNECTIONS = 32;
const MOST_IDLE = 16;
/** A request is one small packet and its client reads the answer at once, so this is ample. */
const PATIENCE_MS = 10_000;
const MOST_HEADER_BYTES = 8192;
const PATHS = '/metrics, /healthz or /readyz';

export interface Health {
  /** The event loop and the bot’s turns are running. */
  readonly alive: boolean;
  /** Alive and not frozen: it quotes, or would if nothing held it. */
  readonly ready: boolean;
  /** The state as text, for a person. */
  readonly state: string;
}

export interface MetricsServerParts {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Every request must carry it as `Authorization: Bearer TOKEN`; undefined: no token is required. */
  readonly token: string | undefined;
  readonly health: () => Health;
  readonly contentType: string;
  /** The metrics in the text format of Prometheus. */
  readonly scrape: () => Promise<string>;
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `/metrics` for Prometheus; `/healthz` and `/readyz` for supervisors: 200 or 503, with the state in the body. Rejects when it cannot
 * listen.
 */
export function startMetricsServer(parts: MetricsServerParts): Promise<MetricsServer> {
  const refusalOf = guardedBy(parts.token);
  const scrape = sharedWhileRunning(parts.scrape);
  const answering = new WeakSet<object>();
  const times = { headersTimeout: PATIENCE_MS, requestTimeout: PATIENCE_MS, connectionsCheckingInterval: PATIENCE_MS / 2 };
  const server = createServer({ ...times, maxHeaderSize: MOST_HEADER_BYTES }, (request, response) => {
    const { socket } = request;
    // A proper client waits for its answer before the next request. One that does not could queue any number of scrapes here.
    if (answering.has(socket)) {
      socket.destroy();
      return;
    }
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
    const reply = ({ status, type = 'text/plain; charset=utf-8', body, headers = {} }: Reply): void => {
      // A request needs no body here, and the server does not wait for a long one.
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
      // Ignore errors of single connections; the server keeps running.
      server.on('error', () => undefined);
      resolve({ url: urlOf(server, parts), close: () => closed(server) });
    });
  });
}

/** Requests that arrive during a scrape share its result. */
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

/** Without a token, which is allowed on loopback only, the server answers local programs but no web page in a local browser. */
const FORBIDDEN: Reply = { status: 403, body: 'expected a request to 127.0.0.1 or localhost, and not from a web page of another host\n' };

/** Compares digests in constant time, so that the duration reveals neither length nor content of the token. */
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
