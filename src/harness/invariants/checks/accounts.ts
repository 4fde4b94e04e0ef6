import { SETTLE_COIN } from '../../../exchange/bybit/settle-coins.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { add, compare, decimal, multiply, subtract, toText, type Decimal } from '../../../util/decimal.ts';
import type { Aftermath } from '../../soak/aftermath.ts';
import type { Suffered } from '../../soak/fault-watch.ts';
import { sum } from '../account-fold.ts';
import type { Finding } from '../invariant.ts';

const ZERO = decimal('0');

export function noOrderRests({ ledger, idPrefix }: Aftermath): Finding {
  const open = ledger.openOrders().filter(({ orderLinkId }) => orderLinkId.startsWith(idPrefix));
  return {
    holds: open.length === 0,
    found: `${open.length} open${open.length === 0 ? '' : `: ${open.map(({ orderLinkId }) => orderLinkId).join(', ')}`}`,
  };
}

export function cancelWasProven({ stop }: Aftermath): Finding {
  const found =
    stop === undefined
      ? 'no cancel-all was completed'
      : `${stop.found} found, ${stop.canceled} canceled, ${stop.filledMeanwhile} filled meanwhile, ${stop.remaining.length} remaining, ${stop.emptySnapshots} empty snapshots`;
  return { holds: stop?.verified === true, found };
}

export function nothingInDoubt({ liveInStore }: Aftermath): Finding {
  return { holds: liveInStore === 0, found: `${liveInStore} live or unknown in the store` };
}

export function positionsMatch({ ledger, positions }: Aftermath): Finding {
  const rows = [...positions].map(([symbol, { instrument, position }]) => ({
    symbol,
    ours: multiply(instrument.lot.step, whole(position.quantity)),
    theirs: decimal(ledger.positions().find((row) => row.symbol === symbol)?.size ?? '0'),
  }));
  return equality(rows);
}

/** Realized and unrealized PnL before fees, at the ledger’s mark price. */
export function pnlMatches({ ledger, positions }: Aftermath): Finding {
  const rows = [...positions].flatMap(([symbol, { instrument, position }]) => {
    const row = ledger.positions().find((candidate) => candidate.symbol === symbol);
    if (row === undefined) return [{ symbol, ours: money(instrument, position.realized - position.cost), theirs: ZERO }];
    const quantity = multiply(instrument.lot.step, whole(position.quantity));
    const unrealized = subtract(multiply(quantity, decimal(row.markPrice)), money(instrument, position.cost));
    return [
      { symbol: `${symbol} realized`, ours: money(instrument, position.realized), theirs: decimal(row.realisedPnl) },
      { symbol: `${symbol} unrealized`, ours: unrealized, theirs: decimal(row.unrealisedPnl) },
    ];
  });
  return equality(rows);
}

export function feesMatch({ ledger, positions }: Aftermath): Finding {
  const rows = [...positions].map(([symbol, { position }]) => ({
    symbol,
    ours: { units: BigInt(position.fees), scale: 8 },
    theirs: sum(
      ledger.executions().filter((execution) => execution.symbol === symbol),
      ({ fee }) => decimal(fee),
    ),
  }));
  return equality(rows);
}

export function fundingMatches({ ledger, positions }: Aftermath): Finding {
  const rows = [...positions].map(([symbol, { position }]) => ({
    symbol,
    ours: { units: BigInt(position.funding), scale: 8 },
    theirs: decimal(ledger.positions().find((row) => row.symbol === symbol)?.funding ?? '0'),
  }));
  return equality(rows);
}

/** Checks the exchange’s own books: deposit + realized - fees - funding + spot = balance. */
export function walletAddsUp({ ledger }: Aftermath): Finding {
  const { deposit, spot, balance } = ledger.wallet();
  const earned = ledger.positions().reduce((total, row) => add(total, subtract(decimal(row.realisedPnl), decimal(row.funding))), ZERO);
  const fees = sum(ledger.executions(), ({ fee }) => decimal(fee));
  return equality([
    { symbol: SETTLE_COIN, ours: subtract(add(add(decimal(deposit), decimal(spot)), earned), fees), theirs: decimal(balance) },
  ]);
}

export function onlyMakerFills({ ledger, idPrefix }: Aftermath): Finding {
  const executions = ledger.executions().filter(({ orderLinkId }) => orderLinkId.startsWith(idPrefix));
  const taker = executions.filter(({ isMaker }) => !isMaker).length;
  const found = `${taker} taker of ${executions.length} fills`;
  return { holds: taker === 0, found, ...(executions.length === 0 ? { isIdle: true } : {}) };
}

export function neverFroze({ frozen, fault, suffered }: Aftermath): Finding {
  const holds = (frozen === undefined || isForFaults(frozen, suffered)) && fault === undefined;
  return { holds, found: frozen ?? 'no freeze' };
}

/** Sending nothing is not enough to pass: after the faults, quoting must resume, unless a person has to act first. */
export function quotingResumed({ suffered, frozen }: Aftermath): Finding {
  const resumed = suffered?.resumed;
  const found =
    resumed === undefined
      ? 'too little time after the last fault to tell'
      : resumed
        ? 'quoted after the last fault'
        : 'nothing quoted after the last fault';
  const holds = resumed !== false || frozen !== undefined || suffered?.excuses.has('silence') === true;
  return { holds, found, ...(resumed === undefined ? { isIdle: true } : {}) };
}

function isForFaults(frozen: string, suffered: Suffered | undefined): boolean {
  return [...(suffered?.excuses ?? [])].some(
    (excuse) => excuse.startsWith('freeze: ') && frozen.startsWith(excuse.slice('freeze: '.length)),
  );
}

function equality(rows: readonly { readonly symbol: string; readonly ours: Decimal; readonly theirs: Decimal }[]): Finding {
  const wrong = rows.filter(({ ours, theirs }) => compare(ours, theirs) !== 0);
  const shown = wrong.length === 0 ? rows : wrong;
  const found = shown
    .map(({ symbol, ours, theirs }) => `${symbol} ${toText(ours)}${compare(ours, theirs) === 0 ? '' : ` (ledger ${toText(theirs)})`}`)
    .join(', ');
  return { holds: wrong.length === 0, found };
}

function money({ tick, lot }: Instrument, tickLots: number): Decimal {
  return multiply(multiply(tick.step, lot.step), whole(tickLots));
}

function whole(units: number): Decimal {
  return { units: BigInt(units), scale: 0 };
}
