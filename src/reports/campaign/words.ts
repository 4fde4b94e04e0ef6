import { counted } from '../../util/counted.ts';
import type { Interval } from '../../statistics/sample.ts';
import type { Shape } from '../html/intervals.ts';
import { fixed, grouped, signed } from '../text/format.ts';
import { boundOf, figure } from '../soak/soak-rows.ts';
import type { CampaignReport, EdgeFigures, JudgedGate, SetupFigures } from './campaign-report.ts';

/** Of the parts of a report, in every format. */
export const TITLES = {
  setups: 'Setups, best first',
  unseen: 'On unseen seeds',
  questions: 'Questions',
  figures: 'Figures of the setups',
  parts: 'Where the edge comes from, bps of turnover',
  scenarios: 'Net edge by scenario, bps',
  effects: 'What each setting changes',
  survival: 'Survival',
  gates: 'Gates that are judged',
  broken: 'Broken and lost runs',
} as const;

/** `+0.42 bps [0.11, 0.73]`. */
export function bpsText(bps: number | null, interval: Interval | null): string {
  return bps === null ? 'unknown' : `${signed(bps)} bps${interval === null ? '' : ` ${bracketed(interval)}`}`;
}

/** `+0.42 [0.11, 0.73]`, for a cell. */
export function bpsCell(bps: number | null, interval: Interval | null): string {
  return `${signed(bps)}${bps === null || interval === null ? '' : ` ${bracketed(interval)}`}`;
}

export function bracketed([low, high]: Interval): string {
  return `[${fixed(low)}, ${fixed(high)}]`;
}

const WHY = { worse: 'worse', failed: 'a run has no result', 'no turnover': 'no fills' } as const;

/** How a setup did against the best one, as a shape and in words. */
export function standingOf(report: CampaignReport, setup: SetupFigures): { readonly shape: Shape; readonly text: string } {
  const { left } = setup;
  if (left !== null) {
    const round = report.origin.block === null ? '' : `, round ${left.round}`;
    return { shape: 'left', text: `${WHY[left.why]}${round}` };
  }
  if (setup.netBps === null) return { shape: 'left', text: 'no fills' };
  return setup === report.setups[0] ? { shape: 'best', text: 'best' } : { shape: 'rival', text: 'may be as good' };
}

/** Heads of the column of differences to the baseline: none where it is the best one, which has such a column already. */
export function baselineHeads({ origin, setups }: CampaignReport): string[] {
  return setups.length < 2 || setups[0]?.name === origin.baseline ? [] : [`to ${origin.baseline}`];
}

/** Setups that are not proven worse than the best one. */
export function rivalsOf({ setups }: CampaignReport): number {
  return setups.slice(1).filter(({ left }) => left === null).length;
}

/** The name without varied keys: setups with the same one differ in these only. */
export function baseOf({ name, varied }: SetupFigures): string {
  const [key] = Object.keys(varied);
  const end = key === undefined ? -1 : name.lastIndexOf(`/${key.split('.').at(-1)}=`);
  return end < 0 ? name : name.slice(0, end);
}

/**
 * Names for drawings, where there is little room: the values of the varied keys, after the rest of the name where it differs. Whole names
 * where these would not tell setups apart.
 */
export function shortNames({ setups }: CampaignReport): ReadonlyMap<string, string> {
  const isMixed = areMixed(setups);
  const keys = variedKeys(setups);
  const short = setups.map((setup) => {
    const values = keys.map((key) => String(setup.varied[key] ?? '–'));
    return values.length === 0 ? setup.name : [...(isMixed ? [baseOf(setup)] : []), ...values].join(' · ');
  });
  const differ = new Set(short).size === short.length;
  return new Map(setups.map(({ name }, i) => [name, differ ? (short[i] ?? name) : name]));
}

/** The same report with short names in what is listed by setup. */
export function withShortNames(report: CampaignReport): CampaignReport {
  const names = shortNames(report);
  const renamed = <T extends { readonly name: string }>(each: T): T => ({ ...each, name: names.get(each.name) ?? each.name });
  const { origin } = report;
  return {
    ...report,
    origin: { ...origin, baseline: names.get(origin.baseline) ?? origin.baseline },
    setups: report.setups.map(renamed),
    confirmation: report.confirmation.map(renamed),
  };
}

/** What short names are made of: `profile · baseSpreadBps`. */
export function shortNameParts({ setups }: CampaignReport): string {
  const keys = variedKeys(setups);
  return [...(areMixed(setups) && keys.length > 0 ? ['profile'] : []), ...keys].join(' · ');
}

function areMixed(setups: readonly SetupFigures[]): boolean {
  return new Set(setups.map(baseOf)).size > 1;
}

/** Keys of which at least two values were tried. */
export function variedKeys(setups: readonly SetupFigures[]): readonly string[] {
  const keys = new Set(setups.flatMap(({ varied }) => Object.keys(varied)));
  return [...keys].filter((key) => new Set(setups.map(({ varied }) => varied[key])).size > 1);
}

/** `12 seeds`, or where not all had fills `12 seeds, 4 with fills`. */
export function seedsOf({ seeds, tradedSeeds }: EdgeFigures, isUnseen: boolean): string {
  return `${seedsText(seeds, isUnseen)}${tradedSeeds < seeds ? `, ${grouped(tradedSeeds)} with fills` : ''}`;
}

export function seedsText(count: number, isUnseen: boolean): string {
  return counted(count, isUnseen ? 'unseen seed' : 'seed');
}

/** Setups of which no other earns at least as much with less risk; empty where there is nothing to choose from. */
export function frontText({ setups, front, survival }: CampaignReport): string {
  return setups.length < 2 || survival !== null || front.length === 0
    ? ''
    : `no setup earns as much with less inventory risk than ${front.join('; ')}`;
}

/** What went wrong in a run. */
export function whatText(what: readonly string[]): string {
  return what.join('; ');
}

/** Of a run that is lost. */
export function lostText(reason: string): string {
  return `no result: ${reason}`;
}

/** `3 of 9`: runs that a soak would call FAIL for another reason than the net edge; `none`. */
export function failingText({ gateFailures, runs }: SetupFigures): string {
  return gateFailures.runs === 0 ? 'none' : `${grouped(gateFailures.runs)} of ${grouped(runs)}`;
}

/** Of a gate: bound, worst value of a run, runs that were judged and those that failed. */
export function gateCells(gate: JudgedGate): string[] {
  return [boundOf(gate), figure(gate, gate.worst ?? undefined), grouped(gate.judged), grouped(gate.failed)];
}

/** What happened, and in how many runs. */
export function countsText(counts: readonly (readonly [what: string, runs: number])[]): string {
  return counts.map(([what, runs]) => `${what} (${grouped(runs)})`).join('; ');
}
