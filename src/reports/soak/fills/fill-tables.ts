import { clockTime, fixed, grouped, percent, signed } from '../../text/format.ts';
import type { Table } from '../../text/table.ts';
import type { SoakReport } from '../soak-report.ts';
import type { FillFigures, StandingFigures } from './fill-figures.ts';
import { fillSentence, standingText } from './fill-words.ts';

const MOST_SHOWN = 10;
const MOST_LISTED = 200;

type Fills = Pick<SoakReport, 'fills' | 'fillsDropped' | 'fillStandings' | 'symbols'>;

/** The fills that lost most, worst first. */
function worstOf({ fills }: Pick<Fills, 'fills'>, most: number): readonly FillFigures[] {
  const lossOf = ({ resultUsd }: FillFigures): number => resultUsd ?? 0;
  return fills
    .filter((fill) => lossOf(fill) < 0)
    .sort((a, b) => lossOf(a) - lossOf(b))
    .slice(0, most);
}

/** Undefined when no fill lost. */
export function worstFillTable(report: Fills): Table | undefined {
  const worst = worstOf(report, MOST_SHOWN);
  if (worst.length === 0) return undefined;
  return {
    title: 'Worst fills: markout times size',
    head: ['at', 'USDT', 'fill'],
    rows: worst.map((fill) => [clockTime(fill.atMs), signed(fill.resultUsd, 3), fillSentence(fill, report.symbols.length > 1)]),
  };
}

/** The same for a terminal, as pairs of label and text. */
export function worstFillLines(report: Fills): readonly (readonly [string, string])[] {
  return worstOf(report, MOST_SHOWN).map((fill) => [
    clockTime(fill.atMs),
    `${signed(fill.resultUsd, 3)}: ${fillSentence(fill, report.symbols.length > 1)}`,
  ]);
}

/** Fills and loss while a change of the order was on its way: what latency cost. */
function onTheWay(standings: readonly StandingFigures[]): readonly StandingFigures[] {
  return standings.filter(({ standing }) => standing === 'moving' || standing === 'canceling');
}

/** Fills and loss while a change of the order was wanted and waited: what budgets cost. */
function waited(standings: readonly StandingFigures[]): readonly StandingFigures[] {
  return standings.filter(({ standing }) => standing === 'postponed');
}

/** One sentence; undefined without fills. */
export function fillSummary({ fillStandings }: Pick<Fills, 'fillStandings'>): string | undefined {
  if (fillStandings.length === 0) return undefined;
  const text = (parts: readonly StandingFigures[], when: string): string => {
    const { share, lossShare } = totalOf(parts);
    return `${percent(share)} came while ${when}${lossShare === null ? '' : `, with ${percent(lossShare)} of the loss`}`;
  };
  const moving = text(onTheWay(fillStandings), 'a move or cancel of the order was on its way');
  return `${moving}; ${text(waited(fillStandings), 'a move waited for a budget')}`;
}

function totalOf(parts: readonly StandingFigures[]): Pick<StandingFigures, 'fills' | 'share' | 'lossUsd' | 'lossShare'> {
  const sum = (pick: (part: StandingFigures) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  const hasLoss = parts.every(({ lossShare }) => lossShare !== null);
  return {
    fills: sum(({ fills }) => fills),
    share: sum(({ share }) => share),
    lossUsd: sum(({ lossUsd }) => lossUsd),
    lossShare: hasLoss ? sum(({ lossShare }) => lossShare ?? 0) : null,
  };
}

/** Undefined without fills. */
export function fillStandingTable({ fillStandings }: Fills): Table | undefined {
  if (fillStandings.length === 0) return undefined;
  const row = (name: string, { fills, share, lossUsd, lossShare }: ReturnType<typeof totalOf>): string[] => [
    name,
    grouped(fills),
    percent(share),
    fixed(-lossUsd),
    percent(lossShare),
  ];
  return {
    title: 'Fills by what was happening to their order',
    head: ['order', 'fills', 'share', 'loss USDT', 'share of the loss'],
    rows: [
      row('any move or cancel on its way', totalOf(onTheWay(fillStandings))),
      ...fillStandings.map((standing) => row(standingText(standing), standing)),
    ],
  };
}

/** Kept fills for a page, by time; of many, those that lost most. Undefined without fills. */
export function fillListTable(report: Fills): Table | undefined {
  const { fills, fillsDropped } = report;
  if (fills.length === 0) return undefined;
  const listed = fills.length <= MOST_LISTED ? fills : mostTelling(fills);
  const all = fills.length + fillsDropped;
  const bps = (value: number | null): string => signed(value, 1);
  return {
    title: 'Fills',
    inShort:
      listed.length === all
        ? grouped(all)
        : `the ${MOST_LISTED} of ${grouped(all)} that lost most; report.json has ${grouped(fills.length)}`,
    head: ['at', 'fill', 'level', 'queue s', 'mid bps', '1 s', '10 s', '60 s', 'USDT', 'fair bps', 'age s', 'order'],
    rows: listed.map((fill) => [
      clockTime(fill.atMs),
      `${fill.side} ${fill.quantity}${report.symbols.length > 1 ? ` ${fill.symbol}` : ''} at ${fill.price}${fill.maker ? '' : ' (taker)'}`,
      fill.level === null ? '–' : String(fill.level + 1),
      seconds(fill.queueMs),
      bps(fill.fromMidBps),
      bps(fill.markout1sBps),
      bps(fill.markout10sBps),
      bps(fill.markout60sBps),
      signed(fill.resultUsd, 3),
      bps(fill.why.fromFairBps),
      seconds(fill.why.ageMs),
      [standingText(fill.why), ...(fill.why.guard === null ? [] : [fill.why.guard])].join(', '),
    ]),
  };
}

function mostTelling(fills: readonly FillFigures[]): readonly FillFigures[] {
  const byResult = [...fills].sort((a, b) => (a.resultUsd ?? Infinity) - (b.resultUsd ?? Infinity));
  return byResult.slice(0, MOST_LISTED).sort((a, b) => a.atMs - b.atMs);
}

function seconds(ms: number | null): string {
  return fixed(ms === null ? null : ms / 1000, 3);
}
