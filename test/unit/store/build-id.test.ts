import { expect, test } from 'vitest';
import { VERSION } from '../../../src/config/version.ts';
import { buildId } from '../../../src/store/build-id.ts';

test('a build is named by its version and its files', () => {
  expect(buildId()).toMatch(/^[\d.]+\+[\da-f]{12}$/);
  expect(buildId()).toBe(buildId());
  expect(buildId().split('+')[0]).toBe(VERSION);
});
