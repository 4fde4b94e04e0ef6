import { loadCredentials, type ApiCredentials } from '../../config/credentials.ts';
import { emergencyAt, withEmergency, type EmergencyLine } from '../../config/emergency.ts';
import { destinationOf } from '../../config/destinations.ts';
import type { Address } from '../../config/venues.ts';
import { usageError } from '../../errors.ts';
import { socketsWire } from '../../exchange/bybit/wire/wire-sockets.ts';
import { isOwn } from '../../exchange/cancel-port.ts';
import { whole } from '../../exchange/complete.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Host } from '../../host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../util/clock.ts';
import type { ClaimedAccount } from '../../wiring/claimed-account.ts';
import { addressFor } from '../../wiring/consent.ts';
import { EarlierRun } from '../live/earlier-run.ts';
import { openEmergency } from '../../wiring/emergency.ts';
import { Interrupt } from '../process/interrupt.ts';
import { accountOf } from '../live/entry.ts';
import { ledgerOverHttp, type LoadVenue, type LoadVenueChoice } from '../../wiring/load-venue.ts';
import { counted } from '../../util/counted.ts';

interface RemoteParts {
  readonly host: Host;
  /** Ends with the command. */
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Opens an exchange that is already running. No bot of this account may run on this machine at the same time: both would share rate limits
 * and orders. Waits for the guard of an earlier bot, which cancels all orders placed by mmbot. `onHalt`: called with the reason when mmbot cancel-all
 * halts the load.
 */
export async function openRemote(
  { host, clock, log }: RemoteParts,
  choice: LoadVenueChoice,
  onHalt: (reason: string) => void,
): Promise<LoadVenue> {
  const address = addressFor(host, 'load', choice);
  const credentials = loadCredentials(host);
  const instance = await claimed({ host, clock, log }, { address, credentials }, onHalt);
  const wire = socketsWire();
  const isHere = destinationOf(address.restUrl) === 'loopback';
  return {
    name: choice.restUrl ?? choice.venue,
    wire,
    address,
    credentials,
    ledger: (idPrefix) => (isHere ? ledgerOverHttp({ wire, clock, address, credentials }, idPrefix) : Promise.resolve(undefined)),
    async [Symbol.asyncDispose]() {
      await wire.close();
      await instance[Symbol.asyncDispose]();
    },
  };
}

async function claimed(
  { host, clock, log }: RemoteParts,
  { address, credentials }: Pick<LoadVenue, 'address' | 'credentials'>,
  onHalt: (reason: string) => void,
): Promise<ClaimedAccount> {
  using interrupt = new Interrupt(host);
  const emergency = emergencyAt(address, host);
  const earlier = new EarlierRun({ outlivesUs: true });
  const userId = (): Promise<string | undefined> => userIdAt(address, credentials);
  try {
    return await interrupt.before(accountOf({ address, credentials, emergency }, { clock, log, earlier, userId, onHalt }));
  } catch (error) {
    const { lead, command } = emergency.mine;
    throw withEmergency(earlier.endedBy(error, `wait until the guard of that run has canceled; then ${lead}`, command), emergency.mine);
  }
}

async function userIdAt(address: Address, credentials: ApiCredentials): Promise<string | undefined> {
  await using emergency = openEmergency(address, credentials);
  return await emergency.userId();
}

/** Refuses a load while orders placed by mmbot are open: they belong to another bot, or to one that died. Rejects with ExchangeError. */
export async function refuseOwnOrders({ cancelPort }: Exchange, { lead, command }: EmergencyLine): Promise<void> {
  const { value } = whole(await cancelPort.resting(cancelPort.traded));
  const own = value.filter((order) => isOwn(order) !== false);
  if (own.length === 0) return;
  throw usageError(
    `${counted(own.length, 'order')} placed by mmbot ${own.length === 1 ? 'is' : 'are'} open on this account (${own[0]?.clientOrderId ?? ''}, ...): a bot may be running on another machine`,
    { code: 'own_orders_open', hint: `stop that bot; or, if none is running, ${lead}`, run: command },
  );
}
