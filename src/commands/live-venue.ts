import { loadCredentials, type ApiCredentials } from '../config/credentials.ts';
import { VENUES, type VenueName, type Address } from '../config/venues.ts';
import { EXIT, MmbotError } from '../errors.ts';
import type { Host } from '../host.ts';
import { createEmbeddedExchange } from '../simulator/embedded-exchange.ts';
import type { MarketName } from '../simulator/markets.ts';
import { startServer } from '../simulator/server.ts';
import { at } from '../util/array.ts';
import { systemClock } from '../util/clock.ts';
import { randomId, seededRandom, systemRandom } from '../util/random.ts';
import { addressAt } from './address.ts';

export interface VenueChoice {
  readonly venue: VenueName | 'embedded';
  readonly restUrl?: string;
  readonly wsUrl?: string;
  readonly confirm?: string;
  readonly symbols: readonly string[];
  readonly market: MarketName;
}

/** The exchange that is traded on. `outlivesUs`: orders could rest there after this process is gone. */
export interface LiveVenue extends AsyncDisposable {
  readonly name: string;
  readonly address: Address;
  readonly credentials: ApiCredentials;
  readonly outlivesUs: boolean;
}

/** Real money needs two consents, in two places: nobody types both by accident. */
export async function openVenue(host: Host, choice: VenueChoice): Promise<LiveVenue> {
  if (choice.restUrl !== undefined) return existing('at the given address', addressAt(choice.restUrl, choice.wsUrl), host);
  if (choice.venue === 'embedded') return embedded(choice);
  if (choice.venue === 'mainnet' && (choice.confirm !== 'mainnet' || host.env['MM_LIVE_ENABLE'] !== '1')) {
    throw new MmbotError({
      code: 'no_consent',
      exitCode: EXIT.usage,
      message: 'mainnet trades real money: expected both --confirm mainnet and MM_LIVE_ENABLE=1 in the environment',
      hint: 'mmbot soak first; then --venue testnet or demo',
    });
  }
  return existing(choice.venue, VENUES[choice.venue], host);
}

function existing(name: string, address: Address, host: Host): LiveVenue {
  return { name, address, credentials: loadCredentials(host), outlivesUs: true, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function embedded({ symbols, market }: VenueChoice): Promise<LiveVenue> {
  const exchange = createEmbeddedExchange({ clock: systemClock, random: seededRandom(randomId(systemRandom, 8)), symbols, market });
  const server = await startServer(exchange.surface, { host: '127.0.0.1', port: 0 });
  exchange.start();
  return {
    name: 'embedded',
    address: server,
    credentials: at(exchange.keys, 0),
    outlivesUs: false,
    async [Symbol.asyncDispose]() {
      exchange.stop();
      await server.close();
    },
  };
}
