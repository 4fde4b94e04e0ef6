import { hashOf } from '../../config/resolve.ts';
import type { Settings } from '../../config/fields.ts';
import type { BotEvent } from '../../execution/events.ts';
import type { Journal } from '../../execution/journal.ts';
import type { Wire } from '../../exchange/bybit/wire/wire.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Clock } from '../../util/clock.ts';
import type { Aftermath } from '../soak/aftermath.ts';
import { AccountFold } from './account-fold.ts';
import { changesOrder, type Fact, type WireFact } from './facts.ts';
import type { BookOf, InsideView, Invariant, Rule, RunContext, Sample, Watch } from './invariant.ts';
import { watchedJournal } from './journal-watch.ts';
import { RULES } from './table.ts';
import { watchedWire } from './wire-watch.ts';

export interface OracleParts {
  readonly settings: Settings;
  readonly idPrefix: string;
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Sizes before the first fact. */
  readonly positions?: Iterable<readonly [string, string]>;
  readonly toleranceMs: number;
  /** Undefined: the exchange is another process. */
  readonly inside: Omit<InsideView, 'botBook'> | undefined;
}

/** The exchange accepts time stamps up to a second ahead, and its clock may be slightly off. */
const AHEAD_MS = 1250;
/** After a stop, the oracle watches for late orders for at least this long. */
const LOOK_MS = 500;

/** Kinds of runs to which extra rules apply. */
export type RunKind = NonNullable<Rule['only']>;

/**
 * Checks a run against every invariant by the exchange’s ledger, the wire and the journal. It imports neither store nor gateway,
 * so that it judges what happened and not what mmbot believes.
 */
export class Oracle {
  /** mmbot’s own order books, to be compared with the exchange’s. */
  botBook: BookOf = () => undefined;
  readonly #account: AccountFold;
  readonly #watches: readonly (readonly [Rule, Watch])[];
  readonly #ledger: readonly Watch[];
  readonly #wire: readonly Watch[];
  readonly #books: readonly Watch[];
  readonly #journal: readonly Watch[];
  readonly #events: readonly Watch[];
  readonly #landsWithinMs: number;
  /** Time of the last create or amend. */
  #sentAt: number | undefined;

  constructor({ settings, idPrefix, instruments, positions, toleranceMs, inside }: OracleParts, rules: readonly Rule[] = RULES) {
    this.#account = new AccountFold(positions);
    this.#landsWithinMs = settings.bybit.recvWindowMs + AHEAD_MS;
    const context: RunContext = {
      settings,
      idPrefix,
      instruments,
      configHash: hashOf(settings),
      account: this.#account,
      toleranceMs,
      inside: inside === undefined ? undefined : { ...inside, botBook: (symbol) => this.botBook(symbol) },
    };
    this.#watches = rules.map((rule) => [rule, rule.watch(context)]);
    const watches = this.#watches.map(([, watch]) => watch);
    this.#ledger = watches.filter((watch) => watch.ledger !== undefined);
    this.#wire = watches.filter((watch) => watch.wire !== undefined);
    this.#books = watches.filter((watch) => watch.book !== undefined);
    this.#journal = watches.filter((watch) => watch.journal !== undefined);
    this.#events = watches.filter((watch) => watch.event !== undefined);
  }

  /** Takes one fact. All facts of a run share one time axis, ms, and come oldest first. */
  observe(fact: Fact, at: number): void {
    switch (fact.source) {
      case 'ledger': {
        const change = this.#account.apply(fact.event);
        for (const watch of this.#ledger) watch.ledger?.(change, at);
        return;
      }
      case 'wire':
        return this.#onWire(fact.event, at);
      case 'journal':
        for (const watch of this.#journal) watch.journal?.(fact.event, at);
        return;
      case 'events':
        if (isRoutine(fact.event)) return;
        for (const watch of this.#events) watch.event?.(fact.event, at);
    }
  }

  /** Time until no sent request can take effect any more, plus a margin; 0 when nothing was sent. */
  quietInMs(now: number): number {
    return this.#sentAt === undefined ? 0 : Math.max(LOOK_MS, this.#sentAt + this.#landsWithinMs - now);
  }

  /** To be called once a second. */
  sample(sample: Sample, at: number): void {
    for (const [, watch] of this.#watches) watch.sample?.(sample, at);
  }

  /** `kinds`: selects the rules that apply in addition to those of every run. */
  judge(aftermath: Aftermath, ...kinds: readonly RunKind[]): Invariant[] {
    return this.#watches
      .filter(([{ only }]) => only === undefined || kinds.includes(only))
      .map(([{ id, name, sources }, watch]) => {
        const { holds, found, isIdle = false } = watch.judge(aftermath);
        return { id, name, sources, holds, found, lookedAt: !isIdle };
      });
  }

  #onWire(event: WireFact, at: number): void {
    if (event.type === 'book') {
      for (const watch of this.#books) watch.book?.(event, at);
      return;
    }
    if (event.type === 'sent' && changesOrder(event)) this.#sentAt = at;
    for (const watch of this.#wire) watch.wire?.(event, at);
  }
}

/** No rule looks at turns that change nothing, nor at each message of a stream: that is nearly all events. */
function isRoutine(event: BotEvent): boolean {
  if (event.type === 'turn') return event.plan.places.length + event.plan.amends.length === 0;
  return event.type === 'streamHeard';
}

/** Hooks through which the oracle observes a bot in one process. */
export interface Seams {
  wire(wire: Wire): Wire;
  journal(journal: Journal): Journal;
  event(event: BotEvent): void;
}

export function seams(oracle: Oracle, clock: Clock): Seams {
  return {
    wire: (wire: Wire): Wire => watchedWire(wire, clock, (event) => oracle.observe({ source: 'wire', event }, clock.monotonic())),
    journal: (journal: Journal): Journal =>
      watchedJournal(journal, (event) => oracle.observe({ source: 'journal', event }, clock.monotonic())),
    event: (event: BotEvent): void => oracle.observe({ source: 'events', event }, clock.monotonic()),
  };
}
