import { join, relative, resolve } from 'node:path';
import { configWarnings } from '../../config/warnings.ts';
import type { Resolution } from '../../config/resolve.ts';
import { messageOf } from '../../errors.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import { judgeGates, verdictOf } from '../../harness/measures/gates.ts';
import { measureRun } from '../../harness/measures/measures.ts';
import type { MemorySamples } from '../../harness/measures/memory-samples.ts';
import type { FillWatch } from '../../harness/soak/fill-watch.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';
import type { Host } from '../../host.ts';
import { liveHtml, liveMarkdown, liveReport, type LiveOrigin, type LiveReport } from '../../reports/live/live-report.ts';
import { reportJson } from '../../reports/soak/soak-report.ts';
import { writeWhole } from '../../store/whole-files.ts';
import type { Logger } from '../../telemetry/logger.ts';

/** Where the report goes: beside the journal, so that bots of several accounts do not overwrite each other’s. */
export function reportFolder({ cwd }: Host, stateFolder: string, { out }: { readonly out?: string }): string {
  return out === undefined ? join(stateFolder, 'report') : resolve(cwd, out);
}

/** A run that has stopped. */
export interface StoppedRun {
  readonly statistics: RunStatistics;
  readonly fills: FillWatch;
  readonly memory: MemorySamples;
  /** Undefined when the exchange could not be read. */
  readonly stopReport: CancelReport | undefined;
  readonly origin: LiveOrigin;
  readonly resolution: Pick<Resolution, 'settings' | 'explain'>;
}

export interface WrittenReport {
  readonly report: LiveReport;
  /** The folder of its files, from the working folder. */
  readonly folder: string;
}

/**
 * Writes the report of a run into the folder `out`. Undefined when it quoted nothing, or when that failed: a report never decides how a run
 * that traded ends.
 */
export function writeLiveReport({ host, log, out }: { host: Host; log: Logger; out: string }, run: StoppedRun): WrittenReport | undefined {
  if (run.statistics.symbols.size === 0) return undefined;
  try {
    const report = reportOf(run);
    const texts = { 'report.json': reportJson(report), 'report.md': liveMarkdown(report), 'report.html': liveHtml(report) };
    // The reason of a freeze may quote what an exchange sent.
    for (const [name, text] of Object.entries(texts)) writeWhole(join(out, name), host.redact(text));
    return { report, folder: relative(host.cwd, out) || '.' };
  } catch (error) {
    log.warn('report_not_written', { error: messageOf(error), meaning: 'the run has ended as it says; mmbot report shows its executions' });
    return undefined;
  }
}

function reportOf({ statistics, fills, memory, stopReport, origin, resolution }: StoppedRun): LiveReport {
  const { settings } = resolution;
  const isInOrder = stopReport?.verified === true && origin.frozen === null;
  const gates = judgeGates(measureRun(statistics, memory, true), settings.thresholds);
  const figures = {
    statistics,
    fills,
    memory,
    stopReport,
    gates,
    verdict: isInOrder ? verdictOf(gates, 0) : ('FAIL' as const),
    elapsedMs: statistics.elapsedMs,
  };
  const traded = [...statistics.symbols.keys()].map((symbol) => ({ symbol }));
  const warnings = configWarnings(settings, traded).filter(({ code }) => code !== 'gate_cannot_fail');
  const none = { invariants: [], moments: [], askedMoment: undefined, suffered: undefined, interrupted: false };
  return liveReport({ ...figures, ...none, warnings }, origin, resolution);
}
