import { expect, test } from 'vitest';
import { VERSION } from '../../../src/config/version.ts';
import { buildId } from '../../../src/store/build-id.ts';

test('a build is named by its version and its files', () => {
  expect(buildId('v8')).toMatch(/^[\d.]+\+[\da-f]{12}$/);
  expect(buildId('v8')).toBe(buildId('v8'));
  expect(buildId('another')).not.toBe(buildId('v8'));
  expect(buildId('v8').split('+')[0]).toBe(VERSION);
});
