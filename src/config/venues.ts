/** Bybit's own environments. A key works in one of them only. */
export const VENUES = {
  testnet: { restUrl: 'https://api-testnet.bybit.com', wsUrl: 'wss://stream-testnet.bybit.com' },
  demo: { restUrl: 'https://api-demo.bybit.com', wsUrl: 'wss://stream-demo.bybit.com' },
  mainnet: { restUrl: 'https://api.bybit.com', wsUrl: 'wss://stream.bybit.com' },
} as const;

export type VenueName = keyof typeof VENUES;

export const VENUE_NAMES = ['testnet', 'demo', 'mainnet'] as const satisfies readonly VenueName[];
