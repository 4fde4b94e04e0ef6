import type { Venue } from '../venue/venue.ts';
import type { Surface } from '../bybit-api/surface.ts';
import type { FaultName } from './fault-table.ts';
import { FaultySocket, socketKind, type SocketKind } from './faulty-socket.ts';
import { httpUnderFaults, type FaultParts } from './http-faults.ts';

const ALL: readonly SocketKind[] = ['public', 'private', 'trade'];

/** The kinds of sockets that close when one of these faults begins. */
const DROPS: readonly (readonly [FaultName, readonly SocketKind[]])[] = [
  ['socket-storm', ALL],
  ['sockets-down', ALL],
  ['maintenance', ALL],
  ['restart-wipes-closed', ALL],
  ['subscribe-ack-lost', ['public', 'private']],
  ['auth-fails-on-reconnect', ['private', 'trade']],
  ['key-revoked', ['private', 'trade']],
];
/** Faults during which no new socket can be opened. */
const REFUSES: readonly FaultName[] = ['connection-refused', 'sockets-down', 'maintenance'];
const STORM_MS = 1500;

export interface FaultySurfaceParts extends FaultParts {
  readonly venue: Venue;
}

/** The connection between an exchange and its clients, with faults injected. */
export function faultySurface(inner: Surface, parts: FaultySurfaceParts): Surface {
  const { faults, clock } = parts;
  const sockets = new Set<FaultySocket>();
  const drop = (kinds: readonly SocketKind[], isMeant: (socket: FaultySocket) => boolean = () => true): void => {
    for (const socket of sockets) if (kinds.includes(socket.kind) && isMeant(socket)) socket.drop();
  };
  for (const [name, kinds] of DROPS) faults.onBegin(name, () => drop(kinds));
  faults.onBegin('socket-drop', () => {
    faults.strikes('socket-drop');
    const one = ALL[Math.floor((ALL.length + 1) * faults.draw('socket-drop'))];
    drop(one === undefined ? ALL : [one]);
  });
  faults.onEnd('restart-10019', () => drop(['trade'], (socket) => socket.wasRestarted));
  faults.onBegin('book-reset-u1', () => {
    for (const socket of sockets) socket.resetBooks();
  });
  return {
    http: (request) => httpUnderFaults(parts, inner, request),
    connect(address, peer) {
      if (REFUSES.some((name) => faults.strikes(name))) return undefined;
      const [path = ''] = address.split('?');
      const socket = new FaultySocket({ ...parts, kind: socketKind(path), peer, onEnd: (ended) => sockets.delete(ended) });
      const connection = inner.connect(address, socket.clientSide);
      if (connection === undefined) return undefined;
      socket.attach(connection);
      sockets.add(socket);
      if (faults.strikes('socket-storm')) clock.schedule(STORM_MS * faults.draw('socket-storm'), () => socket.drop());
      return socket;
    },
    close: () => inner.close(),
  };
}
