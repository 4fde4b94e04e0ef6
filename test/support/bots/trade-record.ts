import { TradeFold } from '../../../src/reports/trades/trade-fold.ts';
import { tradeReport, type TradeReport } from '../../../src/reports/trades/trade-report.ts';
import type { Row } from '../../../src/reports/trades/trade-row.ts';
import type { LedgerExecution } from '../../../src/simulator/ledger/ledger.ts';
import { readExecutions } from '../../../src/store/executions.ts';
import { readHistory } from '../../../src/store/journal-folder.ts';

const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** The report of a journal that nobody writes. */
export function recordOf(folder: string): { readonly report: TradeReport; readonly rows: readonly Row[] } {
  const fold = new TradeFold(ALL);
  const { problems } = readExecutions(folder, fold.add);
  const unsettled = readHistory(folder).open.map(({ clientOrderId }) => clientOrderId);
  return { report: tradeReport(fold, ALL, { folder, isRunning: false, unsettled, problems, now: 0 }), rows: fold.rows };
}

/** What identifies an execution, and its figures, the same for both records. */
export function figuresOfRows(rows: readonly Partial<Record<string, string | number>>[]): readonly string[] {
  return rows
    .filter(({ type }) => type === 'fill')
    .map(({ executionId, side, price, quantity, fee, liquidity, orderId, orderLinkId, time }) =>
      [executionId, String(side).toLowerCase(), Number(price), Number(quantity), Number(fee), liquidity, orderId, orderLinkId, time].join(
        ' ',
      ),
    )
    .toSorted();
}

export function figuresOfLedger(executions: readonly LedgerExecution[]): readonly string[] {
  return figuresOfRows(
    executions.map(({ execId, isMaker, at, ...rest }) => ({
      type: 'fill',
      executionId: execId,
      liquidity: isMaker ? 'maker' : 'taker',
      time: new Date(at).toISOString(),
      ...rest,
    })),
  );
}
