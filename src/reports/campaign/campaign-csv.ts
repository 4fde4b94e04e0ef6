import type { CampaignReport } from './campaign-report.ts';

type Cell = string | number | null | undefined;

/** One line for each setup, best first. */
export function setupsCsv({ setups, confirmation }: CampaignReport): string {
  const head = [
    ...[
      'setup',
      'profile',
      'runs',
      'seeds',
      'net_bps',
      'net_bps_low',
      'net_bps_high',
      'median_bps',
      'worst_bps',
      'worst_seed',
      'fills_per_hour',
    ],
    ...['turnover_usd', 'net_usd', 'spread_bps', 'adverse_bps', 'fees_bps', 'funding_bps', 'inventory_sd_usd', 'uptime', 'drawdown_usd'],
    ...['to_best_bps', 'to_best_low', 'to_best_high', 'left', 'confirmed_bps', 'confirmed_low', 'confirmed_high', 'confirmed_seeds'],
  ];
  const rows = setups.map((each): Cell[] => {
    const unseen = confirmation.find(({ name }) => name === each.name);
    return [
      ...[each.name, each.profile, each.runs, each.seeds, each.netBps, ...pair(each.intervalBps), each.medianBps],
      ...[each.worst?.bps, each.worst?.seed, each.fillsPerHour, each.turnoverUsd, each.netUsd],
      ...[each.spreadBps, each.adverseBps, each.feesBps, each.fundingBps, each.inventorySdUsd, each.uptime, each.drawdownUsd],
      ...[each.toLeader?.bps, ...pair(each.toLeader?.intervalBps), each.left?.why],
      ...[unseen?.netBps, ...pair(unseen?.intervalBps), unseen?.seeds],
    ];
  });
  return csv(head, rows);
}

/** One line for each run. */
export function runsCsv({ runs }: CampaignReport): string {
  const head = [
    ...['id', 'setup', 'scenario', 'seed', 'stage', 'verdict', 'net_bps', 'net_usd', 'turnover_usd', 'fills', 'inventory_sd_usd', 'uptime'],
    ...['drawdown_usd', 'failed_gates'],
  ];
  const rows = runs.map((run): Cell[] => [
    ...[run.id, run.setup, run.scenario, run.seed, run.stage, run.verdict, run.netBps, run.netUsd, run.turnoverUsd, run.fills],
    ...[run.inventorySdUsd, run.uptime, run.drawdownUsd, run.failedGates.join(' ')],
  ]);
  return csv(head, rows);
}

function pair(interval: readonly [number, number] | null | undefined): readonly Cell[] {
  return interval ?? [null, null];
}

function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cellText).join(',')}\n`).join('');
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
