import type { Verdict } from '../../errors.ts';
import type { GateResult } from '../../harness/campaign/run-result.ts';
import type { Left } from '../../statistics/race.ts';
import type { Interval } from '../../statistics/sample.ts';
import type { Sensitivity } from '../../statistics/sensitivity.ts';
import type { Value } from '../../statistics/search-space.ts';

/**
 * The answer of a campaign. A pure function of its plan and of a set of results: the number of workers, the order of arrival, kills and
 * resumptions do not change a byte.
 */
export interface CampaignReport {
  readonly schemaVersion: 1;
  readonly command: 'campaign';
  /** Of the questions that were asked (`--expect`), and of the invariants. */
  readonly verdict: Verdict;
  readonly origin: CampaignOrigin;
  /** Best first. */
  readonly setups: readonly SetupFigures[];
  /** The best setups on seeds that were not used to choose them, in the order of `setups`. */
  readonly confirmation: readonly Confirmed[];
  /** Names of setups that no other beats in one of net edge and inventory risk and equals in the other; best edge first. */
  readonly front: readonly string[];
  readonly sensitivity: readonly Sensitivity[];
  readonly expectations: readonly Answered[];
  /** How many times wider the intervals of differences to the leader would be with other seeds for each setup, median; null if unknown. */
  readonly pairingGain: number | null;
  /** By setup and scenario, where that was asked (`--survive`); else null. */
  readonly survival: readonly Survival[] | null;
  /** Runs that broke an invariant, left orders, or ended by a bug; where survival was asked, also those that failed a gate. */
  readonly broken: readonly BrokenRun[];
  readonly lost: readonly LostRun[];
  /** By setup as in `setups`, then scenario and seed as in the plan. */
  readonly runs: readonly RunRow[];
}

export interface CampaignOrigin {
  readonly version: string;
  readonly build: string;
  /** The command that repeats the campaign. */
  readonly repeat: string;
  /** Setups that were tried, and all combinations of the varied keys. */
  readonly tried: number;
  readonly combinations: number;
  /** Combinations that the settings do not allow, and setups that are the same as an earlier one. */
  readonly leftOut: readonly { readonly name: string; readonly because: string }[];
  /** The setup that others are compared with besides the best one: the first of the plan. */
  readonly baseline: string;
  readonly scenarios: readonly {
    readonly name: string;
    readonly market: string;
    readonly symbols: readonly string[];
    readonly faults: string;
  }[];
  readonly seeds: number;
  readonly confirmationSeeds: number;
  /** Seeds of a round after which setups that are proven worse leave; null: every setup ran every seed. */
  readonly block: number | null;
  readonly durationMs: number;
  /** Number of runs in this report, and of all if no setup had left. */
  readonly runs: number;
  readonly runsOfFullGrid: number;
}

/** Net edge over seeds: all net PnL over all turnover, bps. Null without turnover, intervals (95 %) with fewer than two seeds. */
export interface EdgeFigures {
  readonly seeds: number;
  /** Seeds with fills: only they tell anything. */
  readonly tradedSeeds: number;
  readonly netBps: number | null;
  readonly intervalBps: Interval | null;
  readonly medianBps: number | null;
  readonly worst: { readonly seed: string; readonly bps: number } | null;
}

export interface SetupFigures extends EdgeFigures {
  readonly name: string;
  readonly profile: string;
  readonly varied: Readonly<Record<string, Value>>;
  readonly fees: { readonly makerPpm: number; readonly takerPpm: number } | null;
  /** Settings that differ from the defaults. */
  readonly settings: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly fills: number;
  readonly fillsPerHour: number | null;
  readonly turnoverUsd: number;
  readonly netUsd: number;
  readonly spreadBps: number | null;
  readonly adverseBps: number | null;
  readonly feesBps: number | null;
  readonly fundingBps: number | null;
  /** Standard deviation of the value of all positions together: of the runs, root of the mean square. */
  readonly inventorySdUsd: number | null;
  /** Share of the time with quotes on both sides. */
  readonly uptime: number | null;
  /** Largest of a run. */
  readonly drawdownUsd: number;
  readonly gateFailures: GateFailures;
  /** Net edge minus that of the leader on the same seeds, bps; null for the leader. */
  readonly toLeader: { readonly seeds: number; readonly bps: number; readonly intervalBps: Interval | null } | null;
  /** The same against the baseline (`origin.baseline`); null for the baseline. */
  readonly toBaseline: SetupFigures['toLeader'];
  /** Why it ran no further, or is proven worse; null: it may be as good as the leader. */
  readonly left: Left | null;
  /** By scenario, where there are several. */
  readonly scenarios: readonly (EdgeFigures & { readonly scenario: string })[];
}

/** Runs that failed a gate other than that of the net edge, which gates, and in how many runs; most frequent first. */
export interface GateFailures {
  readonly runs: number;
  readonly gates: readonly (readonly [gate: string, runs: number])[];
}

export interface Confirmed extends EdgeFigures {
  readonly name: string;
  readonly runs: number;
  readonly fills: number;
  readonly toLeader: SetupFigures['toLeader'];
}

/** A question of `--expect`, and its answer by an interval. */
export interface Answered {
  readonly question: string;
  readonly answer: 'yes' | 'no' | 'undecided';
  /** What was compared with the bound or with the other setup: bps and 95 % interval; null when it could not be measured. */
  readonly bps: number | null;
  readonly intervalBps: Interval | null;
  readonly bound: number;
  /** What decides it: of the best setup its unseen seeds, where there are some; else all seeds. */
  readonly on: 'confirmation' | 'all';
  readonly seeds: number;
  /** About how many would decide it; null when it is decided, or when no number would do. */
  readonly seedsNeeded: number | null;
}

export interface Survival {
  readonly setup: string;
  readonly scenario: string;
  readonly runs: number;
  /** Nothing went wrong in them; some of their gates may be notJudged. */
  readonly survived: number;
  /** Gates for which runs were too short, and in how many runs. */
  readonly notJudged: readonly (readonly [gate: string, runs: number])[];
  /** What went wrong, and in how many runs. */
  readonly failures: readonly (readonly [what: string, runs: number])[];
  /** The gates that a run has to keep. */
  readonly gates: readonly JudgedGate[];
}

export interface JudgedGate extends Pick<GateResult, 'name' | 'unit' | 'bound' | 'atMost'> {
  /** Runs that were long enough, the worst value of these, and how many failed. */
  readonly judged: number;
  readonly worst: number | null;
  readonly failed: number;
}

export interface RunRow {
  readonly id: string;
  readonly setup: string;
  readonly scenario: string;
  readonly seed: string;
  readonly stage: 'selection' | 'confirmation';
  readonly verdict: Verdict;
  readonly netBps: number | null;
  readonly netUsd: number;
  readonly turnoverUsd: number;
  readonly fills: number;
  readonly inventorySdUsd: number;
  readonly uptime: number | null;
  readonly drawdownUsd: number;
  readonly failedGates: readonly string[];
  /** The command that repeats it. */
  readonly repeat: string;
}

export interface BrokenRun {
  readonly id: string;
  readonly setup: string;
  readonly scenario: string;
  readonly seed: string;
  /** In words. */
  readonly what: readonly string[];
  readonly repeat: string;
}

export interface LostRun {
  readonly setup: string;
  readonly scenario: string;
  readonly seed: string;
  readonly reason: string;
  readonly repeat: string;
}
