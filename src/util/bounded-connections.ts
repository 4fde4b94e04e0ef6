import type { EventEmitter } from 'node:events';

/** The connections of a server of `node:http`. */
interface Connections extends EventEmitter {
  maxConnections: number;
}

interface Connection extends EventEmitter {
  readonly destroyed: boolean;
  destroy(): unknown;
}

export interface BoundedConnections {
  /** The connection was upgraded to another protocol: it has no HTTP requests any more and does not count as idle. */
  takenOver(connection: Connection): void;
}

/**
 * Allows at most `most` connections, and at most `mostIdle` without a complete request. A further connection replaces the one that has been
 * idle longest, so that a flood of idle connections does not lock out other clients.
 */
export function boundConnections(server: Connections, most: number, mostIdle: number): BoundedConnections {
  const idle = new Set<Connection>();
  const rests = (connection: Connection): void => {
    if (connection.destroyed) return;
    idle.add(connection);
    const [oldest] = idle;
    if (idle.size > mostIdle && oldest !== undefined) oldest.destroy();
  };
  server.maxConnections = most;
  server.on('connection', (connection: Connection) => {
    connection.once('close', () => idle.delete(connection));
    rests(connection);
  });
  server.on('request', ({ socket }: { readonly socket: Connection }, response: EventEmitter) => {
    idle.delete(socket);
    response.once('close', () => rests(socket));
  });
  // Not by a listener for `upgrade`: with one, Node stops managing the connection, including its errors.
  return { takenOver: (connection) => void idle.delete(connection) };
}
