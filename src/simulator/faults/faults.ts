import { defined } from '../../util/assert.ts';
import { randomExponential, type Random } from '../../util/random.ts';
import type { Cancel, Clock } from '../../util/clock.ts';
import type { ChosenFault, FaultChoice } from './fault-choice.ts';
import { FAULTS, faultRow, type FaultName, type FaultRow } from './fault-table.ts';

/** No random fault starts before this, because a run that cannot even start shows little. */
const QUIET_START_MS = 5000;
/** A run draws up to this share of the members of a set, each at between half and twice its usual rate. */
const MOST_SHARE = 0.5;
const MOST_OCCURRENCES = 1000;

/** One occurrence; `hits`: how many messages or orders it affected. */
export interface FaultOccurrence {
  readonly name: FaultName;
  /** Since the start of the exchange. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly hits: number;
}

interface Live extends ChosenFault {
  readonly row: FaultRow;
  readonly random: Random;
  /** Factor on the usual rate. */
  readonly rate: number;
  readonly onBegin: (() => void)[];
  readonly onEnd: (() => void)[];
  isOn: boolean;
  isSpent: boolean;
  beganAt: number;
  hits: number;
  next: Cancel | undefined;
}

/**
 * The chosen faults of one run and the times at which they are active. Everything about them is drawn from a random stream of
 * their own. The code that injects a fault asks here, at every opportunity, whether to do so.
 */
export class Faults {
  readonly #clock: Clock;
  readonly #live: readonly Live[];
  readonly #occurrences: FaultOccurrence[] = [];
  #startedAt = 0;
  #isHealed = false;

  constructor(clock: Clock, random: Random, choice: FaultChoice) {
    this.#clock = clock;
    this.#live = drawn(choice, random).map(({ name, placed, rate }, index) => ({
      name,
      placed,
      row: defined(faultRow(name), name),
      random: random.fork(`${name}/${index}`),
      rate,
      onBegin: [],
      onEnd: [],
      isOn: false,
      isSpent: false,
      beganAt: 0,
      hits: 0,
      next: undefined,
    }));
  }

  /** Each fault that takes part, once. */
  get chosen(): readonly FaultName[] {
    return [...new Set(this.#live.map(({ name }) => name))];
  }

  get active(): readonly FaultName[] {
    return this.#live.filter(({ isOn }) => isOn).map(({ name }) => name);
  }

  start(): void {
    this.#startedAt = this.#clock.monotonic();
    for (const fault of this.#live) {
      const { placed } = fault;
      if (placed === undefined) this.#beginLater(fault, QUIET_START_MS);
      else fault.next = this.#clock.schedule(placed.startMs, () => this.#begin(fault, placed.durationMs));
    }
  }

  /** Ends random faults and starts no more; placed faults keep their times. */
  heal(): void {
    this.#isHealed = true;
    for (const fault of this.#live) if (fault.placed === undefined) this.#endNow(fault);
  }

  stop(): void {
    this.#isHealed = true;
    for (const fault of this.#live) this.#endNow(fault);
  }

  isOn(name: FaultName): boolean {
    return this.#live.some((fault) => fault.isOn && fault.name === name);
  }

  /** Start of the current occurrence, monotonic; undefined while it is off. */
  beganAt(name: FaultName): number | undefined {
    return this.#find(name)?.beganAt;
  }

  /** Whether the fault strikes at this opportunity, which then counts as a hit. Draws nothing while the fault is off. */
  strikes(name: FaultName): boolean {
    const fault = this.#find(name);
    if (fault === undefined) return false;
    if (fault.row.share < 1 && fault.random.uniform() >= fault.row.share) return false;
    fault.hits += 1;
    return true;
  }

  /** True at the first opportunity of each occurrence. */
  strikesOnce(name: FaultName): boolean {
    const fault = this.#find(name);
    if (fault === undefined || fault.isSpent) return false;
    fault.isSpent = true;
    fault.hits += 1;
    return true;
  }

  /** A number in [0, 1) from the fault’s own random stream; 0 while it is off. */
  draw(name: FaultName): number {
    return this.#find(name)?.random.uniform() ?? 0;
  }

  onBegin(name: FaultName, task: () => void): void {
    for (const fault of this.#live) if (fault.name === name) fault.onBegin.push(task);
  }

  onEnd(name: FaultName, task: () => void): void {
    for (const fault of this.#live) if (fault.name === name) fault.onEnd.push(task);
  }

  /** All occurrences so far, by start time; active ones end now. */
  occurrences(): readonly FaultOccurrence[] {
    const open = this.#live.filter(({ isOn }) => isOn).map((fault) => this.#occurrence(fault));
    return [...this.#occurrences, ...open].sort((a, b) => a.fromMs - b.fromMs);
  }

  #find(name: FaultName): Live | undefined {
    return this.#live.find((fault) => fault.isOn && fault.name === name);
  }

  #beginLater(fault: Live, leastMs: number): void {
    const { row, random, rate } = fault;
    const gapMs = leastMs + randomExponential(random, row.everyMs / rate);
    fault.next = this.#clock.schedule(gapMs, () => this.#begin(fault, row.lastsMs * (0.5 + random.uniform())));
  }

  #begin(fault: Live, durationMs: number): void {
    fault.isOn = true;
    fault.isSpent = false;
    fault.hits = 0;
    fault.beganAt = this.#clock.monotonic();
    fault.next = this.#clock.schedule(durationMs, () => this.#end(fault));
    for (const task of fault.onBegin) task();
  }

  #end(fault: Live): void {
    if (this.#occurrences.length < MOST_OCCURRENCES) this.#occurrences.push(this.#occurrence(fault));
    fault.isOn = false;
    fault.next = undefined;
    for (const task of fault.onEnd) task();
    if (fault.placed === undefined && !this.#isHealed) this.#beginLater(fault, 0);
  }

  #endNow(fault: Live): void {
    fault.next?.();
    fault.next = undefined;
    if (fault.isOn) this.#end(fault);
  }

  #occurrence({ name, beganAt, hits }: Live): FaultOccurrence {
    const since = (at: number): number => Math.round(at - this.#startedAt);
    return { name, fromMs: since(beganAt), toMs: since(this.#clock.monotonic()), hits };
  }
}

/** The faults of a set that take part, or all that were named. */
function drawn(choice: FaultChoice, random: Random): readonly (ChosenFault & { readonly rate: number })[] {
  if (choice.set === undefined) return choice.faults.map((fault) => ({ ...fault, rate: 1 }));
  if (choice.set === 'none') return [];
  const swarm = random.fork('swarm');
  const members = FAULTS.filter(({ set }) => set === 'light' || set === choice.set);
  const share = MOST_SHARE * swarm.uniform();
  const picked = members.filter(() => swarm.uniform() < share);
  return picked.map(({ name }) => ({ name, placed: undefined, rate: 2 ** (2 * swarm.uniform() - 1) }));
}
