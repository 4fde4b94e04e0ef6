import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../util/clock.ts';
import { folderHeld, removeFile } from './files.ts';
import { socketFolder } from './socket-folder.ts';

/**
 * One trading process per account, and one guard: a local socket in a folder of this user's own, that only one process can hold, and
 * that is dead when its process is, also after `kill -9`. Through it an emergency reaches the bot: whoever connects can halt it, and
 * gets an answer when it has.
 */
export interface Instance extends AsyncDisposable {
  release(): Promise<void>;
}

const HALT = 'halt';
/** Between two tries to reach a holder that cannot be reached. */
const AGAIN_MS = 100;

/** Undefined when another process holds `name`. `onHalt` has fenced the bot when it returns. */
export async function claimInstance(name: string, onHalt: () => void): Promise<Instance | undefined> {
  const path = pathOf(name);
  const first = await listenAt(path, onHalt);
  if (first !== undefined || !(await isDead(path))) return first;
  // Its holder was killed. One process at a time may clear the path, or the second would remove what the first has just put there.
  using clearing = folderHeld(`${path}.clearing`);
  if (!clearing.isOurs || !(await isDead(path))) return undefined;
  removeFile(path);
  return await listenAt(path, onHalt);
}

/** `none`: nobody holds `name`. `unconfirmed`: somebody does, or may, and did not say in time that it has halted. */
export async function haltInstance(name: string, clock: Clock, patienceMs: number): Promise<'none' | 'halted' | 'unconfirmed'> {
  const path = pathOf(name);
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const settle = (outcome: 'none' | 'halted' | 'unconfirmed'): void => {
      cancel();
      socket.destroy();
      resolve(outcome);
    };
    const cancel = clock.schedule(patienceMs, () => settle('unconfirmed'));
    let isConnected = false;
    socket.on('connect', () => {
      isConnected = true;
      socket.write(`${HALT}\n`);
    });
    socket.on('data', () => settle('halted'));
    socket.on('error', (error) => settle(!isConnected && isNobody(error) ? 'none' : 'unconfirmed'));
    socket.on('close', () => settle('unconfirmed'));
  });
}

/** Whether a process of this user's holds `name` now: nothing is asked of it. */
export async function isHeld(name: string): Promise<boolean> {
  return !(await isDead(pathOf(name)));
}

/** Resolves to true when nobody holds `name`, and to false when somebody still does after `patienceMs`; `onWait` hears that somebody does. */
export async function untilFree(name: string, clock: Clock, patienceMs: number, onWait: () => void): Promise<boolean> {
  const deadline = clock.monotonic() + patienceMs;
  while (clock.monotonic() < deadline) {
    if (!(await wasHeld(name, clock, deadline - clock.monotonic(), onWait))) return true;
  }
  return false;
}

/** Resolves when its holder ends or the time is up, at once when there is none, and after a moment when that cannot be told. */
function wasHeld(name: string, clock: Clock, patienceMs: number, onWait: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    let isConnected = false;
    let mayBeHeld = false;
    const socket = createConnection(pathOf(name));
    // The clock keeps this process alive as long as it is worth waiting.
    socket.unref();
    const cancel = clock.schedule(patienceMs, () => socket.destroy());
    socket.on('connect', () => {
      isConnected = true;
      onWait();
    });
    socket.on('error', (error) => {
      mayBeHeld = !isConnected && !isNobody(error);
      if (mayBeHeld) onWait();
    });
    socket.on('close', () => {
      cancel();
      if (mayBeHeld) clock.schedule(Math.min(AGAIN_MS, patienceMs), () => resolve(true));
      else resolve(isConnected);
    });
  });
}

/** Undefined when something is at `path` already. */
function listenAt(path: string, onHalt: () => void): Promise<Instance | undefined> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      if (!data.toString().startsWith(HALT)) return socket.destroy();
      onHalt();
      return socket.end('halted\n');
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    // A lock keeps no process alive.
    server.unref();
    const end = (): Promise<void> => release(server, connections);
    server.listen(path, () => resolve({ release: end, [Symbol.asyncDispose]: end }));
  });
}

/** Nobody listens there: its process has ended without a word. */
function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const settle = (isDead: boolean): void => {
      socket.destroy();
      resolve(isDead);
    };
    socket.on('connect', () => settle(false));
    socket.on('error', (error) => settle(isNobody(error)));
  });
}

/** Any other failure, such as too many open files or a holder that takes no more connections, says nothing of who is there. */
function isNobody({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNREFUSED' || code === 'ENOENT';
}

function release(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  for (const socket of connections) socket.destroy();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function pathOf(name: string): string {
  return join(socketFolder(), `${name}.sock`);
}
