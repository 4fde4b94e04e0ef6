import type { CancelReport } from '../execution/cancel-report.ts';
import type { Instrument } from '../model/instrument.ts';
import type { Position } from '../model/position.ts';
import type { Excuse } from '../simulator/faults/fault-table.ts';
import type { Ledger, LedgerExecution } from '../simulator/ledger.ts';
import type { Suffered } from './fault-watch.ts';
import { add, compare, decimal, multiply, subtract, toText, type Decimal } from '../util/decimal.ts';

/** What the run left behind, on both sides: mmbot's picture, and the exchange's own record as the oracle. */
export interface Aftermath {
  readonly ledger: Ledger;
  /** Our orders' ids begin with it; others on the account are a person's. */
  readonly idPrefix: string;
  /** Undefined without faults. */
  readonly suffered: Suffered | undefined;
  readonly stop: CancelReport | undefined;
  readonly positions: ReadonlyMap<string, { readonly instrument: Instrument; readonly position: Position }>;
  /** Orders of ours that our own store still holds for live or in doubt. */
  readonly liveInStore: number;
  readonly crossedTurns: number;
  readonly frozen: string | undefined;
  readonly fault: unknown;
}

/** A statement that must hold; `found` says what was seen, with figures. */
export interface Invariant {
  readonly name: string;
  readonly holds: boolean;
  readonly found: string;
}

const ZERO = decimal('0');

export function checkInvariants(aftermath: Aftermath): Invariant[] {
  return [
    noOrderRests(aftermath),
    cancelWasProven(aftermath),
    nothingInDoubt(aftermath),
    positionsMatch(aftermath),
    pnlMatches(aftermath),
    feesMatch(aftermath),
    fundingMatches(aftermath),
    walletAddsUp(aftermath),
    onlyMakerFills(aftermath),
    limitsKept(aftermath),
    quotesNeverCrossed(aftermath),
    neverFroze(aftermath),
    ...(aftermath.suffered === undefined ? [] : [proofsWereTrue(aftermath.suffered), quotingResumed(aftermath.suffered, aftermath)]),
  ];
}

function noOrderRests({ ledger, idPrefix }: Aftermath): Invariant {
  const open = ledger.openOrders().filter(({ orderLinkId }) => orderLinkId.startsWith(idPrefix));
  return {
    name: 'no order rests in the ledger',
    holds: open.length === 0,
    found: `${open.length} open${open.length === 0 ? '' : `: ${open.map(({ orderLinkId }) => orderLinkId).join(', ')}`}`,
  };
}

function cancelWasProven({ stop }: Aftermath): Invariant {
  const found =
    stop === undefined
      ? 'no cancel-all was completed'
      : `${stop.found} found, ${stop.canceled} canceled, ${stop.filledMeanwhile} filled meanwhile, ${stop.remaining.length} remaining, ${stop.emptySnapshots} empty snapshots`;
  return { name: 'the last cancel-all is proven', holds: stop?.verified === true, found };
}

function nothingInDoubt({ liveInStore }: Aftermath): Invariant {
  return { name: 'no order is in doubt', holds: liveInStore === 0, found: `${liveInStore} live or unknown in the store` };
}

function positionsMatch({ ledger, positions }: Aftermath): Invariant {
  const rows = [...positions].map(([symbol, { instrument, position }]) => ({
    symbol,
    ours: multiply(instrument.lot.step, whole(position.quantity)),
    theirs: decimal(ledger.positions().find((row) => row.symbol === symbol)?.size ?? '0'),
  }));
  return equality('position equals the ledger', rows);
}

/** Realised and unrealised, before fees, at the ledger's mark price. */
function pnlMatches({ ledger, positions }: Aftermath): Invariant {
  const rows = [...positions].flatMap(([symbol, { instrument, position }]) => {
    const row = ledger.positions().find((candidate) => candidate.symbol === symbol);
    if (row === undefined) return [{ symbol, ours: money(instrument, position.realised - position.cost), theirs: ZERO }];
    const quantity = multiply(instrument.lot.step, whole(position.quantity));
    const unrealised = subtract(multiply(quantity, decimal(row.markPrice)), money(instrument, position.cost));
    return [
      { symbol: `${symbol} realised`, ours: money(instrument, position.realised), theirs: decimal(row.realisedPnl) },
      { symbol: `${symbol} unrealised`, ours: unrealised, theirs: decimal(row.unrealisedPnl) },
    ];
  });
  return equality('PnL equals the ledger', rows);
}

function feesMatch({ ledger, positions }: Aftermath): Invariant {
  const rows = [...positions].map(([symbol, { position }]) => ({
    symbol,
    ours: { units: BigInt(position.fees), scale: 8 },
    theirs: sum(
      ledger.executions().filter((execution) => execution.symbol === symbol),
      ({ fee }) => decimal(fee),
    ),
  }));
  return equality('fees equal the ledger', rows);
}

function fundingMatches({ ledger, positions }: Aftermath): Invariant {
  const rows = [...positions].map(([symbol, { position }]) => ({
    symbol,
    ours: { units: BigInt(position.funding), scale: 8 },
    theirs: decimal(ledger.positions().find((row) => row.symbol === symbol)?.funding ?? '0'),
  }));
  return equality('funding equals the ledger', rows);
}

/** The exchange's own books: deposit + realised - fees - funding + spot = balance. */
function walletAddsUp({ ledger }: Aftermath): Invariant {
  const { deposit, spot, balance } = ledger.wallet();
  const earned = ledger.positions().reduce((total, row) => add(total, subtract(decimal(row.realisedPnl), decimal(row.funding))), ZERO);
  const fees = sum(ledger.executions(), ({ fee }) => decimal(fee));
  return equality('wallet adds up', [
    { symbol: 'USDT', ours: subtract(add(add(decimal(deposit), decimal(spot)), earned), fees), theirs: decimal(balance) },
  ]);
}

function onlyMakerFills({ ledger, idPrefix }: Aftermath): Invariant {
  const executions = ledger.executions().filter(({ orderLinkId }) => orderLinkId.startsWith(idPrefix));
  const taker = executions.filter(({ isMaker }) => !isMaker).length;
  return { name: 'every fill is a maker fill', holds: taker === 0, found: `${taker} taker of ${executions.length} fills` };
}

function limitsKept({ ledger, suffered }: Aftermath): Invariant {
  const { rateLimited, worstRollingSecond } = ledger.counts();
  return {
    name: 'no rate limit was hit',
    holds: rateLimited === 0 || isExcused(suffered, 'rate limit'),
    found: `${rateLimited} refused, worst rolling second ${worstRollingSecond}`,
  };
}

function quotesNeverCrossed({ crossedTurns }: Aftermath): Invariant {
  return { name: 'own bid is always below own ask', holds: crossedTurns === 0, found: `${crossedTurns} turns crossed` };
}

function neverFroze({ frozen, fault, suffered }: Aftermath): Invariant {
  const holds = (frozen === undefined || isForFaults(frozen, suffered)) && fault === undefined;
  return { name: 'trading never froze', holds, found: frozen ?? 'no freeze' };
}

function proofsWereTrue({ untrueProofs }: Suffered): Invariant {
  return { name: 'no cancel-all claimed a false proof', holds: untrueProofs === 0, found: `${untrueProofs} false` };
}

/** Safe because silent is not safe: when faults end, quoting comes back, unless a person has to act first. */
function quotingResumed({ resumed, excuses }: Suffered, { frozen }: Aftermath): Invariant {
  const found =
    resumed === undefined
      ? 'too little time after the last fault to tell'
      : resumed
        ? 'quoted after the last fault'
        : 'nothing quoted after the last fault';
  return { name: 'quoting resumed after the faults', holds: resumed !== false || frozen !== undefined || excuses.has('silence'), found };
}

/** Whether a fault of the run makes it impossible to keep an invariant: its row in the table says so. */
function isExcused(suffered: Suffered | undefined, excuse: Excuse): boolean {
  return suffered?.excuses.has(excuse) === true;
}

function isForFaults(frozen: string, suffered: Suffered | undefined): boolean {
  return [...(suffered?.excuses ?? [])].some(
    (excuse) => excuse.startsWith('freeze: ') && frozen.startsWith(excuse.slice('freeze: '.length)),
  );
}

function equality(name: string, rows: readonly { readonly symbol: string; readonly ours: Decimal; readonly theirs: Decimal }[]): Invariant {
  const wrong = rows.filter(({ ours, theirs }) => compare(ours, theirs) !== 0);
  const shown = wrong.length === 0 ? rows : wrong;
  const found = shown
    .map(({ symbol, ours, theirs }) => `${symbol} ${toText(ours)}${compare(ours, theirs) === 0 ? '' : ` (ledger ${toText(theirs)})`}`)
    .join(', ');
  return { name, holds: wrong.length === 0, found };
}

function money({ tick, lot }: Instrument, tickLots: number): Decimal {
  return multiply(multiply(tick.step, lot.step), whole(tickLots));
}

function whole(units: number): Decimal {
  return { units: BigInt(units), scale: 0 };
}

function sum(executions: readonly LedgerExecution[], amount: (execution: LedgerExecution) => Decimal): Decimal {
  return executions.reduce((total, execution) => add(total, amount(execution)), ZERO);
}
