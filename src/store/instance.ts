import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../util/clock.ts';

/**
 * One trading process per account, and one guard: a local socket that only one process can hold, and that disappears with it, also on
 * `kill -9`. Through it an emergency reaches the bot: whoever connects can halt it, and gets an answer when it has.
 */
export interface Instance {
  release(): Promise<void>;
}

/** Undefined when another process holds `name`. `onHalt` has fenced the bot when it returns. */
export function claimInstance(name: string, onHalt: () => void): Promise<Instance | undefined> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => undefined);
    socket.once('data', () => {
      onHalt();
      socket.end('halted\n');
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    // A lock keeps no process alive.
    server.unref();
    server.listen(pathOf(name), () => resolve({ release: () => release(server, connections) }));
  });
}

/** `none`: nobody holds `name`. `unconfirmed`: somebody does, and did not say in time that it has halted. */
export function haltInstance(name: string, clock: Clock, patienceMs: number): Promise<'none' | 'halted' | 'unconfirmed'> {
  return new Promise((resolve) => {
    const socket = createConnection(pathOf(name));
    const settle = (outcome: 'none' | 'halted' | 'unconfirmed'): void => {
      cancel();
      socket.destroy();
      resolve(outcome);
    };
    const cancel = clock.schedule(patienceMs, () => settle('unconfirmed'));
    let isConnected = false;
    socket.on('connect', () => {
      isConnected = true;
      socket.write('halt\n');
    });
    socket.on('data', () => settle('halted'));
    socket.on('error', () => settle(isConnected ? 'unconfirmed' : 'none'));
    socket.on('close', () => settle(isConnected ? 'unconfirmed' : 'none'));
  });
}

/** Resolves when nobody holds `name`; `onWait` hears that somebody does. */
export async function untilFree(name: string, onWait: () => void): Promise<void> {
  while (await wasHeld(name, onWait));
}

/** Resolves when its holder ends, or at once when there is none. */
function wasHeld(name: string, onWait: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    let isHeld = false;
    const socket = createConnection(pathOf(name));
    socket.on('connect', () => {
      isHeld = true;
      onWait();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(isHeld));
  });
}

function release(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  for (const socket of connections) socket.destroy();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** On Linux a name in the kernel alone: no file is left behind by a crash. */
function pathOf(name: string): string {
  return process.platform === 'linux' ? `\0mmbot-${name}` : join(tmpdir(), `mmbot-${name}.sock`);
}
