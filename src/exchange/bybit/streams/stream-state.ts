import { objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import type { Transport } from '../../exchange.ts';
import { codeIn, detailsOf, verdictOf } from '../codec/ret-codes.ts';

/** Hears that a stream is usable, or no longer; `reason` is empty for `up`. */
export type StreamState = (state: 'up' | 'down', reason: string) => void;

/** How long the `expires` of an `op: auth` lies ahead. */
export const AUTH_AHEAD_MS = 10_000;

/**
 * The answer to `op: auth`: `accepted`, the refusal, or undefined for any other message. Private and trade sockets word it
 * differently, and refusals come in three shapes, of which two have no code. `entry`: whose session it is, the trade socket's or not.
 */
export function authAnswer(message: JsonObject, entry: Transport = 'http'): 'accepted' | ExchangeError | undefined {
  if (message['op'] !== 'auth' && objectIn(message['request'])['op'] !== 'auth') return undefined;
  const code = codeIn(message['retCode']);
  const text = textIn(message['retMsg']) || textIn(message['ret_msg']);
  const refused = `authentication refused: ${code === undefined ? text : `${code} ${text}`}`;
  // Where there is a code, it decides.
  if (code === undefined) return message['success'] === true ? 'accepted' : new ExchangeError('auth', 'not-applied', refused);
  const verdict = verdictOf(code, 'other', entry);
  if (verdict === 'accepted') return 'accepted';
  return new ExchangeError(verdict.kind, 'not-applied', refused, detailsOf(code));
}
