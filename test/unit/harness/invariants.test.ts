import { describe, expect, test } from 'vitest';
import type { Aftermath } from '../../../src/harness/soak/aftermath.ts';
import { Oracle } from '../../../src/harness/invariants/oracle.ts';
import type { Suffered } from '../../../src/harness/soak/fault-watch.ts';
import { applyFill, FLAT } from '../../../src/model/position.ts';
import { atoms, lots, ticks } from '../../../src/model/units.ts';
import type { Ledger, LedgerExecution, LedgerOrder, LedgerPosition } from '../../../src/simulator/ledger/ledger.ts';
import { BTC } from '../../support/builders/builders.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';

const SETTINGS = settingsOf(undefined);

const EXECUTION: LedgerExecution = {
  execId: 'e1',
  symbol: 'BTCUSDT',
  orderId: 'x1',
  orderLinkId: 'mm-1',
  side: 'Buy',
  price: '60000.10',
  quantity: '0.003',
  fee: '0.0360006',
  feeCoin: 'USDT',
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
  funding: '0',
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
    wallet: () => ({ deposit: '100000', spot: '0', balance, equity: balance }),
    counts: () => ({ created: 1, amended: 0, canceled: 0, rejected: 0, rateLimited, worstRollingSecond: 1, buckets: [] }),
  };
}

const OURS = applyFill(FLAT, { side: 'buy', price: ticks(600_001), quantity: lots(3), fee: atoms(3_600_060) });
const STOP = {
  trigger: 'stop',
  found: 1,
  canceled: 1,
  filledMeanwhile: 0,
  fillsKnown: true,
  remaining: [],
  leftAlone: 0,
  stragglers: 0,
  method: 'bulk',
  rounds: 1,
  emptySnapshots: 3,
  verified: true,
  evidence: {
    scopes: [],
    outOfScope: [],
    witness: 'lists',
    placedMeanwhile: 0,
    readsSeenLateMs: 0,
    readsMayBeLateMs: 6000,
  },
  unreadable: undefined,
  clearedMs: 1,
  durationMs: 1,
} as const;

function broken(facts: Facts, changes: Partial<Aftermath> = {}): string[] {
  const aftermath: Aftermath = {
    ledger: ledger(facts),
    idPrefix: 'mm-',
    suffered: undefined,
    stop: STOP,
    positions: new Map([['BTCUSDT', { instrument: BTC, position: OURS }]]),
    liveInStore: 0,
    counted: { ordersSent: 0, amendsSent: 0 },
    frozen: undefined,
    fault: undefined,
    ...changes,
  };
  const instruments = new Map([['BTCUSDT', BTC]]);
  const oracle = new Oracle({ settings: SETTINGS, idPrefix: 'mm-', instruments, toleranceMs: 1, inside: undefined });
  // Without a word of the ledger's changes: what is left is what the run ends with.
  const atEnd = oracle.judge(aftermath, ...(aftermath.suffered === undefined ? [] : ['with faults' as const]));
  return atEnd.flatMap(({ name, holds }) => (holds ? [] : [name]));
}

describe('invariants', () => {
  test('all hold when both sides tell the same story', () => {
    expect(broken({})).toEqual([]);
  });

  test.each<[string, Facts, Partial<Aftermath>]>([
    ['no order is left open', { open: [ORDER] }, {}],
    ['the last cancel-all is proven', {}, { stop: { ...STOP, verified: false } }],
    ['the last cancel-all is proven', {}, { stop: undefined }],
    ['no order is in doubt', {}, { liveInStore: 1 }],
    ['position equals the ledger', { position: { size: '0.002' } }, {}],
    ['PnL equals the ledger', { position: { realisedPnl: '0.00000001' }, balance: '99999.96399941' }, {}],
    ['PnL equals the ledger', { position: { unrealisedPnl: '0.03000001' } }, {}],
    ['fees equal the ledger', { executions: [{ ...EXECUTION, fee: '0.0360007' }], balance: '99999.9639993' }, {}],
    ['funding equals the ledger', { position: { funding: '0.00000001' }, balance: '99999.96399939' }, {}],
    ['wallet adds up', { balance: '99999.9639995' }, {}],
    ['every fill is a maker fill', { executions: [{ ...EXECUTION, isMaker: false }] }, {}],
    ['no rate limit was hit', { rateLimited: 1 }, {}],
    ['trading never froze', {}, { frozen: 'daily_loss' }],
  ])('%s: one unit of difference breaks it, and it alone', (name, facts, changes) => {
    expect(broken(facts, changes)).toEqual([name]);
  });

  test('a bug is one, whether or not it froze the loop', () => {
    expect(broken({}, { fault: new Error('bug') })).toEqual(['no bug and no standstill', 'trading never froze']);
  });

  describe('under faults', () => {
    const suffering = (...excuses: Suffered['excuses'] extends ReadonlySet<infer E> ? E[] : never): Suffered => {
      return { chosen: [], occurrences: [], excuses: new Set(excuses), resumed: true };
    };

    test.each<[string, Partial<Aftermath>]>([['quoting resumed after the faults', { suffered: { ...suffering(), resumed: false } }]])(
      '%s',
      (name, changes) => {
        expect(broken({}, changes)).toEqual([name]);
      },
    );

    test('what a fault makes impossible to keep is excused, and nothing else', () => {
      expect(broken({ rateLimited: 1 }, { suffered: suffering('rate limit') })).toEqual([]);
      expect(broken({ rateLimited: 1 }, { suffered: suffering('freeze: keys_refused') })).toEqual(['no rate limit was hit']);
      expect(broken({}, { frozen: 'keys_refused', suffered: suffering('freeze: keys_refused') })).toEqual([]);
      expect(broken({}, { frozen: 'daily_loss', suffered: suffering('freeze: keys_refused') })).toEqual(['trading never froze']);
      expect(broken({}, { suffered: { ...suffering('silence'), resumed: false } })).toEqual([]);
    });
  });

  test('orders and fills of a person on the same account do not count for our invariants', () => {
    const manual = { ...EXECUTION, orderLinkId: '', isMaker: false };
    expect(broken({ open: [{ ...ORDER, orderLinkId: '' }], executions: [manual] })).toEqual([]);
  });

  test('a position that the ledger does not have is a difference', () => {
    const none: Ledger = { ...ledger({ executions: [], balance: '100000' }), positions: () => [] };
    const names = broken({}, { ledger: none });
    expect(names).toContain('position equals the ledger');
    expect(names).toContain('PnL equals the ledger');
    expect(names).toContain('fees equal the ledger');
  });
});
