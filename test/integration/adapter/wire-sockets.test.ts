import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { getActiveResourcesInfo } from 'node:process';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { socketsWire } from '../../../src/exchange/bybit/wire/wire-sockets.ts';
import type { Wire, WireSocket } from '../../../src/exchange/bybit/wire/wire.ts';
import { Message } from '../../../src/util/message.ts';

/** A wire and a plain HTTP server with a WebSocket echo, both gone afterwards. */
async function withServer(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
  scenario: (wire: Wire, port: number) => Promise<void>,
): Promise<void> {
  const server = createServer(serve);
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) =>
    socket.on('message', (data) => socket.send(`echo ${data instanceof Buffer ? data.toString() : ''}`)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const wire = socketsWire();
  try {
    await scenario(wire, port);
  } finally {
    await wire.close();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const BUSY_MS = 1000;

interface Arrival {
  readonly text: string;
  readonly at: number;
}

/** A WebSocket server in a thread of its own: tells its port, then what arrived when, up to the message `end`. */
const ARRIVALS = `
  const { parentPort } = require('node:worker_threads');
  const { WebSocketServer } = require('ws');
  const arrivals = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => parentPort.postMessage(server.address().port));
  server.on('connection', (socket) => socket.on('message', (data) => {
    arrivals.push({ text: String(data), at: Date.now() });
    if (String(data) === 'end') parentPort.postMessage(arrivals);
  }));
`;

const get = (port: number, path = '/') => ({ method: 'GET', url: `http://127.0.0.1:${port}${path}`, headers: {}, body: '' });

function heard(wire: Wire, url: string, onOpen: (say: (text: string) => void) => void): Promise<string[]> {
  return new Promise((resolve) => {
    const messages: string[] = [];
    const socket = wire.open(url, {
      onOpen: () => onOpen((text) => socket.send(new Message(text))),
      onMessage({ text }) {
        messages.push(text);
        socket.close();
      },
      onClose: (reason) => resolve([...messages, reason]),
    });
  });
}

describe('the wire of real sockets', () => {
  it('sends the bytes it is given and reads the whole answer, on one kept connection', () => {
    const connections = new Set<unknown>();
    return withServer(
      (request, response) => {
        connections.add(request.socket);
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { method, url, headers } = request;
          response.writeHead(201, 'Made', { 'X-Bapi-Limit': '10', 'Content-Type': 'text/plain' });
          response.write('{"é":');
          response.end(JSON.stringify([method, url, headers['x-key'], Buffer.concat(chunks).toString(), headers['content-length']]));
        });
      },
      async (wire, port) => {
        const post = { ...get(port, '/a?b=c%3Ad'), method: 'POST', headers: { 'X-Key': 'k' }, body: '{"ü": 1}' };
        const answer = await wire.request(post);
        expect(answer).toMatchObject({ status: 201, statusText: 'Made', headers: { 'x-bapi-limit': '10' } });
        expect(answer.body).toBe('{"é":["POST","/a?b=c%3Ad","k","{\\"ü\\": 1}","9"]');
        for (let i = 0; i < 3; i += 1) expect((await wire.request(get(port))).body).toContain('["GET","/",null,""');
        expect(connections.size).toBe(1);
      },
    );
  });

  it('rejects when the connection is refused, breaks, or the answer is truncated', () =>
    withServer(
      (request, response) => {
        if (request.url === '/reset') request.socket.destroy();
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('half', () => request.socket.destroy());
      },
      async (wire, port) => {
        await expect(wire.request(get(1))).rejects.toThrow('ECONNREFUSED');
        await expect(wire.request(get(port, '/reset'))).rejects.toThrow('hang up');
        await expect(wire.request(get(port, '/half'))).rejects.toThrow('aborted');
      },
    ));

  it('gives up when it is told to, also in the middle of an answer', () =>
    withServer(
      (request, response) => {
        if (request.url === '/stalled') response.writeHead(200).write('never');
      },
      async (wire, port) => {
        for (const path of ['/silent', '/stalled']) {
          const abort = new AbortController();
          const request = wire.request(get(port, path), abort.signal);
          setTimeout(() => abort.abort(), 50);
          await expect(request).rejects.toThrow('aborted');
        }
      },
    ));

  it('carries messages in both directions, and reports each end once', () =>
    withServer(
      () => undefined,
      async (wire, port) => {
        const url = `ws://127.0.0.1:${port}/v5`;
        expect(await heard(wire, url, (say) => say('hello'))).toEqual(['echo hello', 'closed: 1005']);
        expect(await heard(wire, 'ws://127.0.0.1:1/', () => undefined)).toEqual([expect.stringContaining('ECONNREFUSED')]);
      },
    ));

  it('leaves no connection behind when it is closed', async () => {
    const sockets = (): number => getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = sockets();
    await withServer(
      (_, response) => response.end('ok'),
      async (wire, port) => {
        await wire.request(get(port));
        let isOpen = (): void => undefined;
        const opened = new Promise<void>((resolve) => {
          isOpen = resolve;
        });
        const closed = heard(wire, `ws://127.0.0.1:${port}/`, () => isOpen());
        await opened;
        await wire.close();
        expect(await closed).toEqual(['closed: 1006']);
      },
    );
    await expect.poll(sockets).toBeLessThanOrEqual(before);
  });

  it('does not wait for the end of an answer that has none, nor take a message of any length', () =>
    withServer(
      (_, response) => {
        const more = (): void => {
          while (response.write('x'.repeat(1 << 20)) && !response.destroyed);
        };
        response.on('drain', more);
        more();
      },
      async (wire, port) => {
        await expect(wire.request(get(port))).rejects.toThrow('expected an answer of at most 16777216 bytes');
        const said = await heard(wire, `ws://127.0.0.1:${port}`, (say) => say('x'.repeat(9 << 20)));
        expect(said).toEqual([expect.stringContaining('Max payload size exceeded')]);
      },
    ));

  it('has on the wire what is sent together, also when the process does something else before its turn ends', async () => {
    const server = new Worker(ARRIVALS, { eval: true });
    const wire = socketsWire();
    try {
      const [port] = (await once(server, 'message')) as [number];
      const socket = await new Promise<WireSocket>((resolve) => {
        const opened = wire.open(`ws://127.0.0.1:${port}/`, {
          onOpen: () => resolve(opened),
          onMessage: () => undefined,
          onClose: () => undefined,
        });
      });
      const arrived = new Promise<readonly Arrival[]>((resolve) => server.once('message', resolve));
      // Two orders of the same turn come first: the second is held back until its end.
      for (const text of ['order 1', 'order 2']) socket.send(new Message(text));
      wire.together?.(() => {
        for (const text of ['cancel 1', 'cancel 2', 'cancel 3']) socket.send(new Message(text));
      });
      const sentAt = Date.now();
      while (Date.now() - sentAt < BUSY_MS);
      socket.send(new Message('end'));
      const arrivals = await arrived;
      expect(arrivals.map(({ text }) => text)).toEqual(['order 1', 'order 2', 'cancel 1', 'cancel 2', 'cancel 3', 'end']);
      for (const { text, at } of arrivals.slice(0, -1)) expect.soft(at - sentAt, text).toBeLessThan(BUSY_MS);
    } finally {
      await wire.close();
      await server.terminate();
    }
  });
});
