import type { Breakers } from '../execution/limits/breakers.ts';
import type { BotEvent } from '../execution/events.ts';
import { TRANSPORTS } from '../exchange/exchange.ts';
import type { OrderStore } from '../execution/orders/order-store.ts';
import type { SymbolState } from '../execution/loop/symbol-state.ts';
import { stepsToNumber } from '../model/grid.ts';
import type { Order } from '../model/order.ts';
import { ATOMS_PER_COIN } from '../model/units.ts';
import type { TradingState } from '../risk/trading-state.ts';
import type { Metrics } from './metrics.ts';

export type TurnEvent = Extract<BotEvent, { type: 'turn' }>;

/** The parts of a running bot that each scrape reads, so that gauges are current even when no event occurs. */
export interface Watched {
  /** Turns occur only in `running`. */
  readonly phase: 'starting' | 'running' | 'stopping';
  readonly trading: TradingState;
  readonly breakers: Pick<Breakers, 'of'>;
  readonly store: OrderStore;
  readonly states: ReadonlyMap<string, SymbolState>;
}

/** Sets every gauge to its current value. `turns`: the last turn of each symbol. */
export function readInto(metrics: Metrics, { trading, breakers, store, states }: Watched, turns: ReadonlyMap<string, TurnEvent>): void {
  metrics.set('mm_trading_frozen', {}, trading.mode === 'frozen' ? 1 : 0);
  for (const transport of TRANSPORTS) {
    const { state, openings } = breakers.of(transport);
    metrics.set('circuit_breaker_state', { transport }, state === 'closed' ? 0 : 1);
    metrics.raiseTo('mm_circuit_breaker_openings_total', { transport }, openings);
  }
  metrics.set('mm_orders_in_doubt', {}, store.live().filter(isInDoubt).length);
  metrics.clear('mm_hold');
  metrics.clear('mm_quote_price');
  for (const state of states.values()) {
    readSymbol(metrics, state, store);
    readQuotes(metrics, state, store);
  }
  for (const turn of turns.values()) readTurn(metrics, turn);
}

function isInDoubt({ state, change }: Order): boolean {
  return state.tag === 'unknown' || (change.kind !== 'none' && change.unknown);
}

function readSymbol(metrics: Metrics, state: SymbolState, store: OrderStore): void {
  const { instrument, bookAgeMs } = state;
  const { symbol, tick, lot, atomsPerTickLot } = instrument;
  const position = store.position(symbol);
  const mid = state.mid();
  const price = state.markPrice ?? mid;
  metrics.set('mm_position_base', { symbol }, stepsToNumber(position.quantity, lot));
  if (price !== undefined) metrics.set('mm_position_usd', { symbol }, (position.quantity * price * atomsPerTickLot) / ATOMS_PER_COIN);
  const pnlUsd = state.pnlUsd(position);
  if (pnlUsd !== undefined) metrics.set('mm_pnl_usd', { symbol }, pnlUsd);
  metrics.set('mm_book_age_ms', { symbol }, bookAgeMs);
  if (mid !== undefined) metrics.set('mm_mid_price', { symbol }, stepsToNumber(mid, tick));
}

function readQuotes(metrics: Metrics, { instrument }: SymbolState, store: OrderStore): void {
  const { symbol, tick } = instrument;
  const open = store.live(symbol).filter((order) => order.state.tag === 'open');
  for (const side of ['buy', 'sell'] as const) {
    const prices = open.filter((order) => order.side === side).map(({ price }) => price);
    metrics.set('mm_resting_orders', { symbol, side }, prices.length);
    if (prices.length === 0) continue;
    const best = side === 'buy' ? Math.max(...prices) : Math.min(...prices);
    metrics.set('mm_quote_price', { symbol, side }, stepsToNumber(best, tick));
  }
}

function readTurn(metrics: Metrics, { symbol, hold, explanation }: TurnEvent): void {
  const { volatilityBps, edge } = explanation;
  if (hold !== undefined) metrics.set('mm_hold', { symbol, reason: hold }, 1);
  metrics.set('mm_volatility_bps', { symbol }, volatilityBps);
  if (edge.fills === 0) return;
  metrics.set('mm_edge_bps', { symbol }, edge.netBps);
  metrics.set('mm_edge_part_bps', { symbol, part: 'spread' }, edge.spreadBps);
  metrics.set('mm_edge_part_bps', { symbol, part: 'markout' }, edge.markoutBps);
  metrics.set('mm_edge_part_bps', { symbol, part: 'fees' }, edge.feesBps);
}
