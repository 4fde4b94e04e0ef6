import { isObject, listIn, numberIn, objectIn, type JsonObject } from '../../util/json.ts';
import type { RunTask } from './engine.ts';
import type { FeeChoice, RecordingChoice, RunSpec, Scenario } from './run-spec.ts';

/** A task that was sent as JSON; undefined when it is none. Whether its settings exist is checked when the run is made. */
export function taskIn(value: unknown): RunTask | undefined {
  if (!isObject(value)) return undefined;
  const { id, repeat, wantsPage } = value;
  const spec = specIn(objectIn(value['spec']));
  if (typeof id !== 'string' || typeof repeat !== 'string' || typeof wantsPage !== 'boolean' || spec === undefined) return undefined;
  return { id, spec, sources: textsIn(value['sources']), repeat, wantsPage };
}

function specIn(spec: JsonObject): RunSpec | undefined {
  const { seed, durationMs, fees } = spec;
  const scenario = scenarioIn(objectIn(spec['scenario']));
  if (typeof seed !== 'string' || typeof durationMs !== 'number' || scenario === undefined) return undefined;
  return { settings: textsIn(spec['settings']), fees: feesIn(fees), scenario, seed, durationMs };
}

function scenarioIn({ market, recording, symbols, faults }: JsonObject): Scenario | undefined {
  const names = textListIn(symbols);
  if (typeof faults !== 'string' || names.length === 0) return undefined;
  return { market: typeof market === 'string' ? market : null, recording: recordingIn(recording), symbols: names, faults };
}

function recordingIn(value: unknown): RecordingChoice | null {
  if (!isObject(value)) return null;
  const files = listIn(value['files']).map(textsIn);
  return {
    files: files.map(({ path = '', sha256 = '' }) => ({ path, sha256 })),
    queueModel: textListIn([value['queueModel']]).join(''),
  };
}

function feesIn(value: unknown): FeeChoice | null {
  if (!isObject(value)) return null;
  const [makerPpm, takerPpm] = [numberIn(value['makerPpm']), numberIn(value['takerPpm'])];
  return makerPpm === undefined || takerPpm === undefined ? null : { makerPpm, takerPpm };
}

function textListIn(value: unknown): string[] {
  return listIn(value).filter((item) => typeof item === 'string');
}

/** The fields of an object whose values are text. */
function textsIn(value: unknown): Record<string, string> {
  const fields = Object.entries(objectIn(value));
  return Object.fromEntries(fields.flatMap(([key, item]) => (typeof item === 'string' ? [[key, item]] : [])));
}
