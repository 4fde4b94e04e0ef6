import { expect, test } from 'vitest';
import { auditTrail } from '../../../src/config/audit-trail.ts';
import { readEnv, type Reading } from '../../../src/config/layers.ts';
import { resolve } from '../../../src/config/resolve.ts';

test('the audit trail names each set key, its source and what it won against', () => {
  const spread = { key: 'quoting.baseSpreadBps', text: '0.85', quoted: false, source: 'profiles/s1.yaml:6:18' };
  const profile: Reading = { entries: [spread], problems: [] };
  expect(auditTrail(resolve({ env: readEnv({ MM_QUOTING_BASE_SPREAD_BPS: '3' }), profile }))).toEqual([
    'quoting.baseSpreadBps = 3 from env MM_QUOTING_BASE_SPREAD_BPS, over 0.85 from profiles/s1.yaml:6:18, default 8',
  ]);
});
