import type { Packed } from './packed.ts';

/** What a page draws, as data: the server writes it, the script in the page reads it. */
export interface PlotData {
  /** The right end of every time axis, ms since the start. */
  readonly endMs: number;
  readonly marks: readonly PlotMark[];
  readonly groups: readonly PlotGroup[];
}

/** Plots that are looked at together. Of the groups with a tab one shows at a time. */
export interface PlotGroup {
  readonly title: string;
  readonly isTab: boolean;
  readonly plots: readonly Plot[];
}

export interface Plot {
  readonly title: string;
  readonly unit: string;
  /** `time`: ms since the start. `share`: of n samples one is worse, n on a log axis. */
  readonly axis: 'time' | 'share';
  readonly scale: 'linear' | 'log';
  /** Of the page, where the page is wide. */
  readonly width: 'full' | 'half' | 'third';
  /** The y axis shows at least this much. */
  readonly atLeast?: readonly [low: number, high: number] | undefined;
  readonly x: Packed;
  readonly lines: readonly PlotLine[];
  /** Horizontal: what a gate allows. */
  readonly limits: readonly { readonly value: number; readonly text: string; readonly color: PlotColor }[];
}

export interface PlotLine {
  readonly label: string;
  readonly color: PlotColor;
  /** `buys` and `sells` are triangles, up and down. `note`: shown on hover only. */
  readonly shape: 'line' | 'strong' | 'dashed' | 'dotted' | 'steps' | 'area' | 'buys' | 'sells' | 'note';
  readonly digits: number;
  readonly y: Packed;
}

/** Something that happened: a line, or a band where it lasted. */
export interface PlotMark {
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: 'freeze' | 'stream' | 'book' | 'fault';
  readonly text: string;
}

export type PlotColor = 'ink' | 'dim' | 'blue' | 'red' | 'green' | 'orange' | 'purple';
