import type { CampaignReport, Confirmed, RunRow, SetupFigures } from './campaign-report.ts';

type Cell = string | number | null | undefined;
/** The head of a column, and its cell in a row. */
type Column<Row> = readonly [head: string, cell: (row: Row) => Cell];

type SetupRow = SetupFigures & { readonly unseen: Confirmed | undefined };

const SETUP_COLUMNS: readonly Column<SetupRow>[] = [
  ['setup', ({ name }) => name],
  ['profile', ({ profile }) => profile],
  ['runs', ({ runs }) => runs],
  ['seeds', ({ seeds }) => seeds],
  ['net_bps', ({ netBps }) => netBps],
  ['net_bps_low', ({ intervalBps }) => intervalBps?.[0]],
  ['net_bps_high', ({ intervalBps }) => intervalBps?.[1]],
  ['median_bps', ({ medianBps }) => medianBps],
  ['worst_bps', ({ worst }) => worst?.bps],
  ['worst_seed', ({ worst }) => worst?.seed],
  ['to_best_bps', ({ toLeader }) => toLeader?.bps],
  ['to_best_low', ({ toLeader }) => toLeader?.intervalBps?.[0]],
  ['to_best_high', ({ toLeader }) => toLeader?.intervalBps?.[1]],
  ['to_baseline_bps', ({ toBaseline }) => toBaseline?.bps],
  ['to_baseline_low', ({ toBaseline }) => toBaseline?.intervalBps?.[0]],
  ['to_baseline_high', ({ toBaseline }) => toBaseline?.intervalBps?.[1]],
  ['left', ({ left }) => left?.why],
  ['confirmed_bps', ({ unseen }) => unseen?.netBps],
  ['confirmed_low', ({ unseen }) => unseen?.intervalBps?.[0]],
  ['confirmed_high', ({ unseen }) => unseen?.intervalBps?.[1]],
  ['confirmed_seeds', ({ unseen }) => unseen?.seeds],
  ['fills_per_hour', ({ fillsPerHour }) => fillsPerHour],
  ['turnover_usd', ({ turnoverUsd }) => turnoverUsd],
  ['net_usd', ({ netUsd }) => netUsd],
  ['spread_bps', ({ spreadBps }) => spreadBps],
  ['adverse_bps', ({ adverseBps }) => adverseBps],
  ['fees_bps', ({ feesBps }) => feesBps],
  ['funding_bps', ({ fundingBps }) => fundingBps],
  ['inventory_sd_usd', ({ inventorySdUsd }) => inventorySdUsd],
  ['uptime', ({ uptime }) => uptime],
  ['drawdown_usd', ({ drawdownUsd }) => drawdownUsd],
  ['runs_failing_gates', ({ gateFailures }) => gateFailures.runs],
];

const RUN_COLUMNS: readonly Column<RunRow>[] = [
  ['id', ({ id }) => id],
  ['setup', ({ setup }) => setup],
  ['scenario', ({ scenario }) => scenario],
  ['seed', ({ seed }) => seed],
  ['stage', ({ stage }) => stage],
  ['verdict', ({ verdict }) => verdict],
  ['net_bps', ({ netBps }) => netBps],
  ['net_usd', ({ netUsd }) => netUsd],
  ['turnover_usd', ({ turnoverUsd }) => turnoverUsd],
  ['fills', ({ fills }) => fills],
  ['inventory_sd_usd', ({ inventorySdUsd }) => inventorySdUsd],
  ['uptime', ({ uptime }) => uptime],
  ['drawdown_usd', ({ drawdownUsd }) => drawdownUsd],
  ['failed_gates', ({ failedGates }) => failedGates.join('; ')],
];

/** One line for each setup, best first. */
export function setupsCsv({ setups, confirmation }: CampaignReport): string {
  return csv(
    SETUP_COLUMNS,
    setups.map((setup) => ({ ...setup, unseen: confirmation.find(({ name }) => name === setup.name) })),
  );
}

/** One line for each run. */
export function runsCsv({ runs }: CampaignReport): string {
  return csv(RUN_COLUMNS, runs);
}

function csv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map(([, cell]) => cellText(cell(row))));
  return [columns.map(([head]) => head), ...lines].map((line) => `${line.join(',')}\n`).join('');
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
