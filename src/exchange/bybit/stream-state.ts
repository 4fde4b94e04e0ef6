import { numberIn, objectIn, textIn, type JsonObject } from '../../util/json.ts';
import { ExchangeError } from '../errors.ts';
import { verdictOf } from './ret-codes.ts';

/** Hears that a stream is usable, or no longer; `reason` is empty for `up`. */
export type StreamState = (state: 'up' | 'down', reason: string) => void;

/** How long the `expires` of an `op: auth` lies ahead. */
export const AUTH_AHEAD_MS = 10_000;

/** Authenticated already: as good as a success. */
const REPEATED_AUTH = 20001;

/**
 * The answer to `op: auth`: `accepted`, the refusal, or undefined for any other message. Private and trade sockets word it
 * differently, and refusals come in three shapes, of which two have no code.
 */
export function authAnswer(message: JsonObject): 'accepted' | ExchangeError | undefined {
  if (message['op'] !== 'auth' && objectIn(message['request'])['op'] !== 'auth') return undefined;
  const code = numberIn(message['retCode']);
  if (message['success'] === true || code === 0 || code === REPEATED_AUTH) return 'accepted';
  const text = textIn(message['retMsg']) || textIn(message['ret_msg']);
  if (code === undefined) return new ExchangeError('auth', 'not-applied', `authentication refused: ${text}`);
  const verdict = verdictOf(code, 'other');
  const kind = verdict === 'accepted' ? 'unavailable' : verdict.kind;
  return new ExchangeError(kind, 'not-applied', `authentication refused: ${code} ${text}`, { retCode: code });
}
