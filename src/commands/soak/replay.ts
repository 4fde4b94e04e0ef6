import { InvalidArgumentError, Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { usageError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { openRecording } from '../../simulator/replay/open-recording.ts';
import type { QueueModel } from '../../simulator/replay/queue-models.ts';
import { openFileToRead } from '../../store/files.ts';
import { replayMarket, type ReplayMarket } from '../../wiring/replay-market.ts';
import { queueModelOption } from '../options/queue-model-option.ts';
import { refuseRepeated } from '../options/symbols.ts';

export interface ReplayChoice {
  readonly replay?: readonly string[];
  readonly queueModel: QueueModel;
  readonly symbols: readonly string[];
  /** ms. */
  readonly duration: number;
}

export function replayOptions(): readonly Option[] {
  return [
    new Option(
      '--replay <files>',
      'use recorded Bybit data as the market; comma-separated files: order book history (.zip), captures (.ndjson.gz), trades (.csv.gz)',
    )
      .argParser(parsePaths)
      .conflicts('market'),
    queueModelOption(),
  ];
}

/** Reads the whole recording once; undefined when none was asked for. Throws a usage error that names file and line. */
export async function openReplay(host: Host, command: Command, choice: ReplayChoice): Promise<ReplayMarket | undefined> {
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const { replay: paths, queueModel } = choice;
  if (paths === undefined) {
    if (isGiven('queueModel'))
      throw usageError('--queue-model applies to a recorded order book: expected --replay with it', { code: 'no_replay' });
    return undefined;
  }
  const recording = await openRecording({
    paths,
    open: (path) => openFileToRead(resolve(host.cwd, path)),
    symbols: isGiven('symbols') ? choice.symbols : undefined,
    durationMs: isGiven('duration') ? choice.duration : undefined,
  });
  return replayMarket(recording, queueModel);
}

export function parsePaths(text: string): readonly string[] {
  const paths = text.split(',').map((path) => path.trim());
  if (paths.includes('')) throw new InvalidArgumentError(`Expected comma-separated files, was '${text}'.`);
  refuseRepeated(paths);
  return paths;
}
