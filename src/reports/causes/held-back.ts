import { partsOf } from '../../config/keys.ts';
import type { ResolvedField } from '../../config/resolve.ts';
import type { Settings } from '../../config/fields.ts';
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
  const facts = factsOf(tallies, parts);
  const totalMs = sides.reduce((sum, { ms }) => sum + ms, 0);
  const causes = [...summedUp(sides)].filter(({ kind }) => kind !== 'quoted').sort((a, b) => weightOf(b) - weightOf(a));
  return {
    sides,
    heldBack: causes.map(({ kind, code, ms }) => {
      const { what, keys, change } = causeText({ kind, code }, facts);
      return { kind, code, share: ms / totalMs, what, settings: responsible(keys, parts.fields), change: change ?? null };
    }),
  };
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

function factsOf(tallies: readonly SymbolTally[], { settings, latencyP95Ms }: AttributionParts): CauseFacts {
  const smallest = tallies.flatMap(({ instrument, mid }) => (mid === undefined ? [] : [smallestUsd(instrument, mid)]));
  return { settings, latencyP95Ms, smallestUsd: smallest.length === 0 ? undefined : Math.max(...smallest) };
}

/** The values of settings, and where they come from. */
export function responsible(keys: readonly string[], fields: readonly ResolvedField[]): ResponsibleSetting[] {
  return [...new Set(keys)].flatMap((key) =>
    fields
      .filter((field) => partsOf(field.key).common === key)
      .map((field) => ({ key: field.key, value: field.winner.value, source: shortSource(field.winner.source) })),
  );
}

/** `quoting.levels 3 (s1.yaml:27:11)` */
export function settingsText(settings: readonly ResponsibleSetting[]): string {
  return settings.map(({ key, value, source }) => `${key} ${value} (${source})`).join(', ');
}

/** Without the folder of a file, which differs from machine to machine. */
function shortSource(source: string): string {
  return source.replace(/^.*\//, '');
}
