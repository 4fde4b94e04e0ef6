import { expect, test } from 'vitest';
import { isMeantForLoopback } from '../../../src/util/loopback.ts';

test.each([
  [{ host: 'localhost:9464' }, true],
  [{ host: '127.0.0.1', origin: 'http://localhost' }, true],
  [{ host: 'evil.example' }, false],
  [{ host: 'localhost', origin: 'https://evil.example' }, false],
  // An image or a script of a page has no Origin; its browser says where the page is from.
  [{ host: 'localhost', 'sec-fetch-site': 'cross-site' }, false],
  [{ host: 'localhost', 'sec-fetch-site': 'same-site' }, false],
  // Typed by a person into the address bar, or asked for by a page of this server.
  [{ host: 'localhost', 'sec-fetch-site': 'none' }, true],
  [{ host: 'localhost', 'sec-fetch-site': 'same-origin' }, true],
])('a request with %j is meant for this machine: %s', (headers, isMeant) => {
  expect(isMeantForLoopback(headers)).toBe(isMeant);
});
