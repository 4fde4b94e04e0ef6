import { countsFor } from '../../config/keys.ts';
import type { Axis, Value } from '../../statistics/search-space.ts';
import { defined } from '../../util/assert.ts';
import { runId, type FeeChoice, type RunSpec, type Scenario } from './run-spec.ts';

/** What is compared with others: settings and fees. */
export interface Setup {
  /** Unique in its plan: `s1`, or `s1/baseSpreadBps=4` where keys are varied. */
  readonly name: string;
  /** Its name without the varied keys. */
  readonly base: string;
  /** As given; `defaults` without one. */
  readonly profile: string;
  /** Values of the varied keys. */
  readonly varied: Readonly<Record<string, Value>>;
  /** Settings that differ from the defaults, and those that are varied, as text, in the order of the table of settings. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where these come from, by key. */
  readonly sources: Readonly<Record<string, string>>;
  readonly fees: FeeChoice | null;
  /** Options of `soak` that give these settings and fees. */
  readonly options: readonly string[];
}

export interface NamedScenario extends Scenario {
  /** Unique in its plan. */
  readonly name: string;
  /** Options of `soak` that give this scenario. */
  readonly options: readonly string[];
}

export interface CampaignPlan {
  /** `compare`: setups, by their net edge. `survive`: nothing is compared; each run has to keep all invariants and gates but the net edge. */
  readonly aim: 'compare' | 'survive';
  /** Of the program that makes the runs. */
  readonly build: string;
  readonly setups: readonly Setup[];
  readonly scenarios: readonly NamedScenario[];
  /** Varied keys; the setups of each profile are their full grid, unless it was too large. */
  readonly axes: readonly Axis[];
  /** All combinations of the varied keys and profiles, of which `setups` may be a selection. */
  readonly combinations: number;
  /** Combinations that the settings do not allow. */
  readonly leftOut: readonly { readonly name: string; readonly because: string }[];
  readonly seeds: readonly string[];
  /** Seeds on which the best setups are tried again; none of `seeds`. */
  readonly confirmationSeeds: readonly string[];
  /** How many setups are confirmed, at most. */
  readonly finalists: number;
  /** Setups that questions name: they stay to the end, or the questions would stay open. */
  readonly asked: readonly string[];
  /** Seeds of a round, after which setups that are proven worse leave; undefined: all setups run all seeds. */
  readonly block: number | undefined;
  readonly durationMs: number;
}

/** One run of a plan. */
export interface RunRef {
  readonly id: string;
  readonly setup: Setup;
  readonly scenario: NamedScenario;
  readonly seed: string;
}

/** The runs of a plan, which are named only when they are asked for. */
export class PlannedRuns {
  readonly plan: CampaignPlan;
  readonly #setups: ReadonlyMap<string, Setup>;
  readonly #refs = new Map<string, readonly RunRef[]>();
  readonly #byId = new Map<string, RunRef>();

  constructor(plan: CampaignPlan) {
    this.plan = plan;
    this.#setups = new Map(plan.setups.map((setup) => [setup.name, setup]));
  }

  setup(name: string): Setup {
    return defined(this.#setups.get(name), `setup ${name}`);
  }

  /** The run with this id, which was asked for before; the first of several setups that share it. */
  ref(id: string): RunRef {
    return defined(this.#byId.get(id), `run ${id}`);
  }

  /** Of one setup and seed: a run for each scenario. */
  of(name: string, seed: string): readonly RunRef[] {
    const key = JSON.stringify([name, seed]);
    const refs = this.#refs.get(key) ?? this.#make(this.setup(name), seed);
    this.#refs.set(key, refs);
    return refs;
  }

  spec({ setup, scenario, seed }: Omit<RunRef, 'id'>): RunSpec {
    const { market, recording, symbols, faults } = scenario;
    const { fees } = setup;
    const settings = Object.fromEntries(Object.entries(setup.settings).filter(([key]) => countsFor(key, symbols)));
    return { settings, fees, scenario: { market, recording, symbols, faults }, seed, durationMs: this.plan.durationMs };
  }

  #make(setup: Setup, seed: string): readonly RunRef[] {
    return this.plan.scenarios.map((scenario) => {
      const named = { setup, scenario, seed };
      const ref = { id: runId(this.plan.build, this.spec(named)), ...named };
      if (!this.#byId.has(ref.id)) this.#byId.set(ref.id, ref);
      return ref;
    });
  }
}
