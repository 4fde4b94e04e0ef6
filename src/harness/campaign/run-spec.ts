import { createHash } from 'node:crypto';

/** The world in which a run trades: everything that is not a choice of the user of the bot. */
export interface Scenario {
  /** Market model; null with a recording. */
  readonly market: string | null;
  readonly recording: RecordingChoice | null;
  readonly symbols: readonly string[];
  /** As on the command line of `soak`. */
  readonly faults: string;
}

export interface RecordingChoice {
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly queueModel: string;
}

/** Fee rates of the exchange, millionths of the value of a trade; negative: a rebate. */
export interface FeeChoice {
  readonly makerPpm: number;
  readonly takerPpm: number;
}

/** One soak in simulated time. Plain JSON: its result is a pure function of it. */
export interface RunSpec {
  /** Settings that differ from the defaults or are compared, as text, in the order of the table of settings. */
  readonly settings: Readonly<Record<string, string>>;
  /** Null: those of the embedded exchange. */
  readonly fees: FeeChoice | null;
  readonly scenario: Scenario;
  readonly seed: string;
  readonly durationMs: number;
}

/**
 * Names the result of a run. `build`: of the program that runs it, because another one may trade differently. Where the files of a
 * recording are does not matter, what is in them does.
 */
export function runId(build: string, { settings, fees, scenario, seed, durationMs }: RunSpec): string {
  const { recording, market, symbols, faults } = scenario;
  const source = recording === null ? market : [recording.queueModel, ...recording.files.map(({ sha256 }) => sha256)];
  const identity = [build, Object.entries(settings), fees?.makerPpm, fees?.takerPpm, source, symbols, faults, seed, durationMs];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
}
