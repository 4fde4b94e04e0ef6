import { calmSpreadBps, spreadOption } from '../../config/derived.ts';
import type { Settings } from '../../config/fields.ts';
import type { ResolvedField } from '../../config/resolve.ts';
import { aboutGroup, adviceFor, groupsOf, type SymbolGroup } from '../../config/symbol-groups.ts';
import { sumUp, type RunTotals } from '../../harness/measures/measures.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';
import { fixed, signed } from '../text/format.ts';
import type { Table } from '../text/table.ts';
import { responsible, settingsText, type ResponsibleSetting } from './held-back.ts';

/** A part of the PnL that lost money, with the setting to change. */
export interface Cost {
  readonly part: 'spread captured' | 'fees' | 'adverse selection' | 'drift of the position' | 'funding';
  /** Negative. */
  readonly usd: number;
  readonly bps: number;
  readonly settings: readonly ResponsibleSetting[];
  readonly change: string;
}

interface Row {
  readonly part: Cost['part'];
  /** In our favor when positive. */
  readonly usd: (totals: RunTotals) => number;
  readonly keys: readonly string[];
  readonly change: (settings: Settings, missingBps: number) => string;
}

const ROWS: readonly Row[] = [
  {
    part: 'spread captured',
    usd: ({ spreadUsd }) => spreadUsd,
    keys: ['quoting.baseSpreadBps'],
    change: () => 'fills at prices worse than the mid: look at delayed or lost messages, and at --explain-at',
  },
  {
    part: 'fees',
    usd: ({ feesUsd }) => -feesUsd,
    keys: ['quoting.baseSpreadBps'],
    change: (settings, missingBps) => `${wider(settings, missingBps)}, which fills less often; or a lower fee tier`,
  },
  {
    part: 'adverse selection',
    usd: ({ selectionUsd }) => selectionUsd,
    keys: ['quoting.baseSpreadBps', 'risk.edgeMarkoutMs'],
    change: (settings, missingBps) => `${wider(settings, missingBps)}: the price moves on after our fills`,
  },
  {
    part: 'drift of the position',
    usd: ({ driftUsd }) => driftUsd,
    keys: ['quoting.skewBpsPerPercent', 'risk.softInventoryRatio'],
    change: leanMore,
  },
  {
    part: 'funding',
    usd: ({ fundingUsd }) => -fundingUsd,
    keys: ['quoting.skewBpsPerPercent'],
    change: () => 'a smaller position across funding times',
  },
];

/**
 * What a losing run lost money on, worst first; empty when it lost none. Where symbols have settings of their own, the changes to try are for
 * those with the settings that lost most.
 */
export function costsOf(statistics: RunStatistics, settings: Settings, fields: readonly ResolvedField[]): readonly Cost[] {
  const totals = sumUp(statistics);
  const { netUsd, turnoverUsd } = totals;
  if (!(netUsd < 0) || turnoverUsd === 0) return [];
  const bps = (usd: number): number => (usd / turnoverUsd) * 10_000;
  const { group, missingBps } = worstGroup(statistics, settings);
  return ROWS.map(({ part, usd, keys, change }) => ({
    part,
    usd: usd(totals),
    bps: bps(usd(totals)),
    settings: responsible(keys, fields, group),
    change: aboutGroup(group, adviceFor(group, change(group.settings, missingBps))),
  }))
    .filter(({ usd }) => usd < 0)
    .sort((a, b) => a.usd - b.usd);
}

/** The symbols with the settings that lost most, and what they would have had to earn more. */
function worstGroup({ symbols }: RunStatistics, settings: Settings): { readonly group: SymbolGroup; readonly missingBps: number } {
  const sums = groupsOf(settings, [...symbols.keys()]).map((group) => {
    const { netUsd, turnoverUsd } = sumUp({ symbols: new Map([...symbols].filter(([symbol]) => group.symbols.includes(symbol))) });
    return { group, netUsd, missingBps: turnoverUsd === 0 ? 0 : (-netUsd / turnoverUsd) * 10_000 };
  });
  return sums.reduce((worst, each) => (each.netUsd < worst.netUsd ? each : worst));
}

/** A base spread that would capture what is missing, if fills stayed the same. The base spread of other models is only their least. */
function wider(settings: Settings, missingBps: number): string {
  if (settings.quoting.model !== 'spread') return `a wider spread of the model, at the least ${spreadOption(settings, 2 * missingBps)}`;
  return spreadOption(settings, calmSpreadBps(settings) + 2 * missingBps);
}

/** How quotes could lean more against the position. */
function leanMore({ quoting }: Settings): string {
  const { model, skewBpsPerPercent, maxSkewBps } = quoting;
  if (model !== 'spread') return 'shorter holding: a higher quoting.riskAversionPerBps';
  const skew = Math.min(10, skewBpsPerPercent === 0 ? 0.1 : Number((2 * skewBpsPerPercent).toFixed(2)));
  if (skew <= skewBpsPerPercent) return 'shorter holding: a lower risk.softInventoryRatio';
  return `shorter holding: --set quoting.skewBpsPerPercent=${skew}, and a higher quoting.maxSkewBps (${maxSkewBps}) where that binds`;
}

/** Undefined when the run lost nothing. */
export function costTable(costs: readonly Cost[]): Table | undefined {
  if (costs.length === 0) return undefined;
  return {
    title: 'What it cost',
    head: ['', 'USDT', 'bps of turnover', 'setting', 'change to try'],
    rows: costs.map(({ part, usd, bps, settings, change }) => [part, signed(usd), signed(bps), settingsText(settings), change]),
  };
}

/** The two worst for a terminal, as pairs of label and text. */
export function costLines(costs: readonly Cost[]): readonly (readonly [string, string])[] {
  return costs
    .slice(0, 2)
    .flatMap(({ part, usd, bps, change }) => [
      [`${fixed(-bps)} bps`, `${part}: ${signed(usd)} USDT`] as const,
      ['', `try: ${change}`] as const,
    ]);
}
