import { createServer } from 'node:http';

export interface Health {
  /** The loop turns. */
  readonly alive: boolean;
  /** It quotes, or could. */
  readonly ready: boolean;
  /** One word for a person. */
  readonly state: string;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** `/healthz` and `/readyz` on loopback: 200 or 503, with the state in the body. Rejects when the port is taken. */
export function startHealthServer(port: number, health: () => Health): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const { alive, ready, state } = health();
    const isFine = request.url === '/healthz' ? alive : request.url === '/readyz' ? ready : undefined;
    response.writeHead(isFine === undefined ? 404 : isFine ? 200 : 503, { 'content-type': 'text/plain' });
    response.end(isFine === undefined ? 'expected /healthz or /readyz\n' : `${state}\n`);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://127.0.0.1:${bound}`,
        close: () =>
          new Promise((closed) => {
            server.closeAllConnections();
            server.close(() => closed());
          }),
      });
    });
  });
}
