import type { CampaignStep } from '../../harness/campaign/campaign-step.ts';
import { duration, grouped } from '../text/format.ts';
import { progressBar, viewWidth, type ViewPaint } from '../text/view-lines.ts';
import { bpsCell } from './words.ts';

/** A running campaign. */
export interface CampaignProgress {
  readonly step: CampaignStep;
  readonly setups: number;
  /** Rounds of the selection, at most. */
  readonly rounds: number;
  /** Runs that are done, with those of earlier starts; runs in all if no further setup leaves. */
  readonly done: number;
  readonly planned: number;
  readonly lost: number;
  /** Runs at the same time. */
  readonly width: number;
  readonly elapsedMs: number;
  /** Until the end, if no further setup leaves; undefined before the first run has ended. */
  readonly leftMs: number | undefined;
  /** Best first, on the seeds that each has so far. */
  readonly standings: readonly Standing[];
}

export interface Standing {
  readonly name: string;
  readonly seeds: number;
  readonly netBps: number | null;
  readonly intervalBps: readonly [number, number] | null;
  readonly isAlive: boolean;
}

const MOST_ROWS = 14;
const EDGE_COLUMNS = 24;

/** The campaign on one screen: lines of at most `columns`. */
export function campaignView(progress: CampaignProgress, columns: number, paint: ViewPaint): string[] {
  const width = viewWidth(columns);
  const { bold, dim } = paint;
  const shown = progress.standings.slice(0, MOST_ROWS);
  const name = Math.max(5, width - EDGE_COLUMNS - 10);
  const more = progress.standings.length - shown.length;
  return [
    `${bold('mmbot campaign')} ${dim(cut(stageText(progress), width - 15))}`,
    progressBar(shareOf(progress), timeText(progress), width, paint),
    '',
    dim(`${'setup'.padEnd(name)}${'seeds'.padStart(6)}  net bps [95 %]`),
    ...shown.map((standing, i) => standingLine(standing, { name, isBest: i === 0 && standing.netBps !== null, paint })),
    ...(more > 0 ? [dim(`and ${grouped(more)} more`)] : []),
  ];
}

function stageText({ step, setups, rounds, width, lost }: CampaignProgress): string {
  const stage = step.stage === 'confirmation' ? 'unseen seeds' : `round ${step.round} of ${rounds}`;
  const runs = `${grouped(width)} run${width === 1 ? '' : 's'} at a time`;
  return `${stage} · ${step.alive.length} of ${setups} setups left · ${runs}${lost === 0 ? '' : ` · ${lost} lost`}`;
}

function shareOf({ done, planned }: CampaignProgress): number {
  return planned === 0 ? 1 : Math.min(1, done / planned);
}

function timeText({ done, planned, elapsedMs, leftMs }: CampaignProgress): string {
  const left = leftMs === undefined ? '' : `, at most ${duration(leftMs)} left`;
  return `${grouped(done)} of ${grouped(planned)} runs, ${duration(elapsedMs)}${left}`;
}

interface Look {
  readonly name: number;
  readonly isBest: boolean;
  readonly paint: ViewPaint;
}

function standingLine({ name, seeds, netBps, intervalBps, isAlive }: Standing, look: Look): string {
  const { good, dim } = look.paint;
  const text = `${cut(name, look.name - 1).padEnd(look.name)}${String(seeds).padStart(6)}  ${bpsCell(netBps, intervalBps)}`;
  if (!isAlive) return dim(`${text}  worse`);
  return look.isBest ? good(text) : text;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
