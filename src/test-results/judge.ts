import type { Verdict } from '../errors.ts';
import type { TestCase } from './test-run.ts';

export interface Gates {
  /** FAIL when more tests failed. */
  readonly maxFailures: number;
  /** INCONCLUSIVE when fewer tests ran. */
  readonly minTests: number;
  /** FAIL when a test took longer. */
  readonly slowerThanMs: number | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Sentences without a final period, the most severe first; at least one. */
  readonly reasons: readonly string[];
}

/** `suites`: those that should have run. If no test of one ran, the verdict cannot be PASS. */
export function judgeTests(tests: readonly TestCase[], suites: readonly string[], gates: Gates): Judgement {
  const ran = tests.filter(({ status }) => status !== 'skipped');
  const failed = ran.filter(({ status }) => status === 'failed').length;
  const no = [...tooManyFailures(failed, ran.length, gates), ...tooSlow(ran, gates)];
  const unsure = [...idleSuites(ran, suites), ...tooFew(ran.length, gates)];
  if (no.length > 0) return { verdict: 'FAIL', reasons: [...no, ...unsure] };
  if (unsure.length > 0) return { verdict: 'INCONCLUSIVE', reasons: unsure };
  const all = counted(ran.length, 'test');
  return {
    verdict: 'PASS',
    reasons: [failed > 0 ? `${all} ran, ${failed} of at most ${gates.maxFailures} allowed failures` : `${all} passed`],
  };
}

function tooManyFailures(failed: number, ran: number, { maxFailures }: Gates): readonly string[] {
  const allowed = maxFailures > 0 ? `, allowed at most ${maxFailures}` : '';
  return failed > maxFailures ? [`${failed} of ${counted(ran, 'test')} failed${allowed}`] : [];
}

function tooSlow(ran: readonly TestCase[], { slowerThanMs }: Gates): readonly string[] {
  if (slowerThanMs === undefined) return [];
  const slow = ran.filter(({ durationMs = 0 }) => durationMs > slowerThanMs).length;
  return slow > 0 ? [`${counted(slow, 'test')} took longer than ${slowerThanMs / 1000} s`] : [];
}

function idleSuites(ran: readonly TestCase[], suites: readonly string[]): readonly string[] {
  const idle = [...new Set(suites)].filter((name) => !ran.some(({ suite }) => suite === name));
  if (suites.length === 0 || idle.length === new Set(suites).size) return ['no test ran'];
  return idle.map((name) => `no test of ${name} ran`);
}

function tooFew(ran: number, { minTests }: Gates): readonly string[] {
  return ran > 0 && ran < minTests ? [`${counted(ran, 'test')} ran, expected at least ${minTests}`] : [];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
