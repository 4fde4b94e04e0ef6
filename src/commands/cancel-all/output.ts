import { endFields, type ExitCode, type RunEnd } from '../../errors.ts';
import { OUT_OF_SCOPE, type RestingOrder } from '../../exchange/cancel-port.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { Host, TextSink } from '../../host.ts';
import { fixed, grouped } from '../../reports/text/format.ts';
import { toText, type Decimal } from '../../util/decimal.ts';
import { jsonText } from '../../util/json.ts';
import { linesOf } from '../../util/terminal-text.ts';
import { wrappedLines } from '../terminal/lines.ts';
import { paint, textTable } from '../terminal/table.ts';
import { counted } from '../../util/counted.ts';

const SHOWN = 20;

export interface Plan {
  readonly targets: readonly RestingOrder[];
  /** Number of other open orders, which are left alone. */
  readonly others: number;
  /** Errors of the lists that could not be read. */
  readonly unread: readonly string[];
}

/** JSON with every order. */
export function planDocument({ targets, others, unread }: Plan, exitCode: ExitCode): string {
  const text = (value: Decimal | undefined): string | undefined => (value === undefined ? undefined : toText(value));
  const orders = targets.map((order) => ({ ...order, quantity: text(order.quantity), filled: text(order.filled) }));
  const head = { schemaVersion: 1, command: 'cancel-all', ok: exitCode === 0, exitCode, dryRun: true };
  return jsonText({ ...head, found: targets.length, leftAlone: others, outOfScope: OUT_OF_SCOPE, unread, orders });
}

/** Counts of open orders by symbol and side. `sink`: where they are printed. */
export function planText(host: Host, { targets, others, unread }: Plan, sink: TextSink): string {
  const groups = new Map<string, number>();
  for (const { category, symbol, side, kind } of targets) {
    const group = [category, symbol || '?', side ?? '?', kind].join(' ');
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  const rows = [...groups].map(([group, count]) => [...group.split(' '), grouped(count)]);
  const table = rows.length === 0 ? '' : textTable(host, ['CATEGORY', 'SYMBOL', 'SIDE', 'KIND', 'ORDERS'], rows, sink);
  const warning = unread.length === 0 ? '' : `${paint(host, sink).yellow('not all open orders could be read')}: ${unread.join('; ')}\n`;
  return `${table}${wrappedLines(`${grouped(targets.length)} to cancel, ${grouped(others)} left alone\n${warning}`, sink)}`;
}

/** What to show in addition to the report. */
export interface Circumstances {
  readonly runningBot: string;
  /** The signal that ended it before it was verified. */
  readonly interruptedBy?: string | undefined;
  /** Given symbols or coins that the exchange does not have. */
  readonly missing: readonly string[];
}

export function resultDocument(report: CancelReport, end: RunEnd, restUrl: string, { runningBot, interruptedBy }: Circumstances): string {
  const head = { schemaVersion: 1, command: 'cancel-all', ...endFields(end), host: restUrl, runningBot, interruptedBy };
  // Not verified for symbols and coins that do not exist.
  const verified = report.verified && end.failure === undefined;
  return jsonText({ ...head, ...report, verified });
}

export function resultText(host: Host, report: CancelReport, { runningBot, interruptedBy, missing }: Circumstances): string {
  const color = paint(host);
  const {
    found,
    canceled,
    filledMeanwhile,
    fillsKnown,
    leftAlone,
    remaining,
    method,
    verified,
    clearedMs,
    durationMs,
    emptySnapshots,
    stragglers,
    unreadable,
    evidence,
  } = report;
  const seconds = (ms: number): string => `${fixed(ms / 1000)} s`;
  const done = `${grouped(found)} found, ${grouped(canceled)} canceled, ${grouped(filledMeanwhile)} filled meanwhile, ${grouped(remaining.length)} remaining (method ${method})`;
  const lines = [
    ...(runningBot === 'halted'
      ? ['the running mmbot live of this account was halted and cancels its own orders, which may be missing from the counts below']
      : []),
    ...(runningBot === 'unconfirmed' ? [color.yellow('a running mmbot live of this account did not confirm that it has halted')] : []),
    ...(runningBot === 'unknown'
      ? [color.yellow('whether a bot of this account runs here with another key is unknown: its user id could not be read')]
      : []),
    done,
    ...(fillsKnown ? [] : [color.yellow('the executions could not be read: some of the canceled orders may have been filled')]),
    ...(leftAlone > 0 ? [`${counted(leftAlone, 'other open order was', 'other open orders were')} left alone`] : []),
    ...(stragglers > 0 ? [`${grouped(stragglers)} of them appeared after the first look`] : []),
    ...(evidence.placedMeanwhile > 0 ? [color.yellow(writerText(evidence.placedMeanwhile))] : []),
    ...(clearedMs === undefined ? [] : [`nothing open after ${seconds(clearedMs)}`]),
    `looked at: ${evidence.scopes.join(', ')}; not at: ${evidence.outOfScope.join(', ')}; positions are left as they are`,
  ];
  const told = (more: readonly string[]): string => wrappedLines(linesOf(more), host.stdout);
  if (verified) {
    const proof =
      missing.length > 0
        ? `${color.yellow.bold('NOT PROVEN')} for ${missing.join(', ')}, which the exchange does not have; nothing is open in the rest`
        : `${color.green.bold('VERIFIED EMPTY')}: ${emptySnapshots} looks in a row, proof complete after ${seconds(durationMs)}`;
    return told([...lines, proof]);
  }
  const rows = remaining
    .slice(0, SHOWN)
    .map((order) => [order.category, order.symbol || '–', order.clientOrderId || '–', order.exchangeOrderId || '–', order.reason]);
  const table = rows.length === 0 ? '' : textTable(host, ['CATEGORY', 'SYMBOL', 'CLIENT ID', 'EXCHANGE ID', 'REASON'], rows);
  const more = remaining.length > SHOWN ? `… and ${grouped(remaining.length - SHOWN)} more (--json has all)\n` : '';
  const why =
    interruptedBy !== undefined
      ? `stopped by ${interruptedBy} before it was verified; at the last look ${remaining.length === 0 ? 'no order was open' : `${grouped(remaining.length)} were open`}`
      : unreadable !== undefined
        ? `the exchange could not be read: ${unreadable}`
        : evidence.placedMeanwhile > 0
          ? 'another client is placing orders'
          : `${emptySnapshots} empty looks in a row, which is not yet a proof`;
  return `${told(lines)}${table}${more}${told([`${color.red.bold('ORDERS MAY REMAIN')}: ${why}, after ${seconds(durationMs)}`])}`;
}

function writerText(count: number): string {
  return `another client is placing orders: ${grouped(count)} were created after this command began. Stop that client and run this again`;
}
