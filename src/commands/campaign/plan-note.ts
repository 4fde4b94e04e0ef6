/** What is to be known before the first run, and stops nothing: a line of the log. */
export interface PlanNote {
  readonly event: string;
  readonly fields: Readonly<Record<string, string | number>>;
}
