import type { BotEvent } from '../../execution/events.ts';
import type { Fill, Order } from '../../model/order.ts';

type Turn = Extract<BotEvent, { type: 'turn' }>;

/** The decision that gave an order its price, and what the price was made from. */
export interface PriceReason {
  /** ms since the start of the run. */
  readonly decidedAtMs: number;
  /** Ticks. */
  readonly price: number;
  /** 0 is nearest to fair value; undefined when the price is that of no quote. */
  readonly level: number | undefined;
  /** Ticks. */
  readonly fairValue: number | undefined;
  readonly halfSpreadBps: number | undefined;
  readonly skewBps: number | undefined;
  readonly guard: string | undefined;
}

/** What was happening to a resting order. */
export type StandingKind =
  /** Nothing: it was as wanted. */
  | 'quoted'
  /** A move to another price was on its way. */
  | 'moving'
  /** Its cancel was on its way. */
  | 'canceling'
  /** A move was wanted and waited for a budget. */
  | 'postponed'
  /** A move was wanted and a risk limit denied it. */
  | 'denied'
  /** Nothing of this symbol was to be quoted, and the order could not be canceled yet. */
  | 'held'
  /** Not an order of this run, or of too long ago. */
  | 'unknown';

export interface Standing {
  readonly kind: StandingKind;
  /** The budget, denial, hold or guard; may be empty. */
  readonly code: string;
}

/** An order at an instant. */
export interface Standpoint {
  readonly reason: PriceReason | undefined;
  /** How long it had rested at its price, by the exchange’s times; undefined when it had not been reported there at the last decision. */
  readonly queueMs: number | undefined;
  readonly standing: Standing;
}

interface Rest {
  /** Exchange time, ms. */
  readonly since: number;
  readonly price: number;
  quantity: number;
}

interface Stage {
  readonly sinceMs: number;
  readonly kind: StandingKind;
  /** Undefined until the turn that sent a cancel says why. */
  readonly code: string | undefined;
  /** The price that a move leads to. */
  readonly to: number | undefined;
}

interface Trail {
  readonly reasons: PriceReason[];
  readonly rests: Rest[];
  readonly stages: Stage[];
}

/** A fill is learned within a few messages of its time, so few steps back are needed. */
const KEPT_STEPS = 16;
/** Fills may arrive after the message that closes their order. */
const KEPT_CLOSED = 500;

const UNKNOWN: Standpoint = { reason: undefined, queueMs: undefined, standing: { kind: 'unknown', code: '' } };

/**
 * The last steps of each live order: its prices and the reasons for them, since when it rested at them, and what was happening to it. A
 * fill is learned later than it happened, so the order is looked up as it was then.
 */
export class OrderTrails {
  readonly #trails = new Map<string, Trail>();
  readonly #closed = new Set<string>();
  #stopped: { readonly atMs: number; readonly code: string } | undefined;

  /** `atMs`: since the start. */
  turn(event: Turn, atMs: number): void {
    const { plan, orders } = event;
    for (const { clientOrderId, price } of plan.places) {
      // A plan that was not carried out leaves no order.
      if (!orders.some((order) => order.clientOrderId === clientOrderId)) continue;
      this.#trails.set(clientOrderId, { reasons: [reasonOf(event, price, atMs)], rests: [], stages: [] });
    }
    for (const { clientOrderId, price } of plan.amends) {
      const reasons = this.#trails.get(clientOrderId)?.reasons;
      if (reasons !== undefined && reasons.at(-1)?.price !== price) push(reasons, reasonOf(event, price, atMs));
    }
    for (const order of orders) {
      const trail = this.#trails.get(order.clientOrderId);
      if (trail === undefined) continue;
      rested(trail.rests, order);
      follow(trail.stages, event, order, atMs);
    }
  }

  canceling(clientOrderId: string, atMs: number): void {
    const stages = this.#trails.get(clientOrderId)?.stages;
    if (stages !== undefined) staged(stages, atMs, 'canceling', undefined);
  }

  closed(clientOrderId: string): void {
    if (!this.#trails.has(clientOrderId)) return;
    this.#closed.add(clientOrderId);
    if (this.#closed.size <= KEPT_CLOSED) return;
    const [oldest = ''] = this.#closed;
    this.#trails.delete(oldest);
    this.#closed.delete(oldest);
  }

  /** From now on every order is being canceled. `code`: why. */
  stopped(atMs: number, code: string): void {
    this.#stopped ??= { atMs, code };
  }

  /** The order of a fill as it was at the instant of the fill. */
  at({ clientOrderId, price, at }: Pick<Fill, 'clientOrderId' | 'price' | 'at'>, atMs: number): Standpoint {
    const trail = this.#trails.get(clientOrderId);
    if (trail === undefined) return UNKNOWN;
    const { reasons, rests, stages } = trail;
    const ours = reasons.filter((each) => each.price === price);
    const reason = ours.findLast(({ decidedAtMs }) => decidedAtMs <= atMs) ?? ours.at(-1);
    const there = rests.filter((each) => each.price === price);
    const rest = there.findLast(({ since }) => since <= at) ?? there[0];
    return {
      reason,
      queueMs: rest === undefined ? undefined : Math.max(0, at - rest.since),
      standing:
        this.#stopped !== undefined && atMs >= this.#stopped.atMs
          ? { kind: 'canceling', code: this.#stopped.code }
          : standingAt(stages, price, atMs),
    };
  }
}

function reasonOf({ explanation }: Turn, price: number, decidedAtMs: number): PriceReason {
  const { quotes, fairValueTicks: fairValue, halfSpreadBps, skewBps, guard } = explanation;
  const level = quotes.find((quote) => quote.price === price)?.level;
  return { decidedAtMs, price, level, fairValue, halfSpreadBps, skewBps, guard };
}

/** An order loses its place in the queue by a new price or a larger quantity, not by a smaller one. */
function rested(rests: Rest[], { state, reportedAt: since, price, quantity }: Order): void {
  if (state.tag !== 'open' || since === 0) return;
  const last = rests.at(-1);
  if (last === undefined || last.price !== price || quantity > last.quantity) push(rests, { since, price, quantity });
  else last.quantity = quantity;
}

/** A stage is made only when it differs from the last one: an order mostly stays in it for many turns. */
function staged(stages: Stage[], sinceMs: number, kind: StandingKind, code: string | undefined, to?: number): void {
  const last = stages.at(-1);
  const goesOn = last?.kind === kind && last.to === to && (last.code === code || kind === 'canceling');
  if (!goesOn) push(stages, { sinceMs, kind, code, to });
  else if (last.code === undefined) stages[stages.length - 1] = { ...last, code };
}

/** Adds what a turn leaves the order in. */
function follow(stages: Stage[], { hold, explanation, denied }: Turn, { clientOrderId, change, price }: Order, atMs: number): void {
  const { guard, waiting } = explanation;
  if (change.kind === 'cancel') return staged(stages, atMs, 'canceling', hold ?? guard ?? '');
  if (change.kind === 'amend') return staged(stages, atMs, 'moving', '', change.terms.price);
  if (hold !== undefined) return staged(stages, atMs, 'held', hold);
  // A change of the quantity alone leaves the order where it is wanted.
  const denial = denied.find(({ order }) => order.clientOrderId === clientOrderId && order.price !== price);
  if (denial !== undefined) return staged(stages, atMs, 'denied', denial.reason);
  const isWanted = waiting?.moves.some(({ order, to }) => order.clientOrderId === clientOrderId && to.price !== price) === true;
  return isWanted ? staged(stages, atMs, 'postponed', waiting.budget) : staged(stages, atMs, 'quoted', '');
}

function standingAt(stages: readonly Stage[], price: number, atMs: number): Standing {
  const {
    kind,
    code = '',
    to,
  } = stages.findLast(({ sinceMs }) => sinceMs <= atMs) ??
  // Of what was before the steps that are kept, nothing is known.
  ({ kind: stages.length === KEPT_STEPS ? 'unknown' : 'quoted' } as const);
  // A fill at the new price: the move had arrived, only its confirmation was on its way.
  return kind === 'moving' && to === price ? { kind: 'quoted', code: '' } : { kind, code };
}

function push<T>(steps: T[], step: T): void {
  steps.push(step);
  if (steps.length > KEPT_STEPS) steps.shift();
}
