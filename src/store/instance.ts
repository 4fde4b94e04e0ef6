import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../util/clock.ts';
import { folderHeld, removeFile } from './files.ts';
import { socketFolder } from './socket-folder.ts';

/**
 * Lock for one trading process, or one guard, per account: a local socket in a folder of this OS user. Only one process can listen on it, and
 * it is free when that process ends, even after `kill -9`. mmbot cancel-all halts a bot through it: a client that connects can send a halt and
 * gets a reply when the bot has halted.
 */
export interface Instance extends AsyncDisposable {
  release(): Promise<void>;
}

const HALT = 'halt';
/** Pause between two attempts to connect to a holder. */
const AGAIN_MS = 100;

/** Locks `name`; undefined when another process holds it. `onHalt` must have stopped the bot from placing orders when it returns. */
export async function claimInstance(name: string, onHalt: () => void): Promise<Instance | undefined> {
  const path = pathOf(name);
  const first = await listenAt(path, onHalt);
  if (first !== undefined || !(await isDead(path))) return first;
  // Its holder was killed. Only one process at a time may clear the path, or the second would remove the new socket of the first.
  using clearing = folderHeld(`${path}.clearing`);
  if (!clearing.isOurs || !(await isDead(path))) return undefined;
  removeFile(path);
  return await listenAt(path, onHalt);
}

/** `none`: no process holds `name`. `unconfirmed`: a process holds it, or may, and did not confirm in time that it has halted. */
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

/** Whether a process of this OS user holds `name` now; does not halt it. */
export async function isHeld(name: string): Promise<boolean> {
  return !(await isDead(pathOf(name)));
}

/** Resolves to true when `name` is free, to false when a process still holds it after `patienceMs`; calls `onWait` when it has to wait. */
export async function untilFree(name: string, clock: Clock, patienceMs: number, onWait: () => void): Promise<boolean> {
  const deadline = clock.monotonic() + patienceMs;
  while (clock.monotonic() < deadline) {
    if (!(await wasHeld(name, clock, deadline - clock.monotonic(), onWait))) return true;
  }
  return false;
}

/** Resolves when the holder ends or the time is up, at once when there is none, and after a pause when that is unknown. */
function wasHeld(name: string, clock: Clock, patienceMs: number, onWait: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    let isConnected = false;
    let mayBeHeld = false;
    const socket = createConnection(pathOf(name));
    // The timer of `clock` keeps this process alive while it waits.
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

/** Listens at `path`; undefined when it already exists. */
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
    // The lock must not keep the process alive.
    server.unref();
    const end = (): Promise<void> => release(server, connections);
    server.listen(path, () => resolve({ release: end, [Symbol.asyncDispose]: end }));
  });
}

/** Whether no process listens at `path`, so that its holder has died. */
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

/** Other errors, such as too many open files or too many connections, do not show whether a process holds it. */
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
