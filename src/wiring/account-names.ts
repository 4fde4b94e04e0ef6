import { createHash } from 'node:crypto';
import { destinationOf } from '../config/destinations.ts';
import type { Address } from '../config/venues.ts';

/** Every one means this machine. */
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0'];
const MAINNET_SPELLINGS = ['https://api.bybit.com', 'https://api.bybit.com:443', 'https://API.bybit.com', 'https://api.bytick.com'];

/** The same for every spelling of a host, and for each of Bybit's hosts that serve the same accounts: names an account by its key, without telling the key. */
export function nameByKey({ restUrl }: Pick<Address, 'restUrl'>, apiKey: string): string {
  return hashOf(`${placeOf(restUrl)} ${apiKey}`);
}

/** The same for every key of an account. */
export function nameByUser({ restUrl }: Pick<Address, 'restUrl'>, userId: string): string {
  const place = placeOf(restUrl);
  return hashOf(`${isLocal(restUrl) ? 'loopback' : place} user ${userId}`);
}

/** What earlier versions called it: by the text of the URL, of which the likely ones are tried. */
export function earlierNames({ restUrl }: Pick<Address, 'restUrl'>, apiKey: string): readonly string[] {
  const { protocol, port, origin } = new URL(restUrl);
  const local = LOOPBACK_HOSTS.map((host) => `${protocol}//${host}${port === '' ? '' : `:${port}`}`);
  const others = isLocal(restUrl) ? local : destinationOf(restUrl) === 'mainnet' ? MAINNET_SPELLINGS : [];
  return [...new Set([restUrl, origin, ...others])].map((spelling) => hashOf(`${spelling} ${apiKey}`));
}

/** The exchange is a process of this machine. */
export function isLocal(restUrl: string): boolean {
  const { hostname } = new URL(restUrl);
  return (
    destinationOf(restUrl) === 'loopback' ||
    hostname === '0.0.0.0' ||
    hostname === '[::]' ||
    hostname.replace(/\.$/, '').endsWith('.localhost')
  );
}

/** Held by the guard of that account, from its start to its end. */
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
