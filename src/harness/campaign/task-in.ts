import { isFlag, isNumber, isText, isTextList, listOf, orNull, recordOf, shapeOf } from '../../util/shape.ts';
import type { RunTask } from './engine.ts';
import type { FeeChoice, RecordingChoice, RunSpec, Scenario } from './run-spec.ts';

const isRecording = shapeOf<RecordingChoice>({
  files: listOf(shapeOf<RecordingChoice['files'][number]>({ path: isText, sha256: isText })),
  queueModel: isText,
});
const isScenario = shapeOf<Scenario>({
  market: orNull(isText),
  recording: orNull(isRecording),
  symbols: isTextList,
  faults: isText,
});
const isSpec = shapeOf<RunSpec>({
  settings: recordOf(isText),
  fees: orNull(shapeOf<FeeChoice>({ makerPpm: isNumber, takerPpm: isNumber })),
  scenario: isScenario,
  seed: isText,
  durationMs: isNumber,
});
const isTask = shapeOf<RunTask>({ id: isText, spec: isSpec, sources: recordOf(isText), repeat: isText, wantsPage: isFlag });

/** A task that was sent as JSON; undefined when it is none. Whether its settings exist is checked when the run is made. */
export function taskIn(value: unknown): RunTask | undefined {
  return isTask(value) ? value : undefined;
}
