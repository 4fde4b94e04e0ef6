import { resolve as resolvePath } from 'node:path';
import { keyNamed } from '../config/keys.ts';
import type { Reading } from '../config/layers.ts';
import { resolve, type Resolution } from '../config/resolve.ts';
import { VERSION } from '../config/version.ts';
import { usageError } from '../errors.ts';
import type { RunTask } from '../harness/campaign/engine.ts';
import { resultOf, type RunResult } from '../harness/campaign/run-result.ts';
import type { RecordingChoice, RunSpec } from '../harness/campaign/run-spec.ts';
import { ppm } from '../model/units.ts';
import type { FeeRates } from '../model/instrument.ts';
import { runSoak, type SoakRun } from '../harness/soak/soak-run.ts';
import { feeFigures } from '../reports/fee-words.ts';
import { soakHtml } from '../reports/soak/soak-html.ts';
import { soakReport, type SoakOrigin } from '../reports/soak/soak-report.ts';
import { VIP0 } from '../simulator/fee-rates.ts';
import { parseFaults } from '../simulator/faults/fault-choice.ts';
import { MARKET_MODEL_NAMES, type MarketModelName } from '../simulator/market-model/markets.ts';
import { reportedKnobs } from '../simulator/market-model/reported-knobs.ts';
import { openRecording, type Recording } from '../simulator/replay/open-recording.ts';
import { queueModelOf } from '../simulator/replay/queue-models.ts';
import { fileStamp, openFileToRead, type FileToRead } from '../store/files.ts';
import { NO_JOURNAL } from '../store/no-journal.ts';
import { defined } from '../util/assert.ts';
import { isoTime, VirtualClock } from '../util/clock.ts';
import { tradingLimiter } from './limiters.ts';
import { replayMarket, type ReplayMarket } from './replay-market.ts';
import { openEmbedded } from './soak-exchange.ts';
import { VIRTUAL_START } from './virtual-start.ts';

/** What a run leaves. `page`: its report; null when it was not wanted. */
export interface SimulatedRun {
  readonly result: RunResult;
  readonly page: string | null;
}

/** A recording that was read through. `stamp`: of its files, before they were read. */
interface OpenedRecording {
  readonly stamp: string;
  readonly recording: Promise<Recording>;
}

/**
 * Makes runs of a campaign in this process, one after the other. A recording that many of them use is read through once, and again when its
 * files have changed.
 */
export class SimulatedRuns {
  readonly #cwd: string;
  readonly #onProgress: (simulatedMs: number) => void;
  readonly #recordings = new Map<string, OpenedRecording>();
  #simulatedMs = 0;

  /**
   * `cwd`: what the paths of recordings are relative to. `onProgress`: called often with how far the run is, and while a recording is read;
   * silence means that it hangs.
   */
  constructor(cwd: string, onProgress: (simulatedMs: number) => void = () => undefined) {
    this.#cwd = cwd;
    this.#onProgress = onProgress;
  }

  /** The run itself: same bytes wherever and how often it is made. Throws MmbotError when this machine cannot make it. */
  async run({ id, spec, sources, repeat, wantsPage }: RunTask): Promise<SimulatedRun> {
    const resolution = resolutionOf(spec, sources);
    this.#progress(0);
    const market = await this.#market(spec);
    const run = await simulate(spec, resolution, { market, onProgress: (simulatedMs) => this.#progress(simulatedMs) });
    // What was played is what was expected only if it is still there.
    if (market !== undefined) await this.#market(spec);
    market?.stop.throwIfAborted();
    const origin = (): SoakOrigin => originOf(spec, resolution, { market, repeat });
    return {
      result: resultOf(id, spec.seed, run),
      page: wantsPage ? soakHtml(soakReport(run, origin(), resolution)) : null,
    };
  }

  async #market({ scenario: { recording, symbols }, durationMs }: RunSpec): Promise<ReplayMarket | undefined> {
    if (recording === null) return undefined;
    const key = JSON.stringify([recording.files, symbols, durationMs]);
    const stamp = recording.files.map(({ path }) => fileStamp(resolvePath(this.#cwd, path))).join(' ');
    const kept = this.#recordings.get(key);
    const opened = kept?.stamp === stamp ? kept : { stamp, recording: this.#open(recording, symbols, durationMs) };
    this.#recordings.set(key, opened);
    // Its files may be there the next time.
    opened.recording.catch(() => this.#recordings.delete(key));
    return replayMarket(await opened.recording, defined(queueModelOf(recording.queueModel), recording.queueModel));
  }

  async #open({ files }: RecordingChoice, symbols: readonly string[], durationMs: number): Promise<Recording> {
    const paths = files.map(({ path }) => path);
    const recording = await openRecording({ paths, open: (path) => this.#file(path), symbols, durationMs });
    for (const [i, { path, sha256 }] of recording.files.entries()) {
      const expected = files[i]?.sha256;
      if (expected !== sha256)
        throw usageError(`${path}: expected the recording that the campaign began with (sha256 ${expected}), was ${sha256}`, {
          code: 'recording_changed',
          hint: 'put that file there; for another recording, start the campaign again',
        });
    }
    return recording;
  }

  #file(path: string): FileToRead {
    const file = openFileToRead(resolvePath(this.#cwd, path));
    const onChunk = (): void => this.#progress(this.#simulatedMs);
    return { size: file.size, read: (start, end) => watched(file.read(start, end), onChunk) };
  }

  #progress(simulatedMs: number): void {
    this.#simulatedMs = simulatedMs;
    this.#onProgress(simulatedMs);
  }
}

async function* watched(chunks: AsyncIterable<Uint8Array>, onChunk: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onChunk();
    yield chunk;
  }
}

/** Settings of a run with their origins. Throws a usage error when this version does not know one. */
function resolutionOf({ settings }: RunSpec, sources: RunTask['sources']): Resolution {
  const entries = Object.entries(settings).map(([key, text]) => ({ key, text, quoted: false, source: sources[key] ?? 'campaign' }));
  const problems = entries
    .filter(({ key }) => keyNamed(key) === undefined)
    .map(({ key, source }) => `${key}: not a setting (from ${source})`);
  const overrides: Reading = { entries, problems };
  return resolve({ overrides });
}

interface Simulation {
  readonly market: ReplayMarket | undefined;
  readonly onProgress: (simulatedMs: number) => void;
}

function simulate(spec: RunSpec, { settings }: Resolution, { market, onProgress }: Simulation): Promise<SoakRun> {
  const { scenario, seed } = spec;
  const faults = parseFaults(scenario.faults);
  if (typeof faults === 'string') throw usageError(`faults: ${faults}`);
  const clock = new VirtualClock(market?.startAt ?? VIRTUAL_START);
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const symbols = market?.symbols ?? scenario.symbols;
  const parts = { clock, seed, symbols, market: modelOf(spec), settings, limiter };
  const work = async (): Promise<SoakRun> => {
    await using embedded = await openEmbedded({ ...parts, faults, fees: feesOf(spec), replay: market?.player(clock), overSockets: false });
    return await runSoak({
      ...parts,
      ...embedded,
      journal: embedded.listens.journal(NO_JOURNAL),
      durationMs: market?.durationMs ?? spec.durationMs,
      stop: market?.stop ?? new AbortController().signal,
      memoryBytes: undefined,
      onSample: () => onProgress(clock.monotonic()),
      onEvent: () => undefined,
    });
  };
  return clock.run(work());
}

function feesOf({ fees }: RunSpec): FeeRates {
  return fees === null ? VIP0 : { maker: ppm(fees.makerPpm), taker: ppm(fees.takerPpm) };
}

function modelOf({ scenario: { market } }: RunSpec): MarketModelName {
  return MARKET_MODEL_NAMES.find((name) => name === market) ?? 'btc';
}

function originOf(
  spec: RunSpec,
  { hash }: Resolution,
  { market, repeat }: { readonly market: ReplayMarket | undefined; readonly repeat: string },
): SoakOrigin {
  const { scenario, seed } = spec;
  return {
    version: VERSION,
    seed,
    profile: 'campaign',
    configHash: hash,
    clock: 'virtual',
    symbols: market?.symbols ?? scenario.symbols,
    durationMs: market?.durationMs ?? spec.durationMs,
    startedAt: isoTime(market?.startAt ?? VIRTUAL_START),
    repeat,
    market: market === undefined ? modelOf(spec) : 'replay',
    knobs: market === undefined ? reportedKnobs(modelOf(spec), scenario.symbols) : {},
    replay: market?.origin,
    faults: scenario.faults,
    fees: feeFigures(feesOf(spec)),
  };
}
