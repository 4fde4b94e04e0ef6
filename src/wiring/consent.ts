import { destinationOf, type Destination } from '../config/destinations.ts';
import { addressAt, documentedAt, VENUE_NAMES, VENUES, type Address, type VenueName } from '../config/venues.ts';
import { usageError, type MmbotError } from '../errors.ts';
import type { Host } from '../host.ts';

/** What a command will do at an address. `watch`: read public market data, without keys. */
export type Purpose = 'trade' | 'watch' | 'load' | 'cancel';

interface Place {
  readonly venue?: VenueName | 'embedded';
  readonly restUrl?: string;
  readonly wsUrl?: string;
  readonly confirm?: string;
}

const COMMANDS: Readonly<Record<Purpose, string>> = { trade: 'live', watch: 'live', load: 'load-test', cancel: 'cancel-all' };
/** Destinations that need no consent, as an allow-list. Canceling and watching place no orders, so they may go anywhere. */
const FREE: Readonly<Record<Purpose, readonly Destination[]>> = {
  trade: ['loopback', 'testnet', 'demo'],
  load: ['loopback', 'testnet', 'demo'],
  watch: ['loopback', 'testnet', 'demo', 'mainnet', 'unknown'],
  cancel: ['loopback', 'testnet', 'demo', 'mainnet', 'unknown'],
};

/** Whether the options select the embedded exchange. */
export function isEmbedded({ venue = 'embedded', restUrl, wsUrl }: Place): boolean {
  return venue === 'embedded' && restUrl === undefined && wsUrl === undefined;
}

/**
 * The address of an exchange outside this process, checked for `purpose`. Every command gets its address here. The hosts of both URLs
 * decide, not the option that named them. Throws a usage error (exit 2).
 */
export function addressFor({ env }: Pick<Host, 'env'>, purpose: Purpose, place: Place): Address {
  const address = addressOf(purpose, place);
  for (const url of [address.restUrl, address.wsUrl]) {
    const destination = destinationOf(url);
    const isBybit = destination !== 'loopback' && destination !== 'unknown';
    if (destination !== 'loopback' && env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') throw unverified(url);
    if (isBybit && !/^(https|wss):/.test(url)) throw unencrypted(url);
    if (FREE[purpose].includes(destination)) continue;
    if (purpose !== 'trade') throw loadRefused(url, destination);
    // Real money needs two consents, in two places, so that it cannot happen by accident.
    if (place.confirm !== 'mainnet' || env['MM_LIVE_ENABLE'] !== '1') throw noConsent(url, destination);
  }
  if (purpose !== 'cancel' && place.restUrl !== undefined && place.wsUrl === undefined) refuseGuess(place.restUrl);
  return address;
}

/** A host of Bybit has its streams under another name; a guess would never connect. */
function refuseGuess(restUrl: string): void {
  const destination = destinationOf(restUrl);
  if (destination === 'loopback' || destination === 'unknown' || documentedAt(restUrl) !== undefined) return;
  const { host } = new URL(restUrl);
  throw usageError(`expected --ws-url too: Bybit documents no address for the streams of ${host}`, {
    code: 'no_streams',
    hint: `ask Bybit for the WebSocket address that belongs to ${host}`,
  });
}

function addressOf(purpose: Purpose, { venue = 'embedded', restUrl, wsUrl }: Place): Address {
  const help = { hint: `mmbot ${COMMANDS[purpose]} --help` };
  if (restUrl !== undefined && venue !== 'embedded') throw usageError('use either --venue or --rest-url, not both', help);
  if (restUrl !== undefined) return addressAt(restUrl, wsUrl);
  if (wsUrl !== undefined) throw usageError('--ws-url needs --rest-url of the same exchange', help);
  if (venue === 'embedded') throw usageError(`expected --venue ${VENUE_NAMES.join(' | ')}, or --rest-url URL`, help);
  return VENUES[venue];
}

/** The host as shown in messages. */
function named(url: string, destination: Destination): string {
  const { host } = new URL(url);
  return destination === 'unknown' ? `${host} is an unknown host, which counts as mainnet` : `${host} is mainnet`;
}

function noConsent(url: string, destination: Destination): MmbotError {
  return usageError(
    `${named(url, destination)}, and mainnet trades real money: expected both --confirm mainnet and MM_LIVE_ENABLE=1 in the environment`,
    { code: 'no_consent', hint: 'mmbot soak first; then --venue testnet or demo' },
  );
}

function loadRefused(url: string, destination: Destination): MmbotError {
  return usageError(`${named(url, destination)}, and load-test never runs on mainnet, where its orders would be real`, {
    code: 'mainnet_refused',
    hint: "omit --venue to use the embedded exchange, or use --venue testnet; --rest-url accepts loopback and Bybit's test hosts",
  });
}

function unverified(url: string): MmbotError {
  return usageError(
    `NODE_TLS_REJECT_UNAUTHORIZED=0 is set: an attacker between this machine and ${new URL(url).host} could read the key and forge responses`,
    { code: 'tls_unverified', hint: 'unset it; to trust your own certificate use NODE_EXTRA_CA_CERTS' },
  );
}

function unencrypted(url: string): MmbotError {
  const { protocol, host } = new URL(url);
  return usageError(`expected https:// and wss:// for ${host}, was ${protocol}//, which would send the key unencrypted`, {
    code: 'unencrypted',
  });
}
