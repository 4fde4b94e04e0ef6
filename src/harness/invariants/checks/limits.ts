import { settingsFor, type Settings } from '../../../config/fields.ts';
import { compare, decimal, multiply, subtract, toText, unitsAt, type Decimal } from '../../../util/decimal.ts';
import { isExcused, type Aftermath } from '../../soak/aftermath.ts';
import { sum, valueOf, type FoldedOrder } from '../account-fold.ts';
import { Breaches } from '../breaches.ts';
import { DailyLoss, dayOf } from './daily-loss.ts';
import { ForeignFills } from '../foreign-fills.ts';
import type { Finding, RunContext, Watch } from '../invariant.ts';
import type { LedgerChange } from '../account-fold.ts';
import { RecentMarks } from '../recent-marks.ts';
import { ofTraded, valueText } from '../symbol-values.ts';

/** Orders already on their way may be accepted shortly after the loss passes the limit. */
const LOSS_GRACE_MS = 3000;
/** The loss is computed at every n-th sample. */
const LOSS_SAMPLES = 2;
/** mmbot learns of a person’s trades on the account with this delay. */
const FOREIGN_GRACE_MS = 3000;
const BPS = decimal('10000');
const ZERO = decimal('0');

/** I1: each accepted order is within every limit, judged by the exchange’s own orders and its mark price at that instant. */
export class LimitsWatch implements Watch {
  readonly #context: RunContext;
  readonly #breaches = new Breaches();
  readonly #priceBreaches = new Breaches();
  readonly #marks = new RecentMarks();
  readonly #foreign = new ForeignFills();
  readonly #loss: DailyLoss;
  readonly #openUsd: Decimal;
  readonly #mostOrderUsd: number;
  readonly #bySymbol = new Map<string, SymbolLimits>();
  #terms = 0;
  #day = 0;
  #ordersToday = 0;
  #samples = 0;
  #largest = ZERO;

  constructor(context: RunContext) {
    const { maxOpenNotionalUsd, maxDailyLossUsd } = context.settings.risk;
    this.#context = context;
    this.#openUsd = setting(maxOpenNotionalUsd);
    this.#mostOrderUsd = Math.max(...ofTraded(context, ({ risk }) => risk.maxOrderUsd));
    this.#loss = new DailyLoss(maxDailyLossUsd);
  }

  ledger({ event, after, newTerms }: LedgerChange, at: number): void {
    const symbol = event.type === 'order' ? event.order.symbol : event.execution.symbol;
    this.#marks.add(symbol, at, this.#context.account.mark(symbol) ?? ZERO);
    if (event.type === 'execution') this.#foreign.add(event.execution, at);
    if (after === undefined || newTerms === undefined) return;
    this.#terms += 1;
    this.#checkTerms(after);
    this.#checkCollar(after, at);
    this.#checkPosition(after, at);
    this.#checkOpen(after);
    this.#checkDay(after, newTerms, event.at, at);
  }

  sample(_: unknown, at: number): void {
    const { inside, instruments } = this.#context;
    if (inside === undefined) return;
    for (const [symbol, { tick }] of instruments) {
      const mark = inside.market(symbol)?.markPrice;
      if (mark !== undefined) this.#marks.add(symbol, at, multiply(tick.step, whole(mark)));
    }
    this.#samples += 1;
    if (this.#samples % LOSS_SAMPLES === 0) this.#loss.sample(inside.ledger.positions(), inside.now(), at);
  }

  judge(aftermath: Aftermath): Finding {
    const maxPositionUsd = valueText(this.#context, ({ risk }) => risk.maxPositionUsd);
    const otherwise = `${this.#terms} prices and quantities accepted, largest worst case ${toText(this.#largest)} of ${maxPositionUsd} USD`;
    const finding = this.#breaches.finding(otherwise, this.#terms);
    return finding.holds && !isExcused(aftermath, 'prices') ? this.#priceBreaches.finding(otherwise, this.#terms) : finding;
  }

  #checkTerms(order: FoldedOrder): void {
    const instrument = this.#context.instruments.get(order.symbol);
    if (instrument === undefined) return this.#broken(order, `${order.symbol} is not listed`);
    const { tick, lot, minQuantity, maxQuantity, minNotional, atomsPerTickLot } = instrument;
    const { price, quantity } = order;
    if (!isMultiple(price, tick.step)) this.#broken(order, `price ${toText(price)} is off the tick ${toText(tick.step)}`);
    const [least, most] = [multiply(lot.step, whole(minQuantity)), multiply(lot.step, whole(maxQuantity))];
    if (!isMultiple(quantity, lot.step) || compare(quantity, least) < 0 || compare(quantity, most) > 0)
      this.#broken(order, `quantity ${toText(quantity)}, step ${toText(lot.step)}, ${toText(least)} to ${toText(most)}`);
    const least8 = { units: BigInt(minNotional) * BigInt(atomsPerTickLot), scale: 8 };
    if (compare(multiply(price, quantity), least8) < 0) this.#broken(order, `worth less than ${toText(least8)}`);
    const { orderUsd } = this.#limitsOf(order.symbol);
    if (compare(valueOf(order), orderUsd) > 0) this.#broken(order, `worth ${toText(valueOf(order))}, maxOrderUsd ${toText(orderUsd)}`);
  }

  #limitsOf(symbol: string): SymbolLimits {
    let limits = this.#bySymbol.get(symbol);
    if (limits === undefined) this.#bySymbol.set(symbol, (limits = limitsIn(settingsFor(this.#context.settings, symbol))));
    return limits;
  }

  #checkCollar(order: FoldedOrder, at: number): void {
    const range = this.#marks.range(order.symbol, at);
    if (range === undefined) return;
    const { collarBps } = this.#limitsOf(order.symbol);
    const isBeyond = (distance: Decimal, mark: Decimal): boolean => compare(multiply(distance, BPS), multiply(mark, collarBps)) > 0;
    const { low, high } = range;
    if (!isBeyond(subtract(low, order.price), low) && !isBeyond(subtract(order.price, high), high)) return;
    this.#priceBreaches.add(`${order.clientOrderId}: ${toText(order.price)}, mark price ${toText(low)} to ${toText(high)}`);
  }

  #checkPosition(order: FoldedOrder, at: number): void {
    const { account } = this.#context;
    const { symbol, side } = order;
    const known = subtract(account.position(symbol), this.#foreign.since(symbol, at - FOREIGN_GRACE_MS));
    const worst = account.worst(symbol, side, known);
    const mark = account.mark(symbol) ?? order.price;
    // Valued at the order’s own price if that is lower than the mark price, as it was when the order was approved.
    const value = multiply(worst, compare(order.price, mark) < 0 ? order.price : mark);
    if (compare(value, this.#largest) > 0) this.#largest = value;
    const { positionUsd } = this.#limitsOf(symbol);
    if (compare(value, positionUsd) <= 0) return;
    const way = side === 'Buy' ? 'long' : 'short';
    this.#broken(order, `${way} ${toText(worst)} ${symbol} if all fills = ${toText(value)} USD, maxPositionUsd ${toText(positionUsd)}`);
  }

  #checkOpen(order: FoldedOrder): void {
    const { maxOpenOrders, maxOpenNotionalUsd } = this.#context.settings.risk;
    const own = this.#context.account.own();
    if (own.length > maxOpenOrders) this.#broken(order, `${own.length} open, maxOpenOrders ${maxOpenOrders}`);
    // Each order is below its own limit, which was checked above.
    if (own.length * this.#mostOrderUsd <= maxOpenNotionalUsd) return;
    const open = sum(own, valueOf);
    if (compare(open, this.#openUsd) > 0) this.#broken(order, `${toText(open)} USD open, maxOpenNotionalUsd ${maxOpenNotionalUsd}`);
  }

  #checkDay(order: FoldedOrder, newTerms: LedgerChange['newTerms'], wallAt: number, at: number): void {
    const { maxOrdersPerDay, maxDailyLossUsd } = this.#context.settings.risk;
    const today = dayOf(wallAt);
    if (today !== this.#day) [this.#day, this.#ordersToday] = [today, 0];
    if (newTerms === 'accepted') this.#ordersToday += 1;
    if (this.#ordersToday > maxOrdersPerDay)
      this.#broken(order, `order ${this.#ordersToday} of the day, maxOrdersPerDay ${maxOrdersPerDay}`);
    const lost = this.#loss.beyondLimitFor(at);
    if (lost > LOSS_GRACE_MS) this.#broken(order, `accepted ${Math.round(lost)} ms after the day's loss passed ${maxDailyLossUsd} USD`);
  }

  #broken({ clientOrderId }: FoldedOrder, what: string): void {
    this.#breaches.add(`${clientOrderId}: ${what}`);
  }
}

interface SymbolLimits {
  readonly orderUsd: Decimal;
  readonly positionUsd: Decimal;
  readonly collarBps: Decimal;
}

function limitsIn({ risk }: Settings): SymbolLimits {
  return { orderUsd: setting(risk.maxOrderUsd), positionUsd: setting(risk.maxPositionUsd), collarBps: setting(risk.priceCollarBps) };
}

/** As plain decimals, without the exponent that JavaScript uses for small and large numbers. */
function setting(value: number): Decimal {
  return decimal(value.toFixed(8));
}

function whole(units: number): Decimal {
  return { units: BigInt(units), scale: 0 };
}

function isMultiple(value: Decimal, step: Decimal): boolean {
  const scale = Math.max(value.scale, step.scale);
  return unitsAt(value, scale) % unitsAt(step, scale) === 0n;
}
