import { describe, expect, test } from 'vitest';
import { resultText, type Circumstances } from '../../../../src/commands/cancel-all/output.ts';
import type { CancelEvidence, CancelReport } from '../../../../src/execution/cancel/cancel-report.ts';
import { testHost } from '../../../support/program/test-host.ts';

const EVIDENCE: CancelEvidence = {
  scopes: ['linear USDT', 'spot'],
  outOfScope: ['strategy orders'],
  witness: 'lists',
  placedMeanwhile: 0,
  readsSeenLateMs: 250,
  readsMayBeLateMs: 6000,
};

function textOf(report: Partial<CancelReport>, about: Partial<Circumstances> = {}): string {
  const counts = { found: 2, canceled: 2, filledMeanwhile: 0, leftAlone: 0, stragglers: 0, rounds: 1, emptySnapshots: 3 };
  const done: CancelReport = {
    trigger: 'operator',
    ...counts,
    fillsKnown: true,
    remaining: [],
    method: 'bulk',
    verified: true,
    evidence: EVIDENCE,
    unreadable: undefined,
    clearedMs: 300,
    durationMs: 6500,
    ...report,
  };
  return resultText(testHost({ argv: [] }), done, { runningBot: 'none', missing: [], ...about });
}

describe('the result of cancel-all', () => {
  test('tells what was looked at and what was not, with every claim', () => {
    for (const verified of [true, false])
      expect(textOf({ verified })).toContain('looked at: linear USDT, spot; not at: strategy orders; positions are left as they are\n');
  });

  test('says that another client is placing orders, and claims nothing', () => {
    const text = textOf({ verified: false, evidence: { ...EVIDENCE, placedMeanwhile: 12 } });
    expect(text).toMatch(/another client is placing orders: 12 were created after this command began\. Stop/);
    expect(text).toMatch(/ORDERS MAY REMAIN: another client is placing orders/);
  });

  test('claims nothing of what the exchange does not have, nor after a signal', () => {
    const missing = textOf({}, { missing: ['NOSUCH'] });
    expect(missing).toContain('NOT PROVEN for NOSUCH');
    expect(missing).not.toContain('VERIFIED');
    const stopped = textOf({ verified: false }, { interruptedBy: 'SIGTERM' });
    expect(stopped).toMatch(/ORDERS MAY REMAIN: stopped by SIGTERM before it was verified; .*no order was open/);
  });

  test('names what remains, as far as it can be named', () => {
    const order = {
      category: 'linear',
      symbol: '',
      exchangeOrderId: '',
      clientOrderId: '',
      kind: 'plain',
      reason: 'its order id cannot be read',
    } as const;
    const text = textOf({ verified: false, remaining: [order] });
    expect(text).toMatch(/linear +\S* *– .*its order id cannot be read/);
  });
});
