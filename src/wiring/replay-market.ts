import { basename } from 'node:path';
import type { ReplayOrigin } from '../reports/soak/soak-report.ts';
import type { Recording } from '../simulator/replay/open-recording.ts';
import type { QueueModel } from '../simulator/replay/queue-models.ts';
import { ReplayPlayer } from '../simulator/replay/replay-player.ts';
import { isoTime, VirtualClock, type Clock } from '../util/clock.ts';

/** A recording that a soak uses as its market. */
export interface ReplayMarket {
  readonly symbols: readonly string[];
  readonly startAt: number;
  readonly durationMs: number;
  readonly origin: ReplayOrigin;
  /** Aborted, with the reason, when reading the recording fails. */
  readonly stop: AbortSignal;
  player(clock: Clock): ReplayPlayer;
}

export function replayMarket(recording: Recording, queueModel: QueueModel): ReplayMarket {
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
