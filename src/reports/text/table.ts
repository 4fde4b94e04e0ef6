/** A table of text cells, printed as such in the terminal, in Markdown and in HTML. Headers may be empty. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A summary of the rows. With it, an HTML page shows the table collapsed. */
  readonly inShort?: string | undefined;
  /** Its cells are short: on a narrow terminal each row keeps one line, and columns without room follow in further tables. */
  readonly hasShortCells?: boolean;
}

/** The tables of a report, in this order in every format. Plots, where there are any, come before `rest`. */
export interface ReportTables {
  /** The settings of the run in two columns; the last row is the command that repeats it. */
  readonly origin: Table;
  readonly first: readonly Table[];
  readonly rest: readonly Table[];
}

/** The meaning of a result cell, for outputs with colors. */
export function moodOf(cell: string): 'good' | 'bad' | 'open' | undefined {
  if (/^(FAIL|BROKEN)\b|^no$/.test(cell)) return 'bad';
  if (/^(pass|holds)\b|^yes$/.test(cell)) return 'good';
  return cell === 'undecided' || cell === 'too few samples' || cell === 'not exercised' ? 'open' : undefined;
}
