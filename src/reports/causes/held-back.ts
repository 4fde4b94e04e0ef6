import type { ResolvedField } from '../../config/resolve.ts';
import type { Settings } from '../../config/fields.ts';
import { aboutGroup, adviceFor, groupsOf, type SymbolGroup } from '../../config/symbol-groups.ts';
import { isResting, type SideKind } from '../../harness/measures/side-state.ts';
import type { SymbolTally } from '../../harness/soak/symbol-tally.ts';
import { smallestUsd } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import { causeText, type CauseFacts } from './cause-table.ts';

/** A setting with the place that its value comes from. */
export interface ResponsibleSetting {
  readonly key: string;
  readonly value: string | number | boolean;
  readonly source: string;
}

/** The time that one side of one symbol spent in one state, ms; `share`: of all its observed time. */
export interface SideShare {
  readonly symbol: string;
  readonly side: Side;
  readonly kind: SideKind;
  readonly code: string;
  readonly ms: number;
  readonly share: number;
}

/** One cause that kept sides from being quoted as wanted. */
export interface HeldBack {
  readonly kind: SideKind;
  readonly code: string;
  /** Of the time of all sides of all symbols. */
  readonly share: number;
  readonly what: string;
  readonly settings: readonly ResponsibleSetting[];
  /** What to change; null when no setting would help. */
  readonly change: string | null;
}

/** Where the time of all sides went. */
export interface Attribution {
  /** Every side of every symbol: the shares of one side sum to one. */
  readonly sides: readonly SideShare[];
  /** Worst first. */
  readonly heldBack: readonly HeldBack[];
}

export interface AttributionParts {
  readonly settings: Settings;
  readonly fields: readonly ResolvedField[];
  readonly latencyP95Ms: number | undefined;
}

const SIDES = ['buy', 'sell'] as const;
/** An order that is not as wanted still quotes: its time weighs less than time without an order. */
const WEIGHT_AT_REST = 0.25;

export function attributionOf(tallies: readonly SymbolTally[], parts: AttributionParts): Attribution {
  const sides = tallies.filter(({ observedMs }) => observedMs > 0).flatMap((tally) => SIDES.flatMap((side) => sharesOf(tally, side)));
  const totalMs = sides.reduce((sum, { ms }) => sum + ms, 0);
  const groups = groupsOf(
    parts.settings,
    tallies.map(({ instrument }) => instrument.symbol),
  );
  const causes = groups
    .flatMap((group) => causesOf(group, { tallies, sides, parts, totalMs }))
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ cause }) => cause);
  return { sides, heldBack: causes };
}

interface Observed {
  readonly tallies: readonly SymbolTally[];
  readonly sides: readonly SideShare[];
  readonly parts: AttributionParts;
  readonly totalMs: number;
}

/** What held back the symbols that have the same settings. */
function causesOf(
  group: SymbolGroup,
  { tallies, sides, parts, totalMs }: Observed,
): { readonly cause: HeldBack; readonly weight: number }[] {
  const own = tallies.filter(({ instrument }) => group.symbols.includes(instrument.symbol));
  const facts = factsOf(own, { settings: group.settings, latencyP95Ms: parts.latencyP95Ms });
  const sums = [...summedUp(sides.filter(({ symbol }) => group.symbols.includes(symbol)))].filter(({ kind }) => kind !== 'quoted');
  return sums.map((sum) => {
    const { kind, code, ms } = sum;
    const { what, keys, change } = causeText({ kind, code }, facts);
    const cause = {
      kind,
      code,
      share: ms / totalMs,
      what: aboutGroup(group, what),
      settings: responsible(keys, parts.fields, group),
      change: change === undefined ? null : adviceFor(group, change),
    };
    return { cause, weight: weightOf(sum) };
  });
}

function weightOf({ kind, code, ms }: Pick<SideShare, 'kind' | 'code' | 'ms'>): number {
  return isResting({ kind, code }) ? WEIGHT_AT_REST * ms : ms;
}

function sharesOf({ instrument, sides, observedMs }: SymbolTally, side: Side): SideShare[] {
  return sides[side].entries().map(({ kind, code, ms }) => ({ symbol: instrument.symbol, side, kind, code, ms, share: ms / observedMs }));
}

function summedUp(sides: readonly SideShare[]): Iterable<{ readonly kind: SideKind; readonly code: string; ms: number }> {
  const sums = new Map<string, { readonly kind: SideKind; readonly code: string; ms: number }>();
  for (const { kind, code, ms } of sides) {
    const sum = sums.get(`${kind} ${code}`);
    if (sum === undefined) sums.set(`${kind} ${code}`, { kind, code, ms });
    else sum.ms += ms;
  }
  return sums.values();
}

function factsOf(
  tallies: readonly SymbolTally[],
  { settings, latencyP95Ms }: Pick<AttributionParts, 'settings' | 'latencyP95Ms'>,
): CauseFacts {
  const smallest = tallies.flatMap(({ instrument, mid }) => (mid === undefined ? [] : [smallestUsd(instrument, mid)]));
  return { settings, latencyP95Ms, smallestUsd: smallest.length === 0 ? undefined : Math.max(...smallest) };
}

/** The values that settings have for a group of symbols, and where they come from. */
export function responsible(keys: readonly string[], fields: readonly ResolvedField[], { symbols }: SymbolGroup): ResponsibleSetting[] {
  const [symbol] = symbols;
  return [...new Set(keys)].flatMap((key) => {
    const field = fields.find((each) => each.key === `${symbol}:${key}`) ?? fields.find((each) => each.key === key);
    return field === undefined ? [] : [{ key: field.key, value: field.winner.value, source: shortSource(field.winner.source) }];
  });
}

/** `quoting.levels 3 (s1.yaml:27:11)` */
export function settingsText(settings: readonly ResponsibleSetting[]): string {
  return settings.map(({ key, value, source }) => `${key} ${value} (${source})`).join(', ');
}

/** Without the folder of a file, which differs from machine to machine. */
function shortSource(source: string): string {
  return source.replace(/^.*\//, '');
}
