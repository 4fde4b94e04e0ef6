import { KINDS } from './damages.ts';
import type { Plan } from './plan.ts';
import type { SessionResult } from './virtual-session.ts';

interface Count {
  drawn: number;
  dealt: number;
  failed: number;
}

/** What many sessions come to. */
export class Tally {
  readonly #where: string;
  readonly #kinds = new Map<string, Count>(KINDS.map(({ name }) => [name, { drawn: 0, dealt: 0, failed: 0 }]));
  readonly #endings = new Map<string, number>();
  readonly #checks = new Map<string, number>();
  readonly failures: string[] = [];
  #sessions = 0;
  #creates = 0;
  #worstRatio = 0;

  /** `where`: the test file that repeats a session. */
  constructor(where: string) {
    this.#where = where;
  }

  /** Says at once what a failing session has broken. */
  add(plan: Plan, result: SessionResult): void {
    this.#sessions += 1;
    this.#creates += result.creates;
    this.#worstRatio = Math.max(this.#worstRatio, result.worstRatio);
    count(this.#endings, `${plan.scenario} ${result.ending}`);
    for (const { kind } of plan.drawn) {
      const one = this.#kinds.get(kind.name);
      if (one === undefined) continue;
      one.drawn += 1;
      one.dealt += result.dealt.get(kind.name) ?? 0;
      one.failed += result.violations.length > 0 ? 1 : 0;
    }
    for (const { check } of result.violations) count(this.#checks, check);
    if (result.violations.length === 0) return;
    const text = failureText(plan, result, this.#where);
    this.failures.push(text);
    console.log(text);
  }

  /** Fewer times than `least`. */
  rarely(least: number): string[] {
    return [...this.#kinds].filter(([, { drawn }]) => drawn < least).map(([name]) => name);
  }

  /** Never at all, however often they were drawn. */
  never(): string[] {
    return [...this.#kinds].filter(([, { dealt }]) => dealt === 0).map(([name]) => name);
  }

  text(): string {
    const rows = [...this.#kinds].map(
      ([name, { drawn, dealt, failed }]) => `${name.padEnd(28)} ${pad(drawn)} ${pad(dealt)} ${pad(failed)}`,
    );
    return [
      `${'kind'.padEnd(28)} ${'drawn'.padStart(7)} ${'dealt'.padStart(7)} ${'failed'.padStart(7)}`,
      ...rows,
      `${this.#sessions} sessions, ${this.#creates} orders sent, worst case ${this.#worstRatio.toFixed(2)} of the limit`,
      `endings: ${words(this.#endings)}`,
      `broken: ${this.#checks.size === 0 ? 'nothing' : words(this.#checks)}`,
    ].join('\n');
  }
}

function failureText({ seed, scenario, drawn }: Plan, { violations, dealt }: SessionResult, where: string): string {
  const kinds = drawn.map(
    ({ kind: { name }, rate, phases }) =>
      `${name} (${rate}, ${phases.length === 7 ? 'always' : phases.join(' ')}, ${dealt.get(name) ?? 0} times)`,
  );
  const names = drawn.map(({ kind: { name } }) => name).join(',');
  return [
    `HOSTILE_SEED=${seed} HOSTILE_KINDS=${names === '' ? 'none' : names} npx vitest run --project slow ${where}`,
    `  ${scenario}; ${kinds.join('; ')}`,
    ...violations.map(({ check, text }) => `  ${check}: ${text}`),
  ].join('\n');
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function words(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, times]) => `${name} ${times}`).join(', ');
}

const pad = (value: number): string => String(value).padStart(7);
