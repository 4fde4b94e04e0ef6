import { describe, expect, test } from 'vitest';
import { attempt, endFields, endOf, EXIT, EXIT_OF_VERDICT, failureOf, hintOf, pathHintOf, usageError } from '../../src/errors.ts';

const unwritable = usageError('no room', { code: 'file_unwritable', hint: 'make room' });

describe('how a run ends', () => {
  test('as its verdict says, where nothing failed', () => {
    expect(endFields(endOf(EXIT_OF_VERDICT.FAIL, undefined))).toEqual({ ok: false, exitCode: 1 });
    expect(endFields(endOf(EXIT_OF_VERDICT.PASS, undefined))).toEqual({ ok: true, exitCode: 0 });
  });

  test('with what failed beside it', () => {
    const error = { code: 'file_unwritable', message: 'no room', hint: 'make room' };
    expect(endFields(endOf(EXIT.ok, unwritable))).toEqual({ ok: false, exitCode: 2, error });
    expect(endOf(EXIT.failed, new TypeError('oh'))).toMatchObject({ exitCode: EXIT.bug, failure: { code: 'bug', message: 'oh' } });
  });

  test('and nothing outranks orders that may rest', () => {
    expect(endOf(EXIT.ordersRemain, unwritable)).toMatchObject({ exitCode: EXIT.ordersRemain, failure: { code: 'file_unwritable' } });
  });
});

test('a wrong command line has the same code everywhere', () => {
  expect(failureOf(usageError('either one'))).toMatchObject({ exitCode: 2, code: 'usage', text: 'error: either one\n' });
});

test('people get a hint, and the place of a bug', () => {
  expect(failureOf(unwritable).text).toBe('error: no room\nhint: make room\n');
  expect(failureOf(new TypeError('oh')).text).toMatch(/^bug in mmbot: TypeError: oh\n +at /);
  expect(failureOf('oh').text).toBe('bug in mmbot: oh\n');
});

test('what a person can act on is returned, a bug stays thrown', () => {
  const failing = (error: Error) => () => {
    throw error;
  };
  expect(attempt(() => undefined)).toBeUndefined();
  expect(attempt(failing(unwritable))).toBe(unwritable);
  expect(() => attempt(failing(new TypeError('oh')))).toThrow('oh');
});

test.each([
  ['EMFILE', /ulimit -n/],
  ['ENFILE', /ulimit -n/],
  ['ENOMEM', /memory/],
  ['ENOSPC', /^make room$/],
  ['EACCES', /^make room$/],
])('where files cannot be used for %s, the hint is of that', (code, hint) => {
  expect(hintOf(Object.assign(new Error(`${code}: no`), { code, syscall: 'open' }), 'make room')).toMatch(hint);
});

test.each([
  ['EEXIST', /^part of this path is a file, .* folder/],
  ['ENOTDIR', /^part of this path is a file, .* folder/],
  ['EACCES', /^use another path: .* accessible to this user$/],
  ['ENOSPC', /^free disk space/],
  ['EMFILE', /ulimit -n/],
  ['EWHAT', /^use another path$/],
])('where a path cannot be written to for %s, the hint is of that', (code, hint) => {
  expect(pathHintOf(Object.assign(new Error(`${code}: no`), { code, syscall: 'mkdir' }))).toMatch(hint);
});
