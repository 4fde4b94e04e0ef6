import type { Finding } from './invariant.ts';

const SHOWN = 3;

/** Breaches of a rule: their number and the texts of the first few. */
export class Breaches {
  readonly #first: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(text: string): void {
    this.#count += 1;
    if (this.#first.length < SHOWN) this.#first.push(text);
  }

  /** `otherwise`: what was found if there was no breach. `looks`: how often the rule was checked. */
  finding(otherwise: string, looks = 1): Finding {
    if (this.#count === 0) return { holds: true, found: otherwise, ...(looks === 0 ? { isIdle: true } : {}) };
    const more = this.#count > this.#first.length ? `; ${this.#count} in all` : '';
    return { holds: false, found: `${this.#first.join('; ')}${more}` };
  }
}
