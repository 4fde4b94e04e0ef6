/** The addresses of an exchange. */
export interface Address {
  readonly restUrl: string;
  readonly wsUrl: string;
  /** Address of the public streams, when it differs from `wsUrl`. */
  readonly publicWsUrl?: string;
  /** Order entry over REST only: the venue has no trade WebSocket. */
  readonly orderEntry?: 'rest';
  /** False where the venue does not report its fee rates. */
  readonly tellsFees?: boolean;
}

const MAINNET = { restUrl: 'https://api.bybit.com', wsUrl: 'wss://stream.bybit.com' };

/** Bybit's own environments. A key works in only one of them. Demo uses mainnet's prices and has only private streams of its own. */
export const VENUES: Readonly<Record<VenueName, Address>> = {
  testnet: { restUrl: 'https://api-testnet.bybit.com', wsUrl: 'wss://stream-testnet.bybit.com' },
  demo: {
    restUrl: 'https://api-demo.bybit.com',
    wsUrl: 'wss://stream-demo.bybit.com',
    publicWsUrl: MAINNET.wsUrl,
    orderEntry: 'rest',
    tellsFees: false,
  },
  mainnet: MAINNET,
};

export const VENUE_NAMES = ['testnet', 'demo', 'mainnet'] as const;

export type VenueName = (typeof VENUE_NAMES)[number];

/** Hosts of Bybit's regions with the hosts of their streams, as far as Bybit documents both. */
const STREAMS: ReadonlyMap<string, string> = new Map([
  ['api.bytick.com', 'stream.bybit.com'],
  ['api.bybit.tr', 'stream.bybit.tr'],
  ['api.bybit.kz', 'stream.bybit.kz'],
  ['api.bybit.id', 'stream.bybit.id'],
  ['api.bybitgeorgia.ge', 'stream.bybitgeorgia.ge'],
  ['api.manepa.jp', 'stream.manepa.jp'],
]);

/** The given address; without `wsUrl` that of Bybit's streams for this host, or the same host with the other protocol. */
export function addressAt(restUrl: string, wsUrl: string | undefined): Address {
  return wsUrl === undefined ? (documentedAt(restUrl) ?? { restUrl, wsUrl: restUrl.replace(/^http/, 'ws') }) : { restUrl, wsUrl };
}

/** The address of a host of Bybit whose streams are documented; undefined for any other. */
export function documentedAt(restUrl: string): Address | undefined {
  const { host } = new URL(restUrl);
  const venue = VENUE_NAMES.map((name) => VENUES[name]).find((known) => new URL(known.restUrl).host === host);
  const streams = STREAMS.get(host);
  if (venue !== undefined) return { ...venue, restUrl };
  return streams === undefined ? undefined : { restUrl, wsUrl: `wss://${streams}` };
}
