import type { EmergencyLine } from '../../config/emergency.ts';
import { EXIT, messageOf, type ExitCode } from '../../errors.ts';
import { isOwn } from '../../exchange/cancel-port.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import { cancelAll } from '../../execution/cancel/cancel-all.ts';
import type { CancelAllParts } from '../../execution/cancel/cancel-request.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import { cancelUntilProven } from '../../execution/cancel/cancel-until-proven.ts';
import { ReadAge } from '../../execution/cancel/read-age.ts';
import type { Logger } from '../../telemetry/logger.ts';

/** Deadline of one attempt. */
const ATTEMPT_MS = 120_000;
const AGAIN_MS = 500;
/** Pause after an attempt in which the exchange rejected the key. */
const REFUSED_AGAIN_MS = 5000;
/** If the key is rejected, or rows cannot be read, for this long (more than the longest ban), trying again is pointless. */
const HOPELESS_AFTER_MS = 900_000;
/** An exchange on this machine that refuses connections for this long has ended, and its orders with it. */
const LOCAL_ABSENCE_MS = 120_000;
const LONGEST_MS = 86_400_000;

export interface ActParts extends Omit<CancelAllParts, 'onLook'> {
  readonly log: Logger;
  /** Monotonic time until which a create of the bot may still land. */
  readonly lateCreateDeadline: number;
  /** Others may have orders on this account, which must stay. */
  readonly isShared: boolean;
  /** What a person has to run when it gives up. */
  readonly line: EmergencyLine | undefined;
  /** The exchange's address is of this machine: the exchange itself, or a proxy before one elsewhere. */
  readonly isLocal: boolean;
  /** Monotonic time since which every connection was refused; undefined when connections are accepted. */
  readonly nobodySince: () => number | undefined;
}

/**
 * Cancels the orders of the bot until it is verified that none is open, however long a ban or an outage lasts. Gives up after a day; earlier
 * when the key stays rejected, when only orders of unknown origin are left, or when a local address no longer accepts connections.
 */
export async function actUntilProven(parts: ActParts): Promise<ExitCode> {
  const { clock, log, line } = parts;
  const patience = newPatience(parts);
  const age = new ReadAge();
  const report = await cancelUntilProven({
    clock,
    async attempt() {
      const report = await cancelBots(parts, age);
      logReport(log, report);
      return report;
    },
    onUnproven: (report) => patience.answered(report),
    onFailed(error) {
      log.error('cancel_all_failed', { trigger: 'guard', reason: messageOf(error) });
      return patience.after(error);
    },
  });
  if (report === undefined)
    log.error('guard_gives_up', { meaning: ['orders may be open', line?.lead].filter(Boolean).join(': '), run: line?.command });
  return report === undefined ? EXIT.ordersRemain : EXIT.ok;
}

function cancelBots({ port, clock, limiter, isShared, lateCreateDeadline }: ActParts, age: ReadAge): Promise<CancelReport> {
  return cancelAll(
    {
      trigger: 'guard',
      scopes: [port.traded],
      isTarget: isOwn,
      isShared,
      includeStops: false,
      perOrder: false,
      lateCreateDeadline,
      deadlineMs: ATTEMPT_MS,
      age,
    },
    { port, clock, limiter },
  );
}

interface Patience {
  answered(report: CancelReport): number | undefined;
  after(error: unknown): number | undefined;
}

/** All orders were read, and those left are not canceled because it is unknown whether they are ours. */
function isLeftAlone({ remaining, unreadable }: CancelReport): boolean {
  return unreadable === undefined && remaining.length > 0 && remaining.every((order) => isOwn(order) === undefined);
}

/** Delay until the next attempt; undefined to give up. Even after a bug there is a next attempt. */
function newPatience({ clock, isLocal, nobodySince }: ActParts): Patience {
  const startedAt = clock.monotonic();
  let takenAt = startedAt;
  // Time since which every attempt has found only orders of unknown origin.
  let leftAloneSince: number | undefined;
  const since = (at: number | undefined): number => (at === undefined ? 0 : clock.monotonic() - at);
  return {
    answered(report) {
      takenAt = clock.monotonic();
      leftAloneSince = isLeftAlone(report) ? (leftAloneSince ?? takenAt) : undefined;
      return since(startedAt) >= LONGEST_MS || since(leftAloneSince) >= HOPELESS_AFTER_MS ? undefined : AGAIN_MS;
    },
    after(error) {
      const kind = error instanceof ExchangeError ? error.kind : undefined;
      leftAloneSince = undefined;
      if (kind !== 'auth') takenAt = clock.monotonic();
      const isHopeless =
        since(startedAt) >= LONGEST_MS || since(takenAt) >= HOPELESS_AFTER_MS || (isLocal && since(nobodySince()) >= LOCAL_ABSENCE_MS);
      if (isHopeless) return undefined;
      return kind === 'auth' ? REFUSED_AGAIN_MS : AGAIN_MS;
    },
  };
}

function logReport(log: Logger, { trigger, canceled, remaining, method, verified }: CancelReport): void {
  const left = remaining.length;
  log[verified ? 'info' : 'error']('cancel_all_done', { trigger, canceled, failed: left, remaining: left, method, verified });
}
