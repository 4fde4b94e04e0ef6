/** Counts by name; a name without events reads 0. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(word: string): void {
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  get(word: string): number {
    return this.#counts.get(word) ?? 0;
  }

  /** Most frequent first. */
  entries(): [string, number][] {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }
}
