import { objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import type { Transport } from '../../exchange.ts';
import { codeIn, detailsOf, verdictOf } from '../codec/ret-codes.ts';
import type { ServerTime } from '../server-time.ts';
import { authMessage, type Credentials } from '../wire/signature.ts';
import { SocketClient, type SocketListener, type SocketParts } from './socket-client.ts';

/** How far in the future the `expires` field of an `op: auth` message lies. */
const AUTH_AHEAD_MS = 10_000;

export interface LoginParts extends SocketParts {
  readonly credentials: Credentials;
  readonly serverTime: ServerTime;
}

export interface LoginListener extends Omit<SocketListener, 'onOpen'> {
  onLogin(): void;
  /** The connection restarts. */
  onRefused(error: ExchangeError): void;
}

/** A socket that logs in to the account on every connection. `entry`: `socket` for the trade socket. */
export function loginSocket(parts: LoginParts, listener: LoginListener, entry: Transport = 'http'): SocketClient {
  const { credentials, serverTime } = parts;
  const socket = new SocketClient(parts, {
    onOpen: () => socket.send(authMessage(credentials, serverTime.now() + AUTH_AHEAD_MS)),
    onMessage(message) {
      const auth = authAnswer(message, entry);
      if (auth === undefined) return listener.onMessage(message);
      if (auth === 'accepted') return listener.onLogin();
      listener.onRefused(auth);
      socket.restart(auth.message);
    },
    onDown: (reason) => listener.onDown(reason),
  });
  return socket;
}

/**
 * Reads the response to `op: auth`: `accepted`, the refusal, or undefined for any other message. Private and trade sockets use different
 * formats, and refusals have three forms, two of them without a code.
 */
export function authAnswer(message: JsonObject, entry: Transport = 'http'): 'accepted' | ExchangeError | undefined {
  if (message['op'] !== 'auth' && objectIn(message['request'])['op'] !== 'auth') return undefined;
  const code = codeIn(message['retCode']);
  const text = textIn(message['retMsg']) || textIn(message['ret_msg']);
  const refused = `authentication refused: ${code === undefined ? text : `${code} ${text}`}`;
  // The code decides, if there is one.
  if (code === undefined) return message['success'] === true ? 'accepted' : new ExchangeError('auth', 'not-applied', refused);
  const verdict = verdictOf(code, 'other', entry);
  if (verdict === 'accepted') return 'accepted';
  return new ExchangeError(verdict.kind, 'not-applied', refused, detailsOf(code));
}
