import { EXIT, MmbotError, messageOf } from '../../errors.ts';
import { cancelAll } from '../../execution/cancel/cancel-all.ts';
import type { CancelAllParts, CancelAllRequest } from '../../execution/cancel/cancel-request.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { sleep } from '../../util/clock.ts';

const BETWEEN_TRIES_MS = 500;

/**
 * A cancel-all that a bug does not end: it is said, and everything is tried again until the deadline, bulk calls instead of single ones
 * and the other way round. Rejects with MmbotError (exit 4) when it broke to the last, with ExchangeError like the plain one.
 */
export async function cancelInsistently(
  request: CancelAllRequest,
  parts: CancelAllParts,
  log: Pick<Logger, 'error'>,
): Promise<CancelReport> {
  const { clock } = parts;
  const deadline = clock.monotonic() + request.deadlineMs;
  for (let perOrder = request.perOrder; ; perOrder = !perOrder) {
    const leftMs = Math.max(0, deadline - clock.monotonic());
    try {
      return await cancelAll({ ...request, perOrder, deadlineMs: leftMs }, parts);
    } catch (error) {
      if (error instanceof MmbotError) throw error;
      log.error('cancel_all_broke', { bug: error instanceof Error ? error.stack : messageOf(error), next: 'try again' });
      if (request.signal?.aborted === true || clock.monotonic() + BETWEEN_TRIES_MS >= deadline) throw broke(error);
      await sleep(clock, BETWEEN_TRIES_MS, request.signal);
    }
  }
}

function broke(cause: unknown): MmbotError {
  return new MmbotError({
    code: 'cancel_all_broke',
    exitCode: EXIT.ordersRemain,
    message: `a bug in mmbot stopped every try to cancel, orders may remain: ${messageOf(cause)}`,
    hint: 'cancel in Bybit’s own app, revoke the key, and report the stack above',
    cause,
  });
}
