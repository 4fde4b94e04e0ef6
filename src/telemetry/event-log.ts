import type { BotEvent, Failure, Recorder } from '../execution/events.ts';
import { forgetOldest } from '../util/forget.ts';
import type { Logger } from './logger.ts';
import { explained, isEventful } from './turn-explanation.ts';

/** `info`: turns with changes or denials are explained at info; `debug`: every turn is explained at debug; undefined: none. */
export type ExplainLevel = 'info' | 'debug' | undefined;

interface EventLogOptions {
  readonly explain?: ExplainLevel;
  /** The command that a person has to run when a cancel-all could not verify that no order is open. */
  readonly run?: string | undefined;
}

/** Writes the events of the bot to the log: requests at debug, events that an operator should know at info or above. */
export function eventLog(log: Logger, { explain, run }: EventLogOptions = {}): Recorder {
  const failed = failureLog(log);
  return (event) => {
    if ('error' in event) return failed(event);
    switch (event.type) {
      case 'turn':
        if (explain === 'debug') log.debug('quote_explained', explained(event));
        else if (explain === 'info' && isEventful(event)) log.info('quote_explained', explained(event));
        return undefined;
      case 'orderDenied':
        return log.debug('order_denied', { reason: event.denial.reason, order: event.denial.order.clientOrderId });
      case 'orderSent':
      case 'orderAcked':
      case 'orderConfirmed':
        return log.debug(REQUESTS[event.type], { order: event.order.clientOrderId, ...timing(event) });
      case 'amendSent':
      case 'amendAcked':
        return log.debug(REQUESTS[event.type], { order: event.amend.clientOrderId, ...timing(event) });
      case 'cancelSent':
      case 'cancelAcked':
      case 'requestDropped':
        return log.debug(REQUESTS[event.type], { order: event.clientOrderId, ...timing(event) });
      case 'priceDiverged':
        return log.warn('price_divergence', { order: event.clientOrderId, asked: event.asked, found: event.found });
      case 'orderClosed':
        return log.debug('order_closed', { order: event.clientOrderId, state: event.state.tag, filled: event.filled });
      case 'leftoverSettled':
        return log.info('leftover_settled', { order: event.clientOrderId, state: event.state.tag, filled: event.filled });
      case 'fillRecovered':
        return log.info('fill_recovered', { ...event.fill });
      case 'fill':
        return log.debug('fill', { ...event.fill, position: event.position.quantity });
      case 'funding':
        return log.info('funding', { ...event.payment, position: event.position.quantity });
      case 'hold':
        return logHold(log, event);
      case 'frozen':
        return log.error('frozen', { reason: event.reason });
      case 'stream':
        return logStream(log, event);
      case 'streamHeard':
        return undefined;
      case 'breaker':
        return log[event.state === 'open' ? 'warn' : 'info']('circuit_breaker', { via: event.via, state: event.state });
      case 'bookLost':
        return log.warn('book_lost', { symbol: event.symbol, reason: event.reason });
      case 'oddRow':
        return log.warn('odd_row', { ...event.row });
      case 'reconciled':
        return logReconciled(log, event.divergences);
      case 'cancelAllDone':
      case 'cancelAllFailed':
        return logCancelAll(log, event, run);
    }
  };
}

const REQUESTS = {
  orderSent: 'order_sent',
  orderAcked: 'order_acked',
  orderConfirmed: 'order_confirmed',
  amendSent: 'amend_sent',
  amendAcked: 'amend_acked',
  cancelSent: 'cancel_sent',
  cancelAcked: 'cancel_acked',
  requestDropped: 'request_dropped',
} as const satisfies Readonly<Partial<Record<BotEvent['type'], string>>>;

type FailedRequest = Extract<BotEvent, Failure>;

const FAILURES = {
  orderRefused: 'order_refused',
  orderUnknown: 'order_unknown',
  amendFailed: 'amend_failed',
  cancelFailed: 'cancel_failed',
  reconcileFailed: 'reconcile_failed',
} as const satisfies Readonly<Record<FailedRequest['type'], string>>;

/** Bounded, because the texts of an exchange may differ each time. */
const REMEMBERED_FAILURES = 500;

/** The first failure of each code is logged as a warning, an order with unknown outcome always; all others at debug. */
function failureLog(log: Logger): (event: FailedRequest) => void {
  const seen = new Set<string>();
  return (event) => {
    const { type, reason, error } = event;
    const key = `${type} ${error.retCode ?? (type === 'reconcileFailed' ? error.message : reason)}`;
    const isUsual = seen.has(key) || reason === 'gone';
    seen.add(key);
    if (seen.size > REMEMBERED_FAILURES) forgetOldest(seen);
    // With the exchange’s own message, because a person can read it even when the code is in none of our tables.
    const fields = { ...orderOf(event), reason, code: error.retCode, message: error.message };
    log[isUsual && type !== 'orderUnknown' ? 'debug' : 'warn'](FAILURES[type], fields);
  };
}

function orderOf(event: FailedRequest): { readonly order?: string } {
  if (event.type === 'reconcileFailed') return {};
  if (event.type === 'cancelFailed') return { order: event.clientOrderId };
  return { order: (event.type === 'amendFailed' ? event.amend : event.order).clientOrderId };
}

function logHold(log: Logger, { symbol, reason }: Extract<BotEvent, { type: 'hold' }>): void {
  if (reason === undefined) log.info('quoting', { symbol });
  else log.info('hold', { symbol, reason });
}

function logReconciled(log: Logger, divergences: readonly string[]): void {
  if (divergences.length === 0) log.debug('reconciled');
  else log.warn('reconciliation_divergence', { divergences });
}

function logStream(log: Logger, { stream, state, reason }: Extract<BotEvent, { type: 'stream' }>): void {
  if (state === 'down') log.warn('stream_down', { stream, reason });
  else log.info('stream_up', { stream });
}

type CancelAllEvent = Extract<BotEvent, { type: 'cancelAllDone' | 'cancelAllFailed' }>;

function logCancelAll(log: Logger, event: CancelAllEvent, run: string | undefined): void {
  if (event.type === 'cancelAllFailed') return log.error('cancel_all_failed', { trigger: event.trigger, reason: event.reason, run });
  const { report } = event;
  const { trigger, found, canceled, filledMeanwhile, remaining, method, verified } = report;
  const fields = { trigger, method, found, canceled, filledMeanwhile, remaining: remaining.length, verified };
  return verified ? log.info('cancel_all_done', fields) : log.error('cancel_all_done', { ...fields, run });
}

function timing(event: BotEvent): Record<string, unknown> {
  return {
    ...('latencyMs' in event ? { latencyMs: Math.round(event.latencyMs * 1000) / 1000 } : {}),
    ...('reason' in event && event.reason !== undefined ? { reason: event.reason } : {}),
  };
}
