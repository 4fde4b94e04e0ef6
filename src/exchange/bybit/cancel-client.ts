import type { Clock } from '../../util/clock.ts';
import { listIn } from '../../util/json.ts';
import type { Random } from '../../util/random.ts';
import { redactor } from '../../util/redact.ts';
import type { CancelPort, Category } from '../cancel-port.ts';
import { ExchangeError } from '../errors.ts';
import type { LimitObservation } from '../exchange.ts';
import { cancelCalls } from './cancel-calls.ts';
import { CancelWays } from './cancel-ways.ts';
import { OrderStream } from './order-stream.ts';
import { patientReads } from './read-again.ts';
import { Rest } from './rest.ts';
import { ServerTime } from './server-time.ts';
import type { Credentials } from './signature.ts';
import type { Wire } from './wire.ts';

/** A look asks so often, each page for itself: a long list must not begin again for one lost page. */
const READ_TRIES = 3;

export interface CancelClientOptions {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly credentials: Credentials;
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly recvWindowMs: number;
  readonly requestTimeoutMs: number;
  readonly beforeQuery: () => Promise<void>;
  /** Awaited before a cancel that HTTP has refused leaves by the other way. */
  readonly beforeResend: () => Promise<void>;
  /** What the exchange says of its limits. */
  readonly onLimit: (observation: LimitObservation) => void;
}

export interface CancelClient {
  readonly port: CancelPort;
  /** False when the exchange says that it has no such symbol; without an answer it is taken for listed. */
  readonly isListed: (category: Category, symbol: string) => Promise<boolean>;
  close(): Promise<void>;
}

/** The cancel port with nothing around it: a key and a host are enough. */
export function createCancelClient(options: CancelClientOptions): CancelClient {
  const { wire, clock, random, credentials, restUrl, wsUrl } = options;
  const redact = redactor([credentials.secret, credentials.apiKey]);
  const serverTime = new ServerTime(clock);
  const shared = { ...options, serverTime, redact };
  const rest = new Rest({ ...shared, url: restUrl, readAgain: patientReads(READ_TRIES) });
  rest.insist();
  const ways = new CancelWays({ rest, socket: { ...shared, url: `${wsUrl}/v5/trade` }, beforeResend: options.beforeResend });
  let stream: OrderStream | undefined;
  return {
    port: {
      ...cancelCalls(rest, (parameters) => ways.cancel(parameters)),
      listen(onNews) {
        const account = { credentials, serverTime, onNews };
        stream ??= new OrderStream({ wire, clock, random: random.fork('orders'), url: `${wsUrl}/v5/private`, ...account });
        stream.start();
        ways.openSocket();
      },
    },
    async isListed(category, symbol) {
      try {
        const { result } = await rest.getPublic('v5/market/instruments-info', { category, symbol });
        return listIn(result['list']).length > 0;
      } catch (error) {
        if (error instanceof ExchangeError) return error.kind !== 'rejected';
        throw error;
      }
    },
    async close() {
      ways.close();
      stream?.close();
      rest.close();
      await wire.close();
    },
  };
}
