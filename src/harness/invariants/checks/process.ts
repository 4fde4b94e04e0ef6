import { settingsFor } from '../../../config/fields.ts';
import { messageOf } from '../../../errors.ts';
import { Breaches } from '../breaches.ts';
import { changesOrder, type SentOperation } from '../facts.ts';
import type { RunContext, Watch } from '../invariant.ts';
import { ofTraded, valueText } from '../symbol-values.ts';

const STALL_MS = 5000;
const SAMPLE_MS = 1000;

/** I27: no bug ended trading, and the process was never blocked for long. */
export function watchProcess(): Watch {
  const breaches = new Breaches();
  let [sampledAt, longest, isDiskBroken] = [Number.NaN, 0, false];
  return {
    sample(_, at) {
      const late = Number.isNaN(sampledAt) ? 0 : Math.max(0, at - sampledAt - SAMPLE_MS);
      sampledAt = at;
      longest = Math.max(longest, late);
      if (late > STALL_MS) breaches.add(`the process stood still for ${Math.round(late)} ms`);
    },
    journal(fact) {
      isDiskBroken ||= fact.type === 'broken';
    },
    judge({ fault }) {
      if (fault !== undefined && !isDiskBroken) breaches.add(messageOf(fault));
      return breaches.finding(`no fault, no stall beyond ${Math.round(longest)} ms`);
    },
  };
}

/** I28: the number of unanswered requests and of live orders stays below its cap. */
export function watchBounds(context: RunContext): Watch {
  const { settings } = context;
  const breaches = new Breaches();
  const unanswered = new Map<string, { readonly symbol: string; readonly way: 'rest' | 'socket'; readonly at: number }>();
  const { maxOpenOrders } = settings.risk;
  const { requestTimeoutMs } = settings.bybit;
  const mostLevels = Math.max(...ofTraded(context, ({ quoting }) => quoting.levels));
  let [most, mostLive] = [0, 0];
  const key = (operation: SentOperation, id: string): string => `${operation} ${id}`;
  return {
    wire(fact, at) {
      // Requests end with their connection: from then on their outcome is unknown, and asked about.
      if (fact.type === 'socket' && fact.stream === 'trade' && fact.state === 'closed')
        for (const [each, { way }] of unanswered) if (way === 'socket') unanswered.delete(each);
      if ((fact.type !== 'sent' && fact.type !== 'answered') || !changesOrder(fact)) return;
      for (const { symbol, clientOrderId } of fact.orders) {
        if (fact.type === 'answered') unanswered.delete(key(fact.operation, clientOrderId));
        else {
          for (const [each, request] of unanswered) if (at - request.at >= requestTimeoutMs - 1) unanswered.delete(each);
          unanswered.set(key(fact.operation, clientOrderId), { symbol, way: fact.way, at });
          const { maxInFlight } = settingsFor(settings, symbol).quoting;
          const count = [...unanswered.values()].filter((request) => request.symbol === symbol).length;
          most = Math.max(most, count);
          if (count > maxInFlight) breaches.add(`${count} creates and amends of ${symbol} unanswered, maxInFlight ${maxInFlight}`);
        }
      }
    },
    sample({ live }) {
      mostLive = Math.max(mostLive, live);
      if (live > maxOpenOrders + 2 * mostLevels) breaches.add(`${live} orders held for live, maxOpenOrders ${maxOpenOrders}`);
    },
    judge: () =>
      breaches.finding(
        `at most ${most} requests unanswered of ${valueText(context, ({ quoting }) => quoting.maxInFlight)} a symbol, ${mostLive} orders live`,
      ),
  };
}
