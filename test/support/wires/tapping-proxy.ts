import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

export interface TappingProxy {
  readonly restUrl: string;
  /** Each request as `METHOD /path` with its headers' names and body, each message to a socket as `/path text`. */
  readonly requests: readonly { readonly line: string; readonly headers: readonly string[]; readonly body: string }[];
  readonly messages: readonly { readonly path: string; readonly text: string }[];
}

/** Stands between a client and an exchange, passes everything on and keeps all that the client says. */
export async function tappingProxy(restUrl: string): Promise<TappingProxy> {
  const requests: { line: string; headers: string[]; body: string }[] = [];
  const messages: { path: string; text: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ line: `${method} ${url}`, headers: Object.keys(headers), body });
      const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host' && name !== 'connection'));
      fetch(`${restUrl}${url}`, { method, headers: passed as Record<string, string>, ...(body === '' ? {} : { body }) }).then(
        async (answer) => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()),
        () => response.destroy(),
      );
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (client, { url: path = '' }) => {
    const upstream = new WebSocket(`${restUrl.replace(/^http/, 'ws')}${path}`);
    const waiting: string[] = [];
    client.on('message', (data: Buffer) => {
      const text = data.toString();
      messages.push({ path, text });
      if (upstream.readyState === WebSocket.OPEN) upstream.send(text);
      else waiting.push(text);
    });
    upstream.on('open', () => {
      for (const text of waiting) upstream.send(text);
    });
    upstream.on('message', (data: Buffer) => client.send(data.toString()));
    upstream.on('close', () => client.close());
    upstream.on('error', () => client.close());
    client.on('close', () => upstream.close());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
    server.closeAllConnections();
  });
  return { restUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, messages };
}
