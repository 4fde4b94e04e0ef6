export interface Span {
  readonly min: number;
  readonly max: number;
}

/** The part of the run that all time plots show. uPlot links cursors of several plots, but keeps no range that they share. */
export class Zoom {
  readonly #endMs: number;
  readonly #listeners = new Set<() => void>();
  #span: Span;

  constructor(endMs: number) {
    this.#endMs = endMs;
    this.#span = { min: 0, max: endMs };
  }

  get span(): Span {
    return this.#span;
  }

  get isWhole(): boolean {
    return this.#span.min <= 0 && this.#span.max >= this.#endMs;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows a span, clipped to the run and at least 50 ms wide. */
  show({ min, max }: Span): void {
    const width = Math.min(this.#endMs, Math.max(50, max - min));
    const from = Math.max(0, Math.min(min, this.#endMs - width));
    this.#span = { min: from, max: from + width };
    for (const listener of this.#listeners) listener();
  }

  showAll(): void {
    this.show({ min: 0, max: this.#endMs });
  }

  /** Zooms around the middle; a factor below one shows less. */
  scale(factor: number): void {
    const { min, max } = this.#span;
    const [middle, half] = [(min + max) / 2, ((max - min) / 2) * factor];
    this.show({ min: middle - half, max: middle + half });
  }

  /** Moves by a fraction of the visible span; negative is back in time. */
  move(part: number): void {
    const { min, max } = this.#span;
    const by = (max - min) * part;
    this.show({ min: min + by, max: max + by });
  }
}
