import { EXIT, MmbotError, messageOf } from '../../errors.ts';
import { cancelAll } from '../../execution/cancel/cancel-all.ts';
import type { CancelAllParts, CancelAllRequest } from '../../execution/cancel/cancel-request.ts';
import { ReadAge } from '../../execution/cancel/read-age.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { sleep } from '../../util/clock.ts';

const BETWEEN_TRIES_MS = 500;

/**
 * A cancel-all that a bug does not end: the bug is logged and everything is retried until the deadline, alternating between bulk calls and
 * single cancels. Rejects with MmbotError (exit 4) when the last try failed by a bug too, and with ExchangeError like `cancelAll`.
 */
export async function cancelInsistently(
  request: CancelAllRequest,
  parts: CancelAllParts,
  log: Pick<Logger, 'error'>,
): Promise<CancelReport> {
  const { clock } = parts;
  const deadline = clock.monotonic() + request.deadlineMs;
  const age = request.age ?? new ReadAge();
  for (let perOrder = request.perOrder; ; perOrder = !perOrder) {
    const leftMs = Math.max(0, deadline - clock.monotonic());
    try {
      return await cancelAll({ ...request, age, perOrder, deadlineMs: leftMs }, parts);
    } catch (error) {
      if (error instanceof MmbotError) throw error;
      log.error('cancel_all_broke', { bug: error instanceof Error ? error.stack : messageOf(error), next: 'retry' });
      if (request.signal?.aborted === true || clock.monotonic() + BETWEEN_TRIES_MS >= deadline) throw broke(error);
      await sleep(clock, BETWEEN_TRIES_MS, request.signal);
    }
  }
}

function broke(cause: unknown): MmbotError {
  return new MmbotError({
    code: 'cancel_all_broke',
    exitCode: EXIT.ordersRemain,
    message: `a bug in mmbot made every attempt to cancel fail, orders may remain open: ${messageOf(cause)}`,
    hint: 'cancel in Bybit’s own app, revoke the key, and report the stack trace above',
    cause,
  });
}
