/** Where an exchange is reached. */
export interface Address {
  readonly restUrl: string;
  readonly wsUrl: string;
  /** Where its public streams are, when not at `wsUrl`. */
  readonly publicWsUrl?: string;
  /** Over HTTP alone, where there is no trade socket. */
  readonly orderEntry?: 'rest';
  /** False where it does not tell what it charges. */
  readonly tellsFees?: boolean;
}

const MAINNET = { restUrl: 'https://api.bybit.com', wsUrl: 'wss://stream.bybit.com' };

/** Bybit's own environments. A key works in one of them only. Demo trades on mainnet's prices and has private streams alone. */
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
