import { sleep, type Clock } from '../../util/clock.ts';
import type { JsonObject } from '../../util/json.ts';
import type { Random } from '../../util/random.ts';
import { redactor } from '../../util/redact.ts';
import type { CancelPort } from '../cancel-port.ts';
import { ExchangeError } from '../errors.ts';
import type { Ack } from '../exchange.ts';
import { cancelCalls } from './cancel-calls.ts';
import { ackIn } from './codec.ts';
import { Rest } from './rest.ts';
import { ServerTime } from './server-time.ts';
import type { Credentials } from './signature.ts';
import { TradeSocket } from './trade-socket.ts';
import type { Wire } from './wire.ts';

/** How long a single cancel waits for the second way to come up. */
const SOCKET_PATIENCE_MS = 2000;
const LOOK_MS = 20;

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
}

export interface CancelClient {
  readonly port: CancelPort;
  close(): Promise<void>;
}

/** The cancel port with nothing around it: a key and a host are enough. HTTP first; when that is banned, single cancels go over the trade socket. */
export function createCancelClient(options: CancelClientOptions): CancelClient {
  const { wire, clock, credentials, restUrl } = options;
  const redact = redactor([credentials.secret, credentials.apiKey]);
  const serverTime = new ServerTime(clock);
  const rest = new Rest({ ...options, url: restUrl, serverTime, redact, onLimit: () => undefined });
  let trade: TradeSocket | undefined;
  const overSocket = async (parameters: JsonObject, banned: ExchangeError): Promise<Ack> => {
    trade ??= openTrade(options, serverTime, redact);
    for (let waited = 0; !trade.isUsable && waited < SOCKET_PATIENCE_MS; waited += LOOK_MS) await sleep(clock, LOOK_MS);
    if (!trade.isUsable) throw banned;
    return trade.request('cancel', parameters);
  };
  const cancel = async (parameters: JsonObject): Promise<Ack> => {
    try {
      const { result } = await rest.post('v5/order/cancel', parameters);
      return ackIn(result);
    } catch (error) {
      if (error instanceof ExchangeError && error.kind === 'banned') return overSocket(parameters, error);
      throw error;
    }
  };
  return {
    port: cancelCalls(rest, cancel),
    async close() {
      trade?.close();
      rest.close();
      await wire.close();
    },
  };
}

function openTrade(options: CancelClientOptions, serverTime: ServerTime, redact: (text: string) => string): TradeSocket {
  const { wire, clock, random, wsUrl, credentials, recvWindowMs, requestTimeoutMs } = options;
  const trade = new TradeSocket({
    wire,
    clock,
    random,
    url: `${wsUrl}/v5/trade`,
    credentials,
    serverTime,
    recvWindowMs,
    requestTimeoutMs,
    redact,
    onLimit: () => undefined,
    onState: () => undefined,
    onRefused: () => undefined,
    onClockWrong: () => undefined,
  });
  trade.start();
  return trade;
}
