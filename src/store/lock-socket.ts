import { lstatSync, renameSync, type Stats } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** What a client sends to halt the holder. */
export const HALT = 'halt';

/** A socket at a path, on which only one process can listen. */
export interface LockSocket {
  /** False when the socket was removed from its path, or replaced there, so that nobody can find this process through it. */
  isInPlace(): boolean;
  /** Removes the socket; one of another process in its place stays. */
  close(): Promise<void>;
}

/** Listens at `path`; undefined when it already exists. `onHalt` must have stopped the bot from placing orders when it returns. */
export function listenAt(path: string, onHalt: () => void): Promise<LockSocket | undefined> {
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
    server.listen(path, () => {
      const ours = statusOf(path);
      const isInPlace = (): boolean => {
        const there = statusOf(path);
        return there !== undefined && there.ino === ours?.ino && there.dev === ours.dev;
      };
      const close = (): Promise<void> => release(server, connections);
      resolve({ isInPlace, close: () => (isInPlace() ? close() : keepingAside(path, close)) });
    });
  });
}

/** Whether no process listens at `path`, so that its holder has died. */
export function isDead(path: string): Promise<boolean> {
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
export function isNobody({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNREFUSED' || code === 'ENOENT';
}

/** Node removes the file at the path when the socket is closed, even if it is another process's socket: it is renamed meanwhile. */
function keepingAside(path: string, close: () => Promise<void>): Promise<void> {
  const aside = `${path}.aside`;
  if (statusOf(path) === undefined) return close();
  renameSync(path, aside);
  const closed = close();
  renameSync(aside, path);
  return closed;
}

/** Undefined when there is nothing, or nothing that can be reached. */
function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function release(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  for (const socket of connections) socket.destroy();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
