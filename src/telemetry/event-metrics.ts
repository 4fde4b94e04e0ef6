import type { CancelReport } from '../execution/cancel/cancel-report.ts';
import type { BotEvent, Recorder } from '../execution/events.ts';
import type { Clock } from '../util/clock.ts';
import { DIVERGENCES } from './metric-table.ts';
import type { Metrics } from './metrics.ts';

const RISK_SAMPLE_MS = 1000;

/** Updates counters and histograms from the events of the bot. */
export function eventMetrics(metrics: Metrics, clock: Clock): Recorder {
  const countOrders = orderCounter(metrics);
  const sampleRisk = riskSampler(metrics, clock);
  return (event) => {
    countOrders(event);
    switch (event.type) {
      case 'turn':
        return sampleRisk(event);
      case 'orderAcked':
      case 'amendAcked': {
        const { symbol } = event.type === 'orderAcked' ? event.order : event.amend;
        metrics.observe('mm_latency_ms', { symbol, stage: 'ack' }, event.latencyMs);
        const request = event.type === 'orderAcked' ? 'place' : 'amend';
        return metrics.observe('mm_rate_limit_wait_ms', { request }, event.queueMs);
      }
      case 'orderConfirmed':
        return metrics.observe('mm_latency_ms', { symbol: event.order.symbol, stage: 'confirm' }, event.latencyMs);
      case 'cancelAcked':
        return metrics.observe('mm_latency_ms', { symbol: event.symbol, stage: 'cancel' }, event.latencyMs);
      case 'streamHeard':
        if (event.stream === 'trade') return undefined;
        return metrics.observe('mm_stream_lag_ms', { stream: event.stream }, event.lagMs);
      case 'stream':
        metrics.set('mm_stream_up', { stream: event.stream }, event.state === 'up' ? 1 : 0);
        return event.state === 'up' ? undefined : metrics.add('mm_stream_downs_total', { stream: event.stream });
      case 'frozen':
        return metrics.add('mm_freeze_events_total', {});
      case 'priceDiverged':
        return metrics.add('mm_recon_divergence_total', { kind: 'price' });
      case 'oddRow':
        return metrics.add('mm_odd_rows_total', { list: event.row.list, what: event.row.what });
      case 'reconciled':
        for (const divergence of event.divergences) metrics.add('mm_recon_divergence_total', { kind: kindOf(divergence) });
        return undefined;
      case 'cancelAllDone':
        return countCancelAll(metrics, event.report);
      case 'cancelAllFailed':
        return countUnproven(metrics, event.trigger);
      default:
        return undefined;
    }
  };
}

/** Counts the outcomes of orders and of the requests about them. */
function orderCounter(metrics: Metrics): Recorder {
  const sent = (request: 'place' | 'amend' | 'cancel'): void => metrics.add('mm_requests_total', { request });
  return (event) => {
    switch (event.type) {
      case 'orderSent':
        sent('place');
        return metrics.add('mm_orders_placed_total', { symbol: event.order.symbol });
      case 'amendSent':
        return sent('amend');
      case 'cancelSent':
        return sent('cancel');
      case 'orderDenied':
        return metrics.add('mm_orders_denied_total', { reason: event.denial.reason });
      case 'orderRefused':
        metrics.add('mm_orders_rejected_total', { symbol: event.order.symbol });
        return metrics.add('mm_request_failures_total', { request: 'place', reason: event.reason });
      case 'orderUnknown':
        return metrics.add('mm_request_failures_total', { request: 'place', reason: event.reason });
      case 'amendFailed':
      case 'cancelFailed':
        // A change that arrives after its order has filled is no failure.
        if (event.reason === 'gone') return undefined;
        return metrics.add('mm_request_failures_total', {
          request: event.type === 'amendFailed' ? 'amend' : 'cancel',
          reason: event.reason,
        });
      case 'requestDropped':
        return metrics.add('mm_requests_dropped_total', { request: event.kind });
      case 'fill':
        return metrics.add('mm_fills_total', { symbol: event.fill.symbol, liquidity: event.fill.maker ? 'maker' : 'taker' });
      case 'orderClosed':
        return countClosed(metrics, event);
      default:
        return undefined;
    }
  };
}

function countClosed(metrics: Metrics, { symbol, state }: Extract<BotEvent, { type: 'orderClosed' }>): void {
  if (state.tag === 'filled') metrics.add('mm_orders_filled_total', { symbol });
  else if (state.tag === 'canceled') metrics.add('mm_orders_canceled_total', { symbol });
  else if (state.tag === 'rejected') metrics.add('mm_orders_rejected_total', { symbol });
}

function countUnproven(metrics: Metrics, trigger: CancelReport['trigger']): void {
  if (trigger === 'operator' || trigger === 'guard') return;
  metrics.add('mm_cancel_all_total', { trigger, verified: 'false' });
}

function countCancelAll(metrics: Metrics, { trigger, verified, remaining, durationMs }: CancelReport): void {
  // The cancel-alls of the operator and of the guard run in other processes.
  if (trigger === 'operator' || trigger === 'guard') return;
  metrics.add('mm_cancel_all_total', { trigger, verified: verified ? 'true' : 'false' });
  metrics.set('mm_cancel_all_remaining', {}, remaining.length);
  metrics.observe('mm_cancel_all_duration_ms', { trigger }, durationMs);
}

/** Samples at the rate of the reports, so that both have the same quantiles. */
function riskSampler(metrics: Metrics, clock: Clock): (turn: Extract<BotEvent, { type: 'turn' }>) => void {
  const sampledAt = new Map<string, number>();
  return ({ symbol, explanation: { riskRatio } }) => {
    const now = clock.monotonic();
    if (riskRatio === undefined || now - (sampledAt.get(symbol) ?? Number.NEGATIVE_INFINITY) < RISK_SAMPLE_MS) return;
    sampledAt.set(symbol, now);
    metrics.observe('mm_risk_ratio', { symbol }, riskRatio);
  };
}

/** `missed_fill BTCUSDT` -> `missed_fill`. */
function kindOf(divergence: string): (typeof DIVERGENCES)[number] {
  return DIVERGENCES.find((kind) => divergence.startsWith(`${kind} `)) ?? 'other';
}
