import { objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import type { Transport } from '../../exchange.ts';
import { codeIn, detailsOf, verdictOf } from '../codec/ret-codes.ts';

/** Called when a stream becomes usable or unusable; `reason` is empty for `up`. */
export type StreamState = (state: 'up' | 'down', reason: string) => void;

/** How far in the future the `expires` field of an `op: auth` message lies. */
export const AUTH_AHEAD_MS = 10_000;

/**
 * Reads the response to `op: auth`: `accepted`, the refusal, or undefined for any other message. Private and trade sockets use different
 * formats, and refusals have three forms, two of them without a code. `entry`: `socket` for the trade socket.
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
