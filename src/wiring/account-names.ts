import { createHash } from 'node:crypto';
import { destinationOf } from '../config/destinations.ts';
import type { Address } from '../config/venues.ts';

/** Host names of this machine that `earlierNames` tries. */
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0'];
const MAINNET_SPELLINGS = ['https://api.bybit.com', 'https://api.bybit.com:443', 'https://API.bybit.com', 'https://api.bytick.com'];

/** Names an account by a hash of its API key. The name is the same for every spelling of a host, and for all Bybit hosts that serve the same accounts. */
export function nameByKey({ restUrl }: Pick<Address, 'restUrl'>, apiKey: string): string {
  return hashOf(`${placeOf(restUrl)} ${apiKey}`);
}

/** Names an account by its user id: the name is the same for every key of the account. */
export function nameByUser({ restUrl }: Pick<Address, 'restUrl'>, userId: string): string {
  const place = placeOf(restUrl);
  return hashOf(`${isLocal(restUrl) ? 'loopback' : place} user ${userId}`);
}

/** Names by which earlier versions may have known the account: they hashed the URL as typed, so the likely spellings are tried. */
export function earlierNames({ restUrl }: Pick<Address, 'restUrl'>, apiKey: string): readonly string[] {
  const { protocol, port, origin } = new URL(restUrl);
  const local = LOOPBACK_HOSTS.map((host) => `${protocol}//${host}${port === '' ? '' : `:${port}`}`);
  const others = isLocal(restUrl) ? local : destinationOf(restUrl) === 'mainnet' ? MAINNET_SPELLINGS : [];
  return [...new Set([restUrl, origin, ...others])].map((spelling) => hashOf(`${spelling} ${apiKey}`));
}

/** Whether the address is on this machine. */
export function isLocal(restUrl: string): boolean {
  const { hostname } = new URL(restUrl);
  return (
    destinationOf(restUrl) === 'loopback' ||
    hostname === '0.0.0.0' ||
    hostname === '[::]' ||
    hostname.replace(/\.$/, '').endsWith('.localhost')
  );
}

/** The name that the guard of that account holds while it runs. */
export function guardName(account: string): string {
  return `${account}-guard`;
}

function placeOf(restUrl: string): string {
  const { protocol, hostname, port } = new URL(restUrl);
  const shownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  if (isLocal(restUrl)) return `loopback:${shownPort}`;
  const destination = destinationOf(restUrl);
  return destination === 'unknown' ? `${hostname.replace(/\.$/, '')}:${shownPort}` : destination;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
