import { isObject, numberIn, objectIn, parseJson, textIn } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import type { LimitObservation } from '../../exchange.ts';
import { classOfPath, limitObservation } from '../codec/limits.ts';
import { codeIn, detailsOf, isForbidden, isRateLimit, verdictOf, verdictOfStatus, type Verdict } from '../codec/ret-codes.ts';

/** A response as it arrived. */
export interface RawResponse {
  readonly path: string;
  readonly status: number;
  readonly headers: unknown;
  readonly body: string;
}

export interface JudgmentParts {
  /** When the request was sent, monotonic. */
  readonly sentAt: number;
  /** Estimated exchange time, ms. */
  readonly now: number;
  /** Removes the credentials from a text. */
  readonly redact: (text: string) => string;
}

export interface Judgment {
  /** Undefined: accepted. */
  readonly failure: ExchangeError | undefined;
  /** Undefined for endpoints whose rate limit is not tracked. */
  readonly limit: LimitObservation | undefined;
}

/** Whether a response accepts its request, by the numeric code, or by the HTTP status when there is none. */
export function judge(response: RawResponse, { sentAt, now, redact }: JudgmentParts): Judgment {
  const { path, status, headers, body } = response;
  const answer = parseJson(body);
  const code = isObject(answer) ? codeIn(answer['retCode']) : undefined;
  const verdict = verdictOn(response, code);
  const requestClass = classOfPath(path);
  const limit =
    requestClass === undefined ? undefined : limitObservation(requestClass, objectIn(headers), isRateLimit(code), { sentAt, now });
  if (verdict === 'accepted') return { failure: undefined, limit };
  const { kind, outcome } = verdict;
  const resetAt = kind === 'throttled' ? (limit?.resetAt ?? now) : undefined;
  const refusedAt = kind === 'clock' ? numberIn(objectIn(answer)['time']) : undefined;
  const said = code === undefined ? 'without a code' : `${code} ${textIn(objectIn(answer)['retMsg'])}`;
  // Without a code, or with one of success and a failure status, only the status describes the failure.
  const byStatus = code === undefined || verdictOf(code, 'other') === 'accepted';
  const text = redact(`${path}: ${byStatus ? `HTTP ${status} ${said}` : said}`);
  const details = byStatus ? { isBarred: kind === 'unavailable' && isForbidden(status) } : detailsOf(code);
  return { failure: new ExchangeError(kind, outcome, text, { ...details, resetAt, refusedAt }), limit };
}

/** The code decides; success also requires a 2xx status. */
function verdictOn({ path, status, body }: RawResponse, code: number | undefined): Verdict | 'accepted' {
  const isSuccess = status >= 200 && status < 300;
  if (code === undefined) return isSuccess ? { kind: 'unavailable', outcome: 'unknown' } : verdictOfStatus(status, body);
  const verdict = verdictOf(code, path === 'v5/order/create' ? 'create' : 'other');
  return verdict === 'accepted' && !isSuccess ? verdictOfStatus(status, body) : verdict;
}
