/** A table of text cells: the terminal, Markdown and HTML print the same ones. Heads may be empty. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What its rows come to, where nobody has to read them: a page shows them on demand. */
  readonly inShort?: string | undefined;
}

/** What a cell says about the run, for whoever has colours. */
export function moodOf(cell: string): 'good' | 'bad' | 'open' | undefined {
  if (/^(FAIL|BROKEN)\b/.test(cell)) return 'bad';
  if (/^(pass|holds)\b/.test(cell)) return 'good';
  return cell === 'too few samples' || cell === 'not looked at' ? 'open' : undefined;
}
