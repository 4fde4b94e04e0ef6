import { describe, expect, test } from 'vitest';
import { excerpt } from '../../../src/util/excerpt.ts';
import { redactor } from '../../../src/util/redact.ts';

const SECRET = 'mmSECRETmm0123canary4567890abcdefghi';
const PEM = ['-----BEGIN RSA', 'PRIVATE KEY-----\nMIIEpAIBAAKCAQEAcanary\nq7BFUpkGp3canary==\n-----END'].join(' ');

describe('redaction', () => {
  const redact = redactor([SECRET, undefined, '', 'a', 'error', 'verified', 'orders', PEM]);

  test('hides secrets whole and in parts, wherever they stand', () => {
    expect(redact(`x${SECRET}y ${SECRET}\n"${SECRET}"`)).toBe('x[redacted]y [redacted]\n"[redacted]"');
  });

  test('hides a part of a secret in a message of an exchange', () => {
    expect(redact(`error sign, origin_string[${SECRET.slice(3, 20)}]`)).toBe('error sign, origin_string[[redacted]]');
  });

  test('hides a secret as a URL writes it', () => {
    const odd = 'canary+one/two=three+four/five=six';
    const hide = redactor([odd]);
    expect(hide(`GET /admin?apiKey=${encodeURIComponent(odd)}&x=1`)).toBe('GET /admin?apiKey=[redacted]&x=1');
    expect(hide(`GET /admin?apiKey=${encodeURIComponent(odd).slice(0, 24)}`)).not.toContain('canary');
  });

  test('hides every line of one in several, however its breaks are written', () => {
    expect(redact(`${PEM} ${JSON.stringify(PEM)}`)).not.toMatch(/canary/);
  });

  test('leaves what another secret has in common with it', () => {
    const other = 'mmSECRETmm0123another4567890abcdefgh';
    expect(redact(`api secret  ${other}`)).toBe(`api secret  ${other}`);
  });

  test('never changes the words of the program, for any secret', () => {
    const said = '{"schemaVersion":1,"ok":false,"error":{"code":"orders_remain"},"verified":true} [redacted]';
    expect(redact(said)).toBe(said);
  });
});

describe('an excerpt never ends within a secret', () => {
  test.each([10, 20, 33, 44, 45, 60])('cut at %i', (most) => {
    const text = `expected 0.1, was '${SECRET}' or ${SECRET}`;
    const cut = excerpt(text, most);
    expect(cut.replaceAll(SECRET, '')).not.toMatch(/mmSEC|canary|fghi/);
    expect(text.startsWith(cut.slice(0, -3))).toBe(true);
  });

  test('and is the text itself where that is short enough', () => {
    expect(excerpt(SECRET, SECRET.length)).toBe(SECRET);
  });
});
