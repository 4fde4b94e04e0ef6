import type { Packed } from './packed.ts';

/** The plots of a page as data: written into the page by the report, read by the page’s script. */
export interface PlotData {
  /** The right end of every time axis, ms since the start. */
  readonly endMs: number;
  readonly marks: readonly PlotMark[];
  readonly groups: readonly PlotGroup[];
  readonly instants: Instants;
}

/** What can be said of an instant of the run. */
export interface Instants {
  /** ISO time of the start. */
  readonly startedAt: string;
  /** The command that prints the decision at an instant, without that instant, which comes last; undefined where there is none. */
  readonly explain?: string | undefined;
  /** What has to be known about the command. */
  readonly note?: string | undefined;
  /** Decisions that the report contains. */
  readonly decisions: readonly Decision[];
}

/** A decision, from when it was made to the instant that was asked for. */
export interface Decision {
  readonly fromMs: number;
  readonly toMs: number;
  /** Pairs of label and text. */
  readonly words: readonly (readonly [label: string, text: string])[];
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
  /** `time`: ms since the start. `share`: one of n samples is worse, with n on a log axis. `log`: positive figures of any kind. */
  readonly axis: 'time' | 'share' | 'log';
  readonly scale: 'linear' | 'log';
  /** The share of the page’s width, on a wide screen. */
  readonly width: 'full' | 'half' | 'third';
  /** The y axis covers at least this range. */
  readonly atLeast?: readonly [low: number, high: number] | undefined;
  readonly x: Packed;
  readonly lines: readonly PlotLine[];
  /** Horizontal lines, such as the bounds of the gates. */
  readonly limits: readonly { readonly value: number; readonly text: string; readonly color: PlotColor }[];
  readonly bands?: readonly PlotBand[];
  /** Vertical lines. */
  readonly posts?: readonly { readonly x: number; readonly text: string; readonly color: PlotColor }[];
}

/** Time in which a state held, shaded the more, the larger its share of each interval is. */
export interface PlotBand {
  readonly label: string;
  readonly color: PlotColor;
  readonly intervalMs: number;
  readonly x: Packed;
  readonly share: Packed;
}

export interface PlotLine {
  readonly label: string;
  readonly color: PlotColor;
  /**
   * `quotes` and `faint`: prices of orders. `buys` and `sells` are triangles that point up and down. `bars` and `outline`: a histogram whose bins begin at x. `points`: a line with
   * a dot at each value. `note`: shown on hover only.
   */
  readonly shape:
    | 'line'
    | 'strong'
    | 'dashed'
    | 'dotted'
    | 'steps'
    | 'quotes'
    | 'faint'
    | 'area'
    | 'buys'
    | 'sells'
    | 'bars'
    | 'outline'
    | 'points'
    | 'note';
  /** Lines with the same name here are one in the legend. */
  readonly group?: string;
  readonly digits: number;
  readonly y: Packed;
}

/** An incident, or a decision that the report explains: a line, or a band if it lasted. */
export interface PlotMark {
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: 'freeze' | 'stream' | 'book' | 'fault' | 'decision';
  readonly text: string;
}

export type PlotColor = 'ink' | 'dim' | 'blue' | 'red' | 'green' | 'orange' | 'purple';
