import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDocumented, verdictOf, verdictOfStatus } from '../../../../../src/exchange/bybit/codec/ret-codes.ts';

const text = (codes: string): number[] =>
  codes.split(/,\s*/).flatMap((part) => {
    const [first = 0, last = first] = part.split('..').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

/** As classed in Bybit's tables of errors. */
const REJECTED = text(
  '10001, 10017, 10029, 10404, 110003, 110004, 110006, 110007, 110009, 110012, 110017, 110020..110023, 110032, 110044, 110045, ' +
    '110052, 110064, 110074, 110090, 110094, 110095, 110098, 110103, 110119..110121, 170105, 170115..170117, 170121, 170124, ' +
    '170130..170134, 170136, 170137, 170140, 170148, 170151, 170157, 170192..170194, 170217, 170218, 170313, 170341, 170371, ' +
    '170372, 170381, 170382, 170810, 30208, 30209, 30228',
);
const AUTH = text('10003, 10004, 10005, 10007, 10008, 10009, 10010, 10024, 10027, 10028, 33004, -2015, 110066, 110123..110125');
const CLOCK = text('10002, -1');
const THROTTLED = text('10006, 170005, 170222, 20003, 10429, 429, 30035');
const DUPLICATE = text('110072, 170141, 10014, 20006');
const GONE = text('110001, 110008, 110010, 170139, 170142, 170143, 170190, 170213, 175007');
const UNKNOWN = text(
  '10000, 10016, 10019, 170001, 170007, 170032, 170035, 170146, 170147, 170149, 170150, 170191, 170212, 170310, 170311, 110079, ' +
    '40004, 500000',
);
const SUCCESS = text('0, 110043, 110025, 110026, 110027, 34040');

describe('a code of the exchange', () => {
  it.each(['create', 'other'] as const)('proves for %s that nothing happened only where that is certain', (operation) => {
    for (const code of REJECTED) expect(verdictOf(code, operation)).toEqual({ kind: 'rejected', outcome: 'not-applied' });
    for (const code of AUTH) expect(verdictOf(code, operation)).toEqual({ kind: 'auth', outcome: 'not-applied' });
    for (const code of CLOCK) expect(verdictOf(code, operation)).toEqual({ kind: 'clock', outcome: 'not-applied' });
    for (const code of THROTTLED) expect(verdictOf(code, operation)).toEqual({ kind: 'throttled', outcome: 'not-applied' });
    expect(verdictOf(10403, operation)).toEqual({ kind: 'banned', outcome: 'not-applied' });
    for (const code of DUPLICATE) expect(verdictOf(code, operation)).toEqual({ kind: 'duplicate', outcome: 'unknown' });
    for (const code of UNKNOWN) expect(verdictOf(code, operation)).toEqual({ kind: 'unavailable', outcome: 'unknown' });
    for (const code of SUCCESS) expect(verdictOf(code, operation)).toBe('accepted');
  });

  it('says that an order is gone only in answer to an amend or a cancel', () => {
    for (const code of GONE) {
      expect(verdictOf(code, 'other')).toEqual({ kind: 'gone', outcome: 'not-applied' });
      expect(verdictOf(code, 'create')).toEqual({ kind: 'unavailable', outcome: 'unknown' });
    }
  });

  it('that is not listed proves nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3000, max: 600_000 }), fc.constantFrom('create' as const, 'other' as const), (code, operation) => {
        fc.pre(!isDocumented(code));
        expect(verdictOf(code, operation)).toEqual({ kind: 'unavailable', outcome: 'unknown' });
      }),
    );
  });
});

describe('a status without a code', () => {
  it.each([
    [403, '403, access too frequent', 'banned', 'not-applied'],
    [403, '<html>blocked in your country</html>', 'unavailable', 'unknown'],
    [401, '', 'unavailable', 'unknown'],
    [407, '', 'unavailable', 'unknown'],
    [429, 'please retry', 'throttled', 'unknown'],
    [400, '', 'rejected', 'unknown'],
    [404, 'not found', 'rejected', 'unknown'],
    [405, '', 'rejected', 'unknown'],
    [500, 'oops', 'unavailable', 'unknown'],
    [503, '', 'unavailable', 'unknown'],
    [524, 'a timeout occurred', 'unavailable', 'unknown'],
    [599, '', 'unavailable', 'unknown'],
    [302, '', 'unavailable', 'unknown'],
  ])('%i with "%s" is %s, %s', (status, body, kind, outcome) => {
    expect(verdictOfStatus(status, body)).toEqual({ kind, outcome });
  });
});
