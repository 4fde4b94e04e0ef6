import { messageOf, type Verdict } from '../../errors.ts';
import type { Gate } from '../measures/gates.ts';
import { requestCount, sumUp } from '../measures/measures.ts';
import type { SoakRun } from '../soak/soak-run.ts';

/** A gate, and what was measured. */
export interface GateResult extends Pick<Gate, 'name' | 'unit' | 'bound' | 'atMost' | 'status'> {
  /** Null where there was nothing to measure. */
  readonly value: number | null;
}

/** What is kept of a run. The same run has the same result to the byte, on every machine. */
export interface RunResult {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly seed: string;
  readonly verdict: Verdict;
  /** Names of invariants that did not hold. */
  readonly broken: readonly string[];
  readonly gates: readonly GateResult[];
  /** Orders rested on the exchange at the end. */
  readonly ordersRest: boolean;
  /** Why trading was frozen at the end; null when it was not. */
  readonly frozen: string | null;
  /** Message of a bug that ended the run. */
  readonly bug: string | null;
  /** Simulated length of trading, ms. */
  readonly elapsedMs: number;
  readonly fills: number;
  readonly turnoverUsd: number;
  readonly spreadUsd: number;
  /** Price moves after the fills, for (positive) or against the positions that they made. */
  readonly adverseUsd: number;
  readonly feesUsd: number;
  readonly fundingUsd: number;
  readonly netUsd: number;
  readonly drawdownUsd: number;
  readonly largestPositionUsd: number;
  /** Standard deviation of the value of all positions together, sampled once a second. */
  readonly inventorySdUsd: number;
  /** Share of the time with a quote on both sides; null when it was not observed. */
  readonly uptime: number | null;
  readonly requests: number;
}

export function resultOf(id: string, seed: string, run: SoakRun): RunResult {
  const { statistics, gates, invariants, fault } = run;
  const totals = sumUp(statistics);
  return {
    schemaVersion: 1,
    id,
    seed,
    verdict: run.verdict,
    broken: invariants.filter(({ holds }) => !holds).map(({ name }) => name),
    gates: gates.map(({ name, unit, bound, atMost, status, value = null }) => ({ name, unit, bound, atMost, status, value })),
    ordersRest: run.ordersRest || run.stopReport?.verified !== true,
    frozen: run.frozen ?? null,
    bug: fault === undefined ? null : messageOf(fault),
    elapsedMs: run.elapsedMs,
    fills: totals.fills,
    turnoverUsd: totals.turnoverUsd,
    spreadUsd: totals.spreadUsd,
    adverseUsd: totals.adverseUsd,
    feesUsd: totals.feesUsd,
    fundingUsd: totals.fundingUsd,
    netUsd: totals.netUsd,
    drawdownUsd: statistics.drawdownUsd,
    largestPositionUsd: Math.max(0, ...[...statistics.symbols.values()].map((tally) => tally.largestPositionUsd)),
    inventorySdUsd: statistics.inventorySdUsd,
    uptime: totals.observedMs === 0 ? null : totals.twoSidedMs / totals.observedMs,
    requests: requestCount(statistics),
  };
}
