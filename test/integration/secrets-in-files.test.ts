import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What a key looks like, wherever it stands. */
const KEYS: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  'a token of GitHub or npm': /\b(?:gh[pousr]|npm)_[A-Za-z0-9]{36}\b/,
  'an access key of AWS': /\bAKIA[0-9A-Z]{16}\b/,
  // The tests' own say what they are.
  'a value for a secret':
    /(?:[Ss]ecret|[Aa]pi_?[Kk]ey|[Tt]oken|[Pp]assword)["']?\s*[:=]\s*["'](?![^"']*[Cc]anary|[^"']*cAnArY)(?=[^"']*\d)(?=[^"']*[a-z])(?=[^"']*[A-Z])[A-Za-z0-9+/]{18,}["']/,
};

function keysIn(text: string): readonly string[] {
  return Object.keys(KEYS).filter((name) => KEYS[name]?.test(text) === true);
}

test('no file of the project holds a key', { timeout: 30_000 }, async () => {
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  const files = stdout.split('\n').filter((path) => path !== '' && path !== 'package-lock.json');
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((path) => keysIn(readFileSync(path, 'latin1')).map((key) => `${path}: ${key}`));
  expect(found).toEqual([]);
});

test('a key of each kind would be found', () => {
  // Put together here, or this very file would hold them.
  const random = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';
  const planted = [
    ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' '),
    `ghp_${random}`,
    `AKIA${random.slice(0, 16).toUpperCase()}`,
    `apiKey: '${random}'`,
  ];
  expect(planted.map((text) => keysIn(text))).toEqual(Object.keys(KEYS).map((name) => [name]));
});
