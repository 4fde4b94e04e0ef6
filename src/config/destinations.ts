import { isLoopback } from '../util/loopback.ts';

/** What stands at stake where a request goes. `unknown` hosts are taken for real money. */
export type Destination = 'loopback' | 'testnet' | 'demo' | 'mainnet' | 'unknown';

/** Bybit's test environments, by the exact names of their hosts: a name that only sounds like one is none. */
const TEST_HOSTS: ReadonlyMap<string, Destination> = new Map([
  ['api-testnet.bybit.com', 'testnet'],
  ['stream-testnet.bybit.com', 'testnet'],
  ['api-testnet.manepa.jp', 'testnet'],
  ['stream-testnet.manepa.jp', 'testnet'],
  ['api-demo.bybit.com', 'demo'],
  ['stream-demo.bybit.com', 'demo'],
]);

/** Of Bybit and its regional companies: every other host in them is mainnet. */
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

/** By the host alone: a proxy on loopback is loopback, whatever stands behind it. `url` is one that `new URL` takes. */
export function destinationOf(url: string): Destination {
  // A name may end with the root's dot; the parser has made everything else of a host uniform.
  const host = new URL(url).hostname.replace(/\.$/, '');
  if (isLoopback(host)) return 'loopback';
  const test = TEST_HOSTS.get(host);
  if (test !== undefined) return test;
  return DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`)) ? 'mainnet' : 'unknown';
}
