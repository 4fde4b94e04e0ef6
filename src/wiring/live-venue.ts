import { loadCredentials, type ApiCredentials } from '../config/credentials.ts';
import { emergencyAt, type Emergency } from '../config/emergency.ts';
import type { VenueName, Address } from '../config/venues.ts';
import type { Host } from '../host.ts';
import { createEmbeddedExchange } from '../simulator/embedded-exchange.ts';
import type { FeeRates } from '../model/instrument.ts';
import type { MarketName } from '../simulator/market-model/markets.ts';
import { startServer } from '../simulator/server.ts';
import { at } from '../util/array.ts';
import { systemClock } from '../util/clock.ts';
import { randomId, seededRandom, systemRandom } from '../util/random.ts';
import { addressFor, isEmbedded } from './consent.ts';

export interface VenueChoice {
  readonly venue: VenueName | 'embedded';
  readonly restUrl?: string;
  readonly wsUrl?: string;
  readonly confirm?: string;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  /** Of the embedded exchange. */
  readonly fees: FeeRates;
}

/** The exchange that a live run trades on. `outlivesUs`: orders can stay open there after this process ended. */
export interface LiveVenue extends AsyncDisposable {
  readonly name: string;
  readonly address: Address;
  readonly credentials: ApiCredentials;
  readonly outlivesUs: boolean;
  /** That the embedded exchange charges; undefined: those of the account. */
  readonly fees: FeeRates | undefined;
  /** The commands that cancel its orders; undefined when they end with this process. */
  readonly emergency: Emergency | undefined;
}

export async function openVenue(host: Host, choice: VenueChoice): Promise<LiveVenue> {
  if (isEmbedded(choice)) return embedded(choice);
  const address = addressFor(host, 'trade', choice);
  return existing(choice.restUrl === undefined ? choice.venue : new URL(address.restUrl).host, address, host);
}

function existing(name: string, address: Address, host: Host): LiveVenue {
  const emergency = emergencyAt(address, host);
  return {
    name,
    address,
    credentials: loadCredentials(host),
    outlivesUs: true,
    fees: undefined,
    emergency,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function embedded({ symbols, market, fees }: VenueChoice): Promise<LiveVenue> {
  const exchange = createEmbeddedExchange({ clock: systemClock, random: seededRandom(randomId(systemRandom, 8)), symbols, market, fees });
  const server = await startServer(exchange.surface, { host: '127.0.0.1', port: 0 });
  exchange.start();
  return {
    name: 'embedded',
    address: server,
    credentials: at(exchange.keys, 0),
    outlivesUs: false,
    fees,
    emergency: undefined,
    async [Symbol.asyncDispose]() {
      exchange.stop();
      await server.close();
    },
  };
}
