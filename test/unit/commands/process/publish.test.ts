import { expect, test } from 'vitest';
import { publish, type Publication } from '../../../../src/commands/process/publish.ts';
import { EXIT, usageError } from '../../../../src/errors.ts';
import { testHost } from '../../../support/program/test-host.ts';

const host = testHost({ cwd: '/nowhere' });
const shown = ({ exitCode }: { exitCode: number }, folder: string | undefined): string => `${exitCode} in ${folder}\n`;

function published(terms: Partial<Publication>): { exitCode: number; out: string; err: string } {
  const { stdout, stderr } = testHost();
  const exitCode = publish(
    { ...host, stdout, stderr },
    { exitCode: EXIT.failed, out: '/nowhere/reports', write: () => undefined, print: shown, ...terms },
  );
  return { exitCode, out: stdout.text, err: stderr.text };
}

const full = (): never => {
  throw usageError('no room');
};

test('the result says where its files are, from the working folder', () => {
  expect(published({})).toEqual({ exitCode: 1, out: '1 in reports\n', err: '' });
  expect(published({ out: '/nowhere' }).out).toBe('1 in .\n');
});

test('a result whose files cannot be written is shown, and then the error', () => {
  expect(published({ write: full })).toEqual({ exitCode: 2, out: '2 in undefined\n', err: 'error: no room\n' });
});

test('a failure of the run goes before one of its files, and orders that may rest before both', () => {
  expect(published({ fault: new TypeError('oh'), write: full })).toMatchObject({ exitCode: EXIT.bug, out: '70 in undefined\n' });
  expect(published({ exitCode: EXIT.ordersRemain, write: full })).toMatchObject({ exitCode: EXIT.ordersRemain, err: 'error: no room\n' });
});

test('a bug while it writes is not taken for a full disk', () => {
  expect(() =>
    published({
      write() {
        throw new TypeError('oh');
      },
    }),
  ).toThrow('oh');
});
