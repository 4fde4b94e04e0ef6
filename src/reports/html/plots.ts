import type { Packed } from './packed.ts';

/** The plots of a page as data: written into the page by the report, read by the page’s script. */
export interface PlotData {
  /** The right end of every time axis, ms since the start. */
  readonly endMs: number;
  readonly marks: readonly PlotMark[];
  readonly groups: readonly PlotGroup[];
}

/** Plots that are shown together. Of the groups with a tab, one is visible at a time. */
export interface PlotGroup {
  readonly title: string;
  readonly isTab: boolean;
  readonly plots: readonly Plot[];
}

export interface Plot {
  readonly title: string;
  readonly unit: string;
  /** `time`: ms since the start. `share`: one of n samples is worse, with n on a log axis. */
  readonly axis: 'time' | 'share';
  readonly scale: 'linear' | 'log';
  /** The share of the page’s width, on a wide screen. */
  readonly width: 'full' | 'half' | 'third';
  /** The y axis covers at least this range. */
  readonly atLeast?: readonly [low: number, high: number] | undefined;
  readonly x: Packed;
  readonly lines: readonly PlotLine[];
  /** Horizontal lines: the bounds of the gates. */
  readonly limits: readonly { readonly value: number; readonly text: string; readonly color: PlotColor }[];
}

export interface PlotLine {
  readonly label: string;
  readonly color: PlotColor;
  /** `buys` and `sells` are triangles that point up and down. `note`: shown on hover only. */
  readonly shape: 'line' | 'strong' | 'dashed' | 'dotted' | 'steps' | 'area' | 'buys' | 'sells' | 'note';
  readonly digits: number;
  readonly y: Packed;
}

/** An incident: a line, or a band if it lasted. */
export interface PlotMark {
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: 'freeze' | 'stream' | 'book' | 'fault';
  readonly text: string;
}

export type PlotColor = 'ink' | 'dim' | 'blue' | 'red' | 'green' | 'orange' | 'purple';
