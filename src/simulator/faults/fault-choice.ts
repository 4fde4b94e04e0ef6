import { didYouMean } from '../../config/suggest.ts';
import { FAULTS, faultRow, type FaultName } from './fault-table.ts';

/** The faults of a run. For a set, the seed decides which of its faults take part. */
export type FaultChoice =
  | { readonly set: 'none' | 'light' | 'heavy' }
  | { readonly set: undefined; readonly faults: readonly ChosenFault[] };

export interface ChosenFault {
  readonly name: FaultName;
  /** Once, at this time of the run; undefined: repeatedly, at times drawn from the seed. */
  readonly placed: { readonly startMs: number; readonly durationMs: number } | undefined;
}

export const NO_FAULTS: FaultChoice = { set: 'none' };

const PLACED = /^([^@]*)(?:@(\d+(?:\.\d+)?)(s|m|h)?(?::(\d+(?:\.\d+)?)(s|m|h)?)?)?$/;
const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `none`, `light`, `heavy`, or `NAME[@START[:DURATION]],...`; a returned string is the error message. */
export function parseFaults(text: string): FaultChoice | string {
  const words = text.split(',').map((word) => word.trim());
  const [only] = words;
  if (words.length === 1 && (only === 'none' || only === 'light' || only === 'heavy')) return { set: only };
  const faults: ChosenFault[] = [];
  for (const word of words) {
    const fault = parseOne(word);
    if (typeof fault === 'string') return fault;
    if (faults.some(({ name, placed }) => name === fault.name && (placed === undefined || fault.placed === undefined)))
      return `${fault.name} is given twice.`;
    faults.push(fault);
  }
  return { set: undefined, faults };
}

/** Names of faults whose start is after the end of a run of `durationMs`. */
export function neverBegin(choice: FaultChoice, durationMs: number): readonly FaultName[] {
  const faults = choice.set === undefined ? choice.faults : [];
  return faults.filter(({ placed }) => placed !== undefined && placed.startMs >= durationMs).map(({ name }) => name);
}

function parseOne(word: string): ChosenFault | string {
  const [, name = '', start, startUnit, duration, durationUnit] = PLACED.exec(word) ?? [];
  const row = faultRow(name);
  if (name === '' && word !== '') return `'${word}' is not NAME, NAME@START or NAME@START:DURATION, such as lost-reply@10m:30s.`;
  if (row === undefined) return unknownName(name);
  if (start === undefined) return { name: row.name, placed: undefined };
  const durationMs = duration === undefined ? row.lastsMs : millisecondsOf(duration, durationUnit);
  if (durationMs <= 0) return `'${word}' has a duration of 0.`;
  return { name: row.name, placed: { startMs: millisecondsOf(start, startUnit), durationMs } };
}

function unknownName(name: string): string {
  if (['none', 'light', 'heavy'].includes(name)) return `${name} cannot be combined with other faults.`;
  const names = FAULTS.map((row) => row.name);
  return `there is no fault '${name}'${didYouMean(name, [...names, 'none', 'light', 'heavy'])}. Known: none, light, heavy, or by name:\n${listOfFaults()}`;
}

/** The names of the faults, by group. */
export function faultNames(): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, name } of FAULTS) groups.set(group, [...(groups.get(group) ?? []), name]);
  return groups;
}

function listOfFaults(): string {
  return [...faultNames()].map(([group, names]) => `  ${group}: ${names.join(', ')}`).join('\n');
}

function millisecondsOf(count: string, unit: string | undefined): number {
  return Math.round(Number(count) * (unit === 'm' || unit === 'h' ? UNITS[unit] : UNITS.s));
}
