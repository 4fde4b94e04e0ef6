import { settingsFor, type Settings } from '../../config/fields.ts';
import type { Order } from '../../model/order.ts';
import type { Ticks } from '../../model/units.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import { defined } from '../../util/assert.ts';
import type { Clock } from '../../util/clock.ts';
import { decide } from '../decide/decide.ts';
import type { Decision } from '../decide/decision.ts';
import type { Recorder } from '../events.ts';
import type { OrderManagement } from '../orders/order-management.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { SymbolState } from './symbol-state.ts';

export interface TurnsParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  readonly record: Recorder;
  readonly idPrefix: string;
  readonly path: OrderManagement;
  readonly trading: () => TradingState;
  readonly freeze: (reason: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** Turns of the loop, one symbol at a time: view, decision, plan to the gateway, record. */
export class Turns {
  readonly #parts: TurnsParts;
  readonly #due = new Set<string>();
  /** By symbol: the hold reason as last recorded. */
  readonly #holds = new Map<string, string | undefined>();
  #running = false;
  #orders = 0;

  constructor(parts: TurnsParts) {
    this.#parts = parts;
  }

  begin(): void {
    this.#running = true;
    this.scheduleAll();
  }

  end(): void {
    this.#running = false;
  }

  scheduleAll(): void {
    for (const symbol of this.#parts.path.states.keys()) this.schedule(symbol);
  }

  /** Schedules a turn of the symbol; events of the same instant share one turn. */
  schedule(symbol: string): void {
    if (!this.#running || this.#due.has(symbol) || !this.#parts.path.states.has(symbol)) return;
    this.#due.add(symbol);
    this.#parts.clock.schedule(0, () => {
      this.#due.delete(symbol);
      if (this.#running) this.#guarded(symbol);
    });
  }

  #guarded(symbol: string): void {
    try {
      this.#turn(symbol);
    } catch (error) {
      this.#parts.onFault(error);
    }
  }

  #turn(symbol: string): void {
    const { settings, limiter, path, trading, freeze } = this.#parts;
    const { states, store, account, gateway } = path;
    const state = defined(states.get(symbol), `state of ${symbol}`);
    const view = state.view({
      orders: store.live(symbol),
      position: store.position(symbol),
      held: store.held(symbol),
      account: account.view(),
      trading: trading(),
      heldBy: path.heldBy(symbol),
      inFlight: gateway.inFlight(symbol),
      placeRoom: limiter.room('create'),
      amendRoom: limiter.room('amend'),
    });
    const decision = decide(view, settingsFor(settings, symbol), () => this.#newId());
    // When frozen already, each turn cancels what still rests.
    if (decision.freeze !== undefined && trading().mode !== 'frozen') freeze(decision.freeze);
    else gateway.execute(decision.plan);
    state.remember(decision.memory);
    this.#record(state, decision);
  }

  #record(state: SymbolState, { denied, hold, explanation, plan }: Decision): void {
    const { record, path } = this.#parts;
    const { store } = path;
    const { symbol } = state.instrument;
    for (const denial of denied) record({ type: 'orderDenied', denial });
    if (!this.#holds.has(symbol) || this.#holds.get(symbol) !== hold) {
      this.#holds.set(symbol, hold);
      record({ type: 'hold', symbol, reason: hold });
    }
    const orders = store.live(symbol);
    record({ type: 'turn', symbol, ...bestOf(orders), mid: state.mid(), hold, explanation, plan, denied, orders });
  }

  #newId(): string {
    this.#orders += 1;
    return `${this.#parts.idPrefix}${this.#orders.toString(36)}`;
  }
}

/** The best prices at which our orders rest. */
function bestOf(orders: readonly Order[]): { readonly bid: Ticks | undefined; readonly ask: Ticks | undefined } {
  let bid: Ticks | undefined;
  let ask: Ticks | undefined;
  for (const { state, side, price } of orders) {
    if (state.tag !== 'open') continue;
    if (side === 'buy') bid = bid === undefined || price > bid ? price : bid;
    else ask = ask === undefined || price < ask ? price : ask;
  }
  return { bid, ask };
}
