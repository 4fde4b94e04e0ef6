import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { messageOf, usageError } from '../../errors.ts';
import type { NamedScenario } from '../../harness/campaign/plan.ts';
import type { Host } from '../../host.ts';
import { openRecording } from '../../simulator/replay/open-recording.ts';
import { TRADE_QUEUE } from '../../simulator/replay/queue-models.ts';
import { openFileToRead } from '../../store/files.ts';
import { shellWord } from '../../util/shell-word.ts';
import { parseFaultOption, expectWithin } from '../options/fault-option.ts';
import { parseMarketModel } from '../options/market.ts';
import type { ScenarioInput } from './input.ts';
import type { PlanNote } from './plan-note.ts';

/** Without a scenario: the market of `soak`. */
export const PLAIN_SCENARIO: ScenarioInput = {};
/** What `--survive` tries without one. */
export const HARSH_SCENARIO: ScenarioInput = { faults: 'heavy' };

export interface Scenarios {
  readonly scenarios: readonly NamedScenario[];
  readonly notes: readonly PlanNote[];
}

/** A recording that is shorter by less than this is as long as was asked for: its last event may be a little earlier. */
const SHORT_BY_MS = 1000;

/**
 * The worlds in which every setup trades. Recordings are read once, to find out what is in them. Throws a usage error; `durationMs`: of a
 * run.
 */
export async function scenariosOf(host: Host, inputs: readonly ScenarioInput[], durationMs: number): Promise<Scenarios> {
  const scenarios: NamedScenario[] = [];
  const notes: PlanNote[] = [];
  for (const input of inputs) scenarios.push(await scenarioOf(host, input, durationMs, notes));
  const twice = scenarios.find(({ name }, i) => scenarios.some((other, j) => j < i && other.name === name));
  if (twice === undefined) return { scenarios, notes };
  throw usageError(`expected different scenarios, two are called ${twice.name}`, { code: 'scenario_twice' });
}

async function scenarioOf(host: Host, input: ScenarioInput, durationMs: number, notes: PlanNote[]): Promise<NamedScenario> {
  const faults = read('faults', () => parseFaultOption(input.faults ?? 'none'));
  expectWithin(faults, durationMs);
  const faultWords = faults.text === 'none' ? [] : ['--faults', shellWord(faults.text)];
  if (input.replay !== undefined) return recorded(host, input, { durationMs, faults: faults.text, faultWords, notes });
  const market = read('market', () => parseMarketModel(input.market ?? 'btc'));
  const symbols = input.symbols ?? ['BTCUSDT'];
  return {
    name: input.name ?? nameOf([market, symbols.join('+')], faults.text),
    market,
    recording: null,
    symbols,
    faults: faults.text,
    options: ['--market', market, '--symbols', symbols.join(','), ...faultWords],
  };
}

interface Recorded {
  readonly durationMs: number;
  readonly faults: string;
  readonly faultWords: readonly string[];
  readonly notes: PlanNote[];
}

async function recorded(host: Host, input: ScenarioInput, { durationMs, faults, faultWords, notes }: Recorded): Promise<NamedScenario> {
  const { replay: paths = [], queueModel = TRADE_QUEUE, symbols } = input;
  const open = (path: string): ReturnType<typeof openFileToRead> => openFileToRead(resolve(host.cwd, path));
  const recording = await openRecording({ paths, open, symbols, durationMs });
  const [first = 'recording'] = paths;
  const name = input.name ?? nameOf([first.replace(/^.*[\\/]/, '')], faults);
  const lengthMs = recording.endAt - recording.startAt;
  if (!recording.isLonger && lengthMs < durationMs - SHORT_BY_MS)
    notes.push({ event: 'recording_short', fields: { scenario: name, lengthMs, meaning: 'its runs end with the recording' } });
  return {
    name,
    market: null,
    recording: { files: recording.files.map(({ path, sha256 }) => ({ path, sha256 })), queueModel: queueModel.name },
    symbols: recording.symbols,
    faults,
    options: [
      '--replay',
      paths.map(shellWord).join(','),
      '--symbols',
      recording.symbols.join(','),
      '--queue-model',
      queueModel.name,
      ...faultWords,
    ],
  };
}

function nameOf(parts: readonly string[], faults: string): string {
  return [...parts, ...(faults === 'none' ? [] : [faults])].join(' ');
}

/** Runs a parser of an option on what may come from a plan file. */
function read<T>(key: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw usageError(`${key}: ${messageOf(error)}`, { code: 'scenario_invalid' });
    throw error;
  }
}
