import { describe, expect, test } from 'vitest';
import { checkInvariants, type Aftermath } from '../../../src/harness/invariants.ts';
import { applyFill, FLAT } from '../../../src/model/position.ts';
import { atoms, lots, ticks } from '../../../src/model/units.ts';
import type { Ledger, LedgerExecution, LedgerOrder, LedgerPosition } from '../../../src/simulator/ledger.ts';
import { BTC } from '../../support/builders.ts';

const EXECUTION: LedgerExecution = {
  execId: 'e1',
  symbol: 'BTCUSDT',
  orderId: 'x1',
  orderLinkId: 'mm-1',
  side: 'Buy',
  price: '60000.10',
  quantity: '0.003',
  fee: '0.0360006',
  isMaker: true,
  at: 1,
};
const POSITION: LedgerPosition = {
  symbol: 'BTCUSDT',
  size: '0.003',
  markPrice: '60010.1',
  realisedPnl: '0',
  unrealisedPnl: '0.03',
  fees: '0.0360006',
};
const ORDER: LedgerOrder = {
  symbol: 'BTCUSDT',
  orderId: 'x2',
  orderLinkId: 'mm-2',
  side: 'Buy',
  price: '1',
  quantity: '1',
  filled: '0',
  postOnly: true,
};

interface Facts {
  readonly open?: readonly LedgerOrder[];
  readonly executions?: readonly LedgerExecution[];
  readonly position?: Partial<LedgerPosition>;
  readonly balance?: string;
  readonly rateLimited?: number;
}

function ledger({ open = [], executions = [EXECUTION], position = {}, balance = '99999.9639994', rateLimited = 0 }: Facts): Ledger {
  return {
    openOrders: () => open,
    executions: () => executions,
    positions: () => [{ ...POSITION, ...position }],
    wallet: () => ({ deposit: '100000', balance, equity: balance }),
    counts: () => ({ created: 1, amended: 0, canceled: 0, rejected: 0, rateLimited, worstRollingSecond: 1 }),
  };
}

const OURS = applyFill(FLAT, { side: 'buy', price: ticks(600_001), quantity: lots(3), fee: atoms(3_600_060) });
const STOP = {
  trigger: 'stop',
  found: 1,
  canceled: 1,
  filledMeanwhile: 0,
  remaining: [],
  method: 'bulk',
  emptySnapshots: 3,
  verified: true,
  durationMs: 1,
} as const;

function broken(facts: Facts, changes: Partial<Aftermath> = {}): string[] {
  const aftermath: Aftermath = {
    ledger: ledger(facts),
    stop: STOP,
    positions: new Map([['BTCUSDT', { instrument: BTC, position: OURS }]]),
    liveInStore: 0,
    crossedTurns: 0,
    frozen: undefined,
    fault: undefined,
    ...changes,
  };
  return checkInvariants(aftermath).flatMap(({ name, holds }) => (holds ? [] : [name]));
}

describe('invariants', () => {
  test('all hold when both sides tell the same story', () => {
    expect(broken({})).toEqual([]);
  });

  test.each<[string, Facts, Partial<Aftermath>]>([
    ['no order rests in the ledger', { open: [ORDER] }, {}],
    ['the last cancel-all is proven', {}, { stop: { ...STOP, verified: false } }],
    ['the last cancel-all is proven', {}, { stop: undefined }],
    ['no order is in doubt', {}, { liveInStore: 1 }],
    ['position equals the ledger', { position: { size: '0.002' } }, {}],
    ['PnL equals the ledger', { position: { realisedPnl: '0.00000001' }, balance: '99999.96399941' }, {}],
    ['PnL equals the ledger', { position: { unrealisedPnl: '0.03000001' } }, {}],
    ['fees equal the ledger', { executions: [{ ...EXECUTION, fee: '0.0360007' }], balance: '99999.9639993' }, {}],
    ['wallet adds up', { balance: '99999.9639995' }, {}],
    ['every fill is a maker fill', { executions: [{ ...EXECUTION, isMaker: false }] }, {}],
    ['no rate limit was hit', { rateLimited: 1 }, {}],
    ['own bid is always below own ask', {}, { crossedTurns: 1 }],
    ['trading never froze', {}, { frozen: 'daily_loss' }],
    ['trading never froze', {}, { fault: new Error('bug') }],
  ])('%s: one unit of difference breaks it, and it alone', (name, facts, changes) => {
    expect(broken(facts, changes)).toEqual([name]);
  });

  test('a position that the ledger has never heard of is a difference', () => {
    const none: Ledger = { ...ledger({ executions: [], balance: '100000' }), positions: () => [] };
    const names = broken({}, { ledger: none });
    expect(names).toContain('position equals the ledger');
    expect(names).toContain('PnL equals the ledger');
    expect(names).toContain('fees equal the ledger');
  });
});
