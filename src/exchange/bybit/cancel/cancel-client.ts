import type { Clock } from '../../../util/clock.ts';
import type { Random } from '../../../util/random.ts';
import { redactor } from '../../../util/redact.ts';
import type { CancelPort, OrderListener } from '../../cancel-port.ts';
import { ExchangeError } from '../../errors.ts';
import type { LimitObservation } from '../../exchange.ts';
import { OrderRelay } from '../../order-relay.ts';
import { cancelCalls } from './cancel-calls.ts';
import { CancelWays } from './cancel-ways.ts';
import { userIdIn } from '../codec/codec.ts';
import { OrderStream } from '../streams/order-stream.ts';
import { patientReads } from '../rest/read-again.ts';
import { Rest } from '../rest/rest.ts';
import { ServerTime } from '../server-time.ts';
import type { Credentials } from '../wire/signature.ts';
import type { Wire } from '../wire/wire.ts';

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
  /** Whether any request was ever answered, also by a refusal. */
  readonly isReached: () => boolean;
  /** Monotonic time since which every connection was refused; undefined when somebody listens there. */
  readonly nobodySince: () => number | undefined;
  /** Whose account it is; undefined where the exchange does not tell, or cannot be asked. */
  readonly userId: () => Promise<string | undefined>;
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
  // Each cancel-all listens for itself: a later one hears what an earlier one has heard.
  const relay = new OrderRelay();
  const listener: OrderListener = { onNews: (news) => relay.heard(news), onState: (state) => relay.state(state) };
  const newStream = (): OrderStream => {
    const account = { credentials, serverTime, listener };
    return new OrderStream({ wire, clock, random: random.fork('orders'), url: `${wsUrl}/v5/private`, ...account });
  };
  let stream: OrderStream | undefined;
  return {
    port: {
      ...cancelCalls(rest, (parameters) => ways.cancel(parameters)),
      listen(listener) {
        const stop = relay.listen(listener);
        if (stream === undefined) {
          stream = newStream();
          stream.start();
        }
        ways.openSocket();
        return stop;
      },
    },
    isReached: () => rest.hasAnswered,
    nobodySince: () => rest.nobodySince,
    async userId() {
      try {
        return userIdIn((await rest.get('v5/user/query-api', {})).result);
      } catch (error) {
        if (error instanceof ExchangeError) return undefined;
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
