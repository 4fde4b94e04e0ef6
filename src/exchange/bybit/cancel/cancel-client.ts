import { redactor } from '../../../util/redact.ts';
import type { CancelPort, OrderListener } from '../../cancel-port.ts';
import { ExchangeError } from '../../errors.ts';
import type { LimitObservation } from '../../exchange.ts';
import { OrderRelay } from '../../order-relay.ts';
import { cancelCalls } from './cancel-calls.ts';
import { CancelFailover } from './cancel-failover.ts';
import type { ConnectionOptions } from '../connection.ts';
import { userIdIn } from '../codec/codec.ts';
import { OrderStream } from '../streams/order-stream.ts';
import { patientReads } from '../rest/read-again.ts';
import { Rest } from '../rest/rest.ts';
import { ServerTime } from '../server-time.ts';

/** Tries per page: a lost page must not restart the reading of a long list. */
const READ_TRIES = 3;

export interface CancelClientOptions extends ConnectionOptions {
  readonly beforeQuery: () => Promise<void>;
  /** Awaited before a cancel that HTTP refused is sent over the socket. */
  readonly beforeResend: () => Promise<void>;
  /** Called with the rate-limit state of responses. */
  readonly onLimit: (observation: LimitObservation) => void;
}

export interface CancelClient {
  readonly port: CancelPort;
  /** Whether any request got a response, refusals included. */
  readonly isReached: () => boolean;
  /** Since when every connection was refused, monotonic; undefined when a server listens at the address. */
  readonly nobodySince: () => number | undefined;
  /** User id of the account; undefined when the exchange does not return it or the query fails. */
  readonly userId: () => Promise<string | undefined>;
  close(): Promise<void>;
}

/** A client for the cancel port only: an API key and a host are enough. */
export function createCancelClient(options: CancelClientOptions): CancelClient {
  const { wire, clock, random, credentials, restUrl, wsUrl } = options;
  const redact = redactor([credentials.secret, credentials.apiKey]);
  const serverTime = new ServerTime(clock);
  const shared = { ...options, serverTime, redact };
  const rest = new Rest({ ...shared, url: restUrl, readAgain: patientReads(READ_TRIES) });
  rest.gate.forceProbes();
  const failover = new CancelFailover({ rest, socket: { ...shared, url: `${wsUrl}/v5/trade` }, beforeResend: options.beforeResend });
  // Each cancel-all registers its own listener; the relay passes earlier events to later ones.
  const relay = new OrderRelay();
  const listener: OrderListener = {
    onNews(news) {
      // A later listener will not hear of the order that was forgotten.
      if (!relay.heard(news)) relay.interrupted();
    },
    onState: (state) => relay.state(state),
  };
  const newStream = (): OrderStream => {
    const account = { credentials, serverTime, listener };
    return new OrderStream({ wire, clock, random: random.fork('orders'), url: `${wsUrl}/v5/private`, ...account });
  };
  let stream: OrderStream | undefined;
  return {
    port: {
      ...cancelCalls(rest, (parameters) => failover.cancel(parameters)),
      listen(listener) {
        const stop = relay.listen(listener);
        if (stream === undefined) {
          stream = newStream();
          stream.start();
        }
        failover.openSocket();
        return stop;
      },
    },
    isReached: () => rest.sender.hasAnswered,
    nobodySince: () => rest.sender.nobodySince,
    async userId() {
      try {
        return userIdIn((await rest.get('v5/user/query-api', {})).result);
      } catch (error) {
        if (error instanceof ExchangeError) return undefined;
        throw error;
      }
    },
    async close() {
      failover.close();
      stream?.close();
      rest.sender.close();
      await wire.close();
    },
  };
}
