import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detailsOf, isDocumented, verdictOf } from '../../../../src/exchange/bybit/codec/ret-codes.ts';
import { ExchangeError, type ExchangeErrorKind } from '../../../../src/exchange/errors.ts';

interface Row {
  readonly code: number;
  readonly group: string;
  readonly outcome: 'accepted' | 'unchanged' | 'refused' | 'auth' | 'limit' | 'retry' | 'gone' | 'unknown';
}

const FIXTURE = new URL('../../../fixtures/bybit-v5/error-codes.json', import.meta.url);
const ROWS = JSON.parse(readFileSync(FIXTURE, 'utf8')) as readonly Row[];
/** The tables whose codes can occur in a response to our requests. */
const TRADING = new Set(['uta', 'spot', 'ws-trade']);
const UNPROVEN = { kind: 'unavailable', outcome: 'unknown' };

/** Codes for which our verdict differs from the plain wording of the documentation. */
const EXCEPTIONS = new Map<number, ExchangeErrorKind>([
  [-1, 'clock'],
  [10002, 'clock'],
  [10403, 'banned'],
  // Each may be the response to a repeated request whose first response was lost.
  [10014, 'duplicate'],
  [20006, 'duplicate'],
  [110030, 'duplicate'],
  [110072, 'duplicate'],
  [170141, 'duplicate'],
  // The service restarts, and it is unknown whether this request was among those "in process".
  [10019, 'unavailable'],
]);

function expected({ code, outcome }: Row): object | 'accepted' {
  const kind = EXCEPTIONS.get(code);
  if (kind !== undefined) return { kind, outcome: kind === 'duplicate' || kind === 'unavailable' ? 'unknown' : 'not-applied' };
  switch (outcome) {
    case 'accepted':
    case 'unchanged':
      return 'accepted';
    case 'refused':
      return { kind: 'rejected', outcome: 'not-applied' };
    case 'auth':
      return { kind: 'auth', outcome: 'not-applied' };
    case 'limit':
    case 'retry':
      return { kind: 'throttled', outcome: 'not-applied' };
    case 'gone':
      return { kind: 'gone', outcome: 'not-applied' };
    default:
      return UNPROVEN;
  }
}

const trading = ROWS.filter(({ group }) => TRADING.has(group));
const via = ({ group }: Row) => (group === 'ws-trade' ? 'socket' : 'http');

describe('the table of codes', () => {
  it('has every documented code that can answer a request of ours, with its meaning', () => {
    expect([ROWS.length, trading.length]).toEqual([730, 304]);
    const wrong = trading.filter((row) => {
      const verdict = verdictOf(row.code, 'other', via(row));
      return JSON.stringify(verdict) !== JSON.stringify(expected(row)) || !isDocumented(row.code);
    });
    expect(wrong).toEqual([]);
  });

  it('lets a create be refused, or leaves it in doubt; an order that does not exist is no answer to it', () => {
    for (const row of trading) {
      const plain = expected(row);
      const isGone = row.outcome === 'gone';
      expect([row.code, verdictOf(row.code, 'create', via(row))]).toEqual([row.code, isGone ? UNPROVEN : plain]);
    }
  });

  it('proves nothing by the codes of loans, earnings, conversions and the like', () => {
    const known = new Set(trading.map(({ code }) => code));
    const others = ROWS.filter(({ code, group }) => group !== 'http' && !known.has(code));
    expect(others.length).toBeGreaterThan(400);
    for (const { code } of others) expect([code, verdictOf(code, 'create')]).toEqual([code, UNPROVEN]);
  });

  it.each([
    110040, 110051, 110053, 110080, 110085, 110086, 110089, 110092, 110093, 110096, 110100, 110118, 110131, 110135, 110137, 30133, 30134,
  ])('%i refuses a create', (code) => {
    expect(verdictOf(code, 'create')).toEqual({ kind: 'rejected', outcome: 'not-applied' });
  });

  it.each([
    100028, 110067, 110068, 110069, 110088, 110097, 110102, 110132, 110136, 170209, 170219, 170224, 170241, 10008, 10009, 10024, 10027,
    110066,
  ])('%i stops the account, not the key', (code) => {
    expect(verdictOf(code, 'create')).toEqual({ kind: 'auth', outcome: 'not-applied' });
    expect(detailsOf(code)).toEqual({ retCode: code, concern: 'account', isRateLimit: false, isUnlisted: false });
  });

  it.each([
    [10006, true],
    [10018, false],
    [10429, false],
    [20003, false],
  ])('%i throttles; because of our own rate limit: %s', (code, isRateLimit) => {
    expect(verdictOf(code, 'create')).toEqual({ kind: 'throttled', outcome: 'not-applied' });
    expect(detailsOf(code)).toMatchObject({ isRateLimit });
  });

  it.each([
    [10003, 'this exchange does not know the key'],
    [10004, 'the secret does not belong to the key'],
  ])('%i says what to do', (code, hint) => {
    const error = new ExchangeError('auth', 'not-applied', 'no', detailsOf(code));
    expect(error.hint).toContain(hint);
  });

  it.each([10003, 10004, 10005, 10007, 10010, 33004, -2015])('%i is about the key', (code) => {
    expect(detailsOf(code)).toMatchObject({ concern: 'keys' });
  });

  it('10003 on the trade socket says that there are too many sessions, and over HTTP that the key is bad', () => {
    expect(verdictOf(10003, 'create', 'socket')).toEqual({ kind: 'throttled', outcome: 'not-applied' });
    expect(verdictOf(10003, 'create', 'http')).toEqual({ kind: 'auth', outcome: 'not-applied' });
  });
});
