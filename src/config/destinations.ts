import { isLoopback } from '../util/loopback.ts';

/** The kind of exchange that a request goes to. `unknown` hosts are treated as real money. */
export type Destination = 'loopback' | 'testnet' | 'demo' | 'mainnet' | 'unknown';

/** Hosts of Bybit's test environments; only these exact names count. */
const TEST_HOSTS: ReadonlyMap<string, Destination> = new Map([
  ['api-testnet.bybit.com', 'testnet'],
  ['stream-testnet.bybit.com', 'testnet'],
  ['api-testnet.manepa.jp', 'testnet'],
  ['stream-testnet.manepa.jp', 'testnet'],
  ['api-demo.bybit.com', 'demo'],
  ['stream-demo.bybit.com', 'demo'],
]);

/** Domains of Bybit and its regional companies: every other host in them is mainnet. */
const DOMAINS: readonly string[] = [
  'bybit.com',
  'bytick.com',
  'bybit.eu',
  'bybit.nl',
  'bybit.tr',
  'bybit.com.tr',
  'bybit-tr.com',
  'bybit.kz',
  'bybit.ae',
  'bybit.id',
  'bybit.com.hk',
  'byhkbit.com',
  'bybitgeorgia.ge',
  'manepa.jp',
];

/** Judged by the host alone: a proxy on loopback counts as loopback, wherever it forwards to. `url` must be valid for `new URL`. */
export function destinationOf(url: string): Destination {
  // A host name may end with a dot; `URL` has normalized everything else.
  const host = new URL(url).hostname.replace(/\.$/, '');
  if (isLoopback(host)) return 'loopback';
  const test = TEST_HOSTS.get(host);
  if (test !== undefined) return test;
  return DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`)) ? 'mainnet' : 'unknown';
}
