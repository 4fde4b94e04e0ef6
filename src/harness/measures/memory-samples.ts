const WARM_UP_MS = 60_000;
const HOUR_MS = 3_600_000;
const MB = 1024 * 1024;

/** Resident memory over time and its growth. Keeps sums only, so it is bounded. */
export class MemorySamples {
  #offered = 0;
  #count = 0;
  #sumT = 0;
  #sumM = 0;
  #sumTT = 0;
  #sumTM = 0;
  #peak = 0;

  /** All samples. Those of the warm-up, in which caches fill and code is compiled, do not count for the slope. */
  get count(): number {
    return this.#offered;
  }

  get peakMb(): number {
    return this.#peak / MB;
  }

  add(atMs: number, bytes: number): void {
    this.#peak = Math.max(this.#peak, bytes);
    this.#offered += 1;
    if (atMs < WARM_UP_MS) return;
    const t = atMs / HOUR_MS;
    const m = bytes / MB;
    this.#count += 1;
    this.#sumT += t;
    this.#sumM += m;
    this.#sumTT += t * t;
    this.#sumTM += t * m;
  }

  /** Least squares, MB per hour; undefined below two samples. */
  get slope(): number | undefined {
    const spread = this.#count * this.#sumTT - this.#sumT ** 2;
    return this.#count < 2 || spread === 0 ? undefined : (this.#count * this.#sumTM - this.#sumT * this.#sumM) / spread;
  }
}
