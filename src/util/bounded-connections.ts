import type { EventEmitter } from 'node:events';

/** Of a server as `node:http` makes it. */
interface Connections extends EventEmitter {
  maxConnections: number;
}

interface Connection extends EventEmitter {
  readonly destroyed: boolean;
  destroy(): unknown;
}

export interface BoundedConnections {
  /** Somebody has taken this connection over, for another protocol: it asks for nothing in this one, and is not idle for that. */
  takenOver(connection: Connection): void;
}

/**
 * At most `most` connections, and at most `mostIdle` that ask for nothing, half a request included: whoever opens more takes the place
 * of the one that has been idle longest, so that a flood of them shuts nobody out.
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
  // No listener for `upgrade`: where there is one, Node hands it the connection and looks after it no more, its errors included.
  return { takenOver: (connection) => void idle.delete(connection) };
}
