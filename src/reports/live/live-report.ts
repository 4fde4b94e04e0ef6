import { pageHtml } from '../html/page.ts';
import { feeWords, type FeeFigures } from '../fee-words.ts';
import { botReport, type BotReport, type BotRun } from '../soak/soak-report.ts';
import { fillListTable } from '../soak/fills/fill-tables.ts';
import { soakPageHeadline } from '../soak/soak-headline.ts';
import { soakPlots } from '../soak/soak-plots.ts';
import { failedGates, openGates } from '../soak/soak-rows.ts';
import { botTables } from '../soak/soak-tables.ts';
import { duration, grouped } from '../text/format.ts';
import { markdownReport } from '../text/markdown.ts';
import type { Table } from '../text/table.ts';
import type { Resolution } from '../../config/resolve.ts';
import type { ShadowOf } from './live-view.ts';

/** Where and with what a live run was made. */
export interface LiveOrigin {
  readonly version: string;
  readonly venue: string;
  /** Null when orders went to the venue. */
  readonly shadowOf: ShadowOf | null;
  /** That the embedded exchange charged; null on another exchange, which charges those of the account. */
  readonly fees: FeeFigures | null;
  readonly symbols: readonly string[];
  readonly profile: string;
  readonly configHash: string;
  readonly runId: string;
  /** ISO time. */
  readonly startedAt: string;
  /** Why it stopped: a signal, `duration`, `fault`. */
  readonly stoppedBy: string;
  /** The reason of a freeze; null when it was not frozen at the end. */
  readonly frozen: string | null;
  /** The folder of its journal. */
  readonly state: string;
}

/** The figures of a soak, for a run on a venue. Its gates judge how well it went; they do not decide the exit code. */
export interface LiveReport extends BotReport {
  readonly command: 'live';
  readonly origin: LiveOrigin;
}

export function liveReport(run: BotRun, origin: LiveOrigin, resolution: Pick<Resolution, 'settings' | 'explain'>): LiveReport {
  const { schemaVersion, verdict, ...rest } = botReport(run, resolution);
  return { schemaVersion, command: 'live', verdict, origin, ...rest };
}

const JUDGED = 'The thresholds of the profile judge the run; its exit code does not depend on them.';

/** `report.html`. */
export function liveHtml(report: LiveReport): string {
  const headline = soakPageHeadline(report);
  const { origin, elapsedMs, verdict } = report;
  const { first, rest } = botTables(report);
  const list = fillListTable(report);
  const fees = feeWords(origin.fees).map((words) => `fees ${words}`);
  return pageHtml({
    command: 'mmbot live',
    verdict,
    headline,
    reason: [...(headline.failed.length > 0 ? [JUDGED] : [`${reasonOf(report)}.`]), ...endSentences(report)].join(' '),
    subject: [origin.symbols.join(', '), placeOf(origin), ...fees, `profile ${origin.profile}`, duration(elapsedMs)].join(' · '),
    aboutRun: 'Venue, configuration, run and journal',
    origin: originTable(report),
    first: list === undefined ? first : [...first, list],
    rest,
    plots: soakPlots(report, { startedAt: origin.startedAt, decisions: [] }),
  });
}

export function liveMarkdown(report: LiveReport): string {
  const tables = { origin: originTable(report), ...botTables(report) };
  return markdownReport(`Live: ${report.verdict}`, [`${reasonOf(report)}.`, ...endSentences(report)], tables);
}

/** How the thresholds of the profile judge the run, in one sentence. */
function reasonOf({ verdict, gates, elapsedMs }: LiveReport): string {
  if (verdict === 'FAIL') return failedGates(gates).join('; ') || 'it did not end in order';
  return verdict === 'PASS' ? 'every gate passed' : openGates(gates, elapsedMs);
}

/** What rests, and what stopped it. */
function endSentences({ cancelAll, origin }: LiveReport): string[] {
  const rests =
    cancelAll?.verified === true
      ? `VERIFIED EMPTY: ${grouped(cancelAll.canceled)} of ${grouped(cancelAll.found)} open orders canceled at the stop.`
      : 'ORDERS MAY REMAIN: it could not be verified that no order is open.';
  return [...(origin.frozen === null ? [] : [`Frozen: ${origin.frozen}.`]), rests];
}

function placeOf({ venue, shadowOf }: LiveOrigin): string {
  return shadowOf === null ? venue : `SHADOW of ${shadowOf.market}`;
}

function originTable({ origin, elapsedMs }: LiveReport): Table {
  const { shadowOf, venue } = origin;
  const shadow = shadowOf === null ? [] : [['shadow', `no order was sent; fills by the queue model ${shadowOf.queueModel}`]];
  return {
    title: 'Run',
    head: ['', ''],
    rows: [
      ['venue', venue],
      ...shadow,
      ...feeWords(origin.fees).map((words) => ['fees', words]),
      ['symbols', origin.symbols.join(', ')],
      ['profile', `${origin.profile} (config ${origin.configHash})`],
      ['started', origin.startedAt],
      ['lasted', `${duration(elapsedMs)}, stopped by ${origin.stoppedBy}`],
      ['run', origin.runId],
      ['journal', origin.state],
      ['mmbot', origin.version],
    ],
  };
}
