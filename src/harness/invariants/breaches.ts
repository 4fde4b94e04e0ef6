import type { Finding } from './invariant.ts';

const SHOWN = 3;

/** What broke a rule: how often, and the first few in words. */
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

  /** `otherwise`: what was seen when nothing broke it; `looks`: how often something was held against the rule. */
  finding(otherwise: string, looks = 1): Finding {
    if (this.#count === 0) return { holds: true, found: otherwise, ...(looks === 0 ? { isIdle: true } : {}) };
    const more = this.#count > this.#first.length ? `; ${this.#count} in all` : '';
    return { holds: false, found: `${this.#first.join('; ')}${more}` };
  }
}
