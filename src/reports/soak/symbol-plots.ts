import type { SymbolColumns } from '../../harness/series/symbol-series.ts';
import { pack } from '../html/packed.ts';
import { grouped, limitOf, line, NO_LIMITS, scaled, type Figures, type Limits } from '../html/plot-parts.ts';
import type { Plot, PlotBand, PlotColor, PlotLine } from '../html/plots.ts';
import { grouped as groupedDigits } from '../text/format.ts';
import type { BotReport, PositionLimits } from './soak-report.ts';

/** A position plot covers HARD of both signs and its name. */
const ROOM = 1.2;

/** Price with our orders, PnL, position and quoting of one symbol. */
export function symbolPlots(columns: SymbolColumns, report: BotReport): Plot[] {
  const { positionLimits: limits } = report.symbols.find(({ symbol }) => symbol === columns.symbol) ?? report;
  const x = pack(columns.atMs);
  const common = { x, axis: 'time', scale: 'linear', limits: NO_LIMITS, width: 'third' } as const;
  return [
    {
      ...common,
      title: 'Price, own quotes and fills',
      unit: 'USDT',
      width: 'full',
      lines: priceLines(columns),
      bands: inventoryBands(columns),
    },
    { ...common, title: 'PnL and its components', unit: 'USDT since the start', width: 'full', lines: pnlLines(columns) },
    {
      ...common,
      title: 'Position',
      unit: 'USDT at the mid',
      width: 'full',
      lines: [line('position', 'blue', 'area', 0, valuesOf(columns)), line('coins', 'dim', 'note', 4, columns.position)],
      limits: limitLines(limits),
      atLeast: [-ROOM * limits.hardUsd, ROOM * limits.hardUsd],
      bands: inventoryBands(columns),
    },
    {
      ...common,
      title: 'Risk ratio',
      width: 'half',
      unit: 'worst-case position over its maximum',
      atLeast: [0, 0],
      lines: [line('risk ratio', 'blue', 'area', 3, columns.riskRatio)],
      limits: gateBound(report.gates, 'riskRatioP95', 'red', 'p95'),
    },
    {
      ...common,
      title: 'Quoting on both sides',
      width: 'half',
      unit: '% of the time',
      x: pack(columns.quoting.atMs),
      atLeast: [0, 100],
      lines: [line('two-sided', 'green', 'area', 1, scaled(columns.quoting.share, 100))],
      limits: gateBound(report.gates, 'quoteUptime', 'dim', 'whole run', 100),
    },
  ];
}

/** The same of all symbols together. */
export function totalPlots({ series: { total } }: BotReport): Plot[] {
  const common = { x: pack(total.atMs), axis: 'time', scale: 'linear', limits: NO_LIMITS, width: 'full' } as const;
  return [
    { ...common, title: 'PnL of all symbols and its components', unit: 'USDT since the start', lines: pnlLines(total) },
    {
      ...common,
      title: 'Gross position',
      unit: 'USDT at the mid, of all symbols, long and short added',
      atLeast: [0, 0],
      lines: [line('gross position', 'blue', 'area', 0, total.grossPositionUsd)],
    },
  ];
}

function priceLines({ mid, bid, ask, bought, sold, backBids, backAsks }: SymbolColumns): PlotLine[] {
  const digits = pack(mid).decimals;
  const back = (name: string, color: PlotColor, all: readonly Figures[]): PlotLine[] =>
    all.map((figures, index) => line(`${name} ${index + 2}`, color, 'faint', digits, figures));
  return [
    ...grouped('orders behind', [...back('bid', 'blue', backBids), ...back('ask', 'red', backAsks)]),
    line('own bid', 'blue', 'quotes', digits, bid),
    line('own ask', 'red', 'quotes', digits, ask),
    line('mid', 'ink', 'line', digits, mid),
    line('▲ bought', 'blue', 'buys', digits, bought),
    line('▼ sold', 'red', 'sells', digits, sold),
  ];
}

type PnlColumns = Pick<SymbolColumns, 'spreadUsd' | 'adverseUsd' | 'feesUsd' | 'fundingUsd' | 'netUsd'>;

function pnlLines({ spreadUsd, adverseUsd, feesUsd, fundingUsd, netUsd }: PnlColumns): PlotLine[] {
  return [
    line('spread captured', 'green', 'line', 2, spreadUsd),
    line('adverse selection and inventory', 'red', 'line', 2, adverseUsd),
    line('fees', 'orange', 'dashed', 2, scaled(feesUsd, -1)),
    line('funding', 'purple', 'dotted', 2, scaled(fundingUsd, -1)),
    line('net', 'ink', 'strong', 2, netUsd),
  ];
}

/** Of each position at the last mid. */
function valuesOf({ position, mid }: SymbolColumns): Figures {
  let last: number | null = null;
  return position.map((coins, i) => {
    last = mid[i] ?? last;
    return coins === null || last === null ? null : Number((coins * last).toFixed(2));
  });
}

function limitLines({ softUsd, hardUsd, maxUsd }: PositionLimits): Limits {
  const pair = (name: string, usd: number, color: PlotColor): Limits => [
    { value: usd, text: `${name} ${groupedDigits(usd)}`, color },
    { value: 0 - usd, text: `${name} -${groupedDigits(usd)}`, color },
  ];
  return [...pair('SOFT', softUsd, 'orange'), ...pair('HARD', hardUsd, 'red'), ...pair('maximum', maxUsd, 'purple')];
}

/** Time in which the position made quotes smaller or one-sided. */
function inventoryBands({ quoting }: SymbolColumns): PlotBand[] {
  const { atMs, intervalMs, inventorySoft, inventoryHard } = quoting;
  const band = (label: string, color: PlotColor, share: Figures): PlotBand[] =>
    share.some((value) => value !== null && value > 0) ? [{ label, color, intervalMs, x: pack(atMs), share: pack(share) }] : [];
  return [...band('inventory SOFT', 'orange', inventorySoft), ...band('inventory HARD', 'red', inventoryHard)];
}

/** The bound of a gate, as the profile sets it. */
export function gateBound(gates: BotReport['gates'], key: string, color: PlotColor, what: string, factor = 1): Limits {
  const gate = gates.find((each) => each.key === `thresholds.${key}`);
  return gate === undefined ? [] : [limitOf(gate, color, what, factor)];
}
