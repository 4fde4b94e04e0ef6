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

/** The same host with the other protocol, unless it is given. */
export function addressAt(restUrl: string, wsUrl: string | undefined): Address {
  return { restUrl, wsUrl: wsUrl ?? restUrl.replace(/^http/, 'ws') };
}
