/** The line that repeats a run, without the instant that it asked for. */
export function withoutExplainAt(repeat: string): string {
  return repeat.replace(/ --explain-at[ =]\S+/g, '');
}
