/** The instant that a reader has pinned. */
export class Pin {
  readonly #endMs: number;
  readonly #listeners = new Set<() => void>();
  #atMs: number | undefined;

  constructor(endMs: number) {
    this.#endMs = endMs;
  }

  get atMs(): number | undefined {
    return this.#atMs;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** To the millisecond, within the run. */
  set(atMs: number): void {
    this.#change(Math.round(Math.max(0, Math.min(atMs, this.#endMs))));
  }

  clear(): void {
    this.#change(undefined);
  }

  #change(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    this.#atMs = atMs;
    for (const listener of this.#listeners) listener();
  }
}
