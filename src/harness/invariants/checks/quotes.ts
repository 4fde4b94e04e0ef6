import { settingsFor } from '../../../config/fields.ts';
import { PPM_PER_BPS } from '../../../model/units.ts';
import { compare, parseDecimal, toText, type Decimal } from '../../../util/decimal.ts';
import { isExcused } from '../../soak/aftermath.ts';
import type { FoldedOrder } from '../account-fold.ts';
import { Breaches } from '../breaches.ts';
import { changesOrder } from '../facts.ts';
import type { RunContext, Watch } from '../invariant.ts';
import { valueText } from '../symbol-values.ts';

/** I2: no own order rests or is sent at or beyond the price of an own order on the other side. */
export function watchCrossing({ account }: RunContext): Watch {
  const breaches = new Breaches();
  let checked = 0;
  const check = (id: string, symbol: string, side: 'Buy' | 'Sell', price: Decimal): void => {
    checked += 1;
    const other = account.own().find((order) => order.symbol === symbol && order.side !== side && crosses(side, price, order.price));
    if (other !== undefined) breaches.add(`${id} ${side} ${toText(price)}, while ${other.clientOrderId} rests at ${toText(other.price)}`);
  };
  return {
    ledger({ after, newTerms }) {
      if (after !== undefined && newTerms !== undefined) check(after.clientOrderId, after.symbol, after.side, after.price);
    },
    wire(fact) {
      if (fact.type !== 'sent' || !changesOrder(fact)) return;
      for (const { clientOrderId, symbol, price } of fact.orders) {
        const side = fact.orders[0]?.side || account.own().find((order) => order.clientOrderId === clientOrderId)?.side;
        const asked = parseDecimal(price);
        if ((side === 'Buy' || side === 'Sell') && asked !== undefined) check(clientOrderId, symbol, side, asked);
      }
    },
    judge: (aftermath) => {
      const finding = breaches.finding(`${checked} prices, none at or beyond an own one`, checked);
      return finding.holds || isExcused(aftermath, 'prices') ? { ...finding, holds: true } : finding;
    },
  };
}

function crosses(side: 'Buy' | 'Sell', price: Decimal, other: Decimal): boolean {
  return side === 'Buy' ? compare(price, other) >= 0 : compare(price, other) <= 0;
}

/** I3: mmbot’s quotes are post-only, on the wire and in the ledger. */
export function watchPostOnly(): Watch {
  const breaches = new Breaches();
  let creates = 0;
  return {
    wire(fact) {
      if (fact.type !== 'sent' || fact.operation !== 'create') return;
      for (const { clientOrderId, timeInForce, postOnly } of fact.orders) {
        creates += 1;
        if (!postOnly) breaches.add(`${clientOrderId} left as ${timeInForce || 'an order without a time in force'}`);
      }
    },
    ledger({ after, newTerms }) {
      if (newTerms === 'accepted' && after?.postOnly === false) breaches.add(`${after.clientOrderId} is not post-only in the ledger`);
    },
    judge: () => breaches.finding(`${creates} creates, all post-only`, creates),
  };
}

/** I4: one order for each level of a side, even after retries. */
export function watchLevels(context: RunContext): Watch {
  const { settings, account } = context;
  const breaches = new Breaches();
  let most = 0;
  return {
    ledger({ after, newTerms }) {
      if (after === undefined || newTerms !== 'accepted') return;
      const { levels } = settingsFor(settings, after.symbol).quoting;
      const side = account.own().filter((order) => order.symbol === after.symbol && order.side === after.side);
      most = Math.max(most, side.length);
      if (side.length > levels)
        breaches.add(`${side.length} ${after.side} orders of ${after.symbol} at once: ${side.map(named).join(', ')}; ${levels} levels`);
    },
    judge: () => breaches.finding(`at most ${most} on a side, of ${valueText(context, ({ quoting }) => quoting.levels)} levels`, most),
  };
}

function named({ clientOrderId, price }: FoldedOrder): string {
  return `${clientOrderId} ${toText(price)}`;
}

/** Tolerance for floating-point error, as a share of the price. */
const NOISE = 2e-9;

/** I23: each quote is its target rounded away from fair value, or the fee floor; the queue adjustment keeps its sign and its bound. */
export function watchRounding({ settings, inside }: RunContext): Watch {
  const breaches = new Breaches();
  let quotes = 0;
  return {
    event(event) {
      if (event.type !== 'turn') return;
      const { explanation, plan, symbol } = event;
      const { quoting } = settingsFor(settings, symbol);
      const most = quoting.queueNudgeMaxBps * 100;
      const maker = inside?.market(symbol)?.fees.maker;
      const floorBps = maker === undefined || !quoting.feeFloor ? Number.NEGATIVE_INFINITY : maker / PPM_PER_BPS + quoting.feeMarginBps;
      const { fairValueTicks: fair, halfSpreadBps: half, skewBps: skew, bidNudgeCentiBps, askNudgeCentiBps } = explanation;
      if (fair === undefined || half === undefined || skew === undefined) return;
      if (bidNudgeCentiBps < 0 || bidNudgeCentiBps > most || askNudgeCentiBps > 0 || askNudgeCentiBps < -most)
        breaches.add(`${symbol}: moved for the queue by ${bidNudgeCentiBps} and ${askNudgeCentiBps} of 0.01 bp, at most ${most}`);
      const perBps = fair / 10_000;
      const targets = {
        buy: fair - (skew + half) * perBps + (bidNudgeCentiBps * perBps) / 100,
        sell: fair - (skew - half) * perBps + (askNudgeCentiBps * perBps) / 100,
      };
      for (const { side, price } of explanation.quotes) {
        quotes += 1;
        const eager = side === 'buy' ? price - targets.buy : targets.sell - price;
        if (eager > NOISE * fair + 1e-6) breaches.add(`${symbol}: ${side} ${price} beyond its target ${targets[side]} ticks`);
        const away = side === 'buy' ? fair - price : price - fair;
        if (away < floorBps * perBps - NOISE * fair - 1e-6)
          breaches.add(`${symbol}: ${side} ${price} nearer to ${fair} than its fee and margin`);
      }
      const wanted = new Set<number>(explanation.quotes.map(({ price }) => price));
      for (const { price, clientOrderId } of [...plan.places, ...plan.amends]) {
        if (plan.amends.every((amend) => amend.clientOrderId !== clientOrderId) && !wanted.has(price))
          breaches.add(`${clientOrderId}: ${price} ticks is no quote of the turn`);
      }
    },
    judge: () => breaches.finding(`${quotes} quotes, none beyond its target`, quotes),
  };
}
