import { InvalidArgumentError, Option, type Command } from 'commander';
import { basename, resolve } from 'node:path';
import { usageError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { ReplayOrigin } from '../../reports/soak/soak-report.ts';
import { openRecording, type Recording } from '../../simulator/replay/open-recording.ts';
import type { QueueModel } from '../../simulator/replay/queue-models.ts';
import { ReplayPlayer } from '../../simulator/replay/replay-player.ts';
import { openFileToRead } from '../../store/files.ts';
import { isoTime, VirtualClock, type Clock } from '../../util/clock.ts';
import { queueModelOption } from '../options/queue-model-option.ts';
import { refuseRepeated } from '../options/symbols.ts';

export interface ReplayChoice {
  readonly replay?: readonly string[];
  readonly queueModel: QueueModel;
  readonly symbols: readonly string[];
  /** ms. */
  readonly duration: number;
}

/** A recording that a soak uses as its market. */
export interface SoakReplay {
  readonly symbols: readonly string[];
  readonly startAt: number;
  readonly durationMs: number;
  readonly origin: ReplayOrigin;
  /** Aborted, with the reason, when reading the recording fails. */
  readonly stop: AbortSignal;
  player(clock: Clock): ReplayPlayer;
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
export async function openReplay(host: Host, command: Command, choice: ReplayChoice): Promise<SoakReplay | undefined> {
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
  return replayOf(recording, queueModel);
}

function replayOf(recording: Recording, queueModel: QueueModel): SoakReplay {
  const failure = new AbortController();
  return {
    symbols: recording.symbols,
    startAt: recording.startAt,
    durationMs: recording.endAt - recording.startAt,
    origin: originOf(recording, queueModel),
    stop: failure.signal,
    player: (clock) =>
      new ReplayPlayer({
        recording,
        queueModel,
        clock,
        hold: (reading) => {
          if (clock instanceof VirtualClock) clock.hold(reading);
        },
        onFailure: (error) => failure.abort(error),
      }),
  };
}

function originOf({ files, counts, startAt, endAt }: Recording, { name }: QueueModel): ReplayOrigin {
  return {
    files: files.map(({ path, ...rest }) => ({ name: basename(path), ...rest })),
    from: isoTime(startAt),
    to: isoTime(endAt),
    ...counts,
    queueModel: name,
  };
}

function parsePaths(text: string): readonly string[] {
  const paths = text.split(',').map((path) => path.trim());
  if (paths.includes('')) throw new InvalidArgumentError(`Expected comma-separated files, was '${text}'.`);
  refuseRepeated(paths);
  return paths;
}
