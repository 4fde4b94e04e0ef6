import { Breaches } from '../breaches.ts';
import { BoundedMap } from './bounded.ts';
import { changesOrder, type SentOperation } from '../facts.ts';
import type { RunContext, Watch } from '../invariant.ts';

const MOST_ERROR_MS = 250;
/** A jump of the clock must be detected within this time. */
const FOUND_OUT_MS = 10_000;

/** I24: reported durations match the wire’s by the monotonic clock. */
export function watchDurations({ toleranceMs }: RunContext): Watch {
  const breaches = new Breaches();
  const answered = new BoundedMap<string, number>(1000);
  let [compared, largest] = [0, 0];
  const key = (operation: SentOperation, id: string): string => `${operation} ${id}`;
  return {
    wire(fact, at) {
      if (fact.type === 'answered')
        for (const { clientOrderId } of fact.orders) answered.set(key(fact.operation, clientOrderId), at - fact.sentAt);
    },
    event(event) {
      if (event.type !== 'orderAcked' && event.type !== 'amendAcked') return;
      const [operation, id] =
        event.type === 'orderAcked' ? (['create', event.order.clientOrderId] as const) : (['amend', event.amend.clientOrderId] as const);
      const onWire = answered.get(key(operation, id));
      if (onWire === undefined) return;
      compared += 1;
      const difference = Math.abs(event.latencyMs - event.queueMs - onWire);
      largest = Math.max(largest, difference);
      if (difference > 5 * toleranceMs)
        breaches.add(`${id} took ${Math.round(event.latencyMs - event.queueMs)} ms by its own account, ${Math.round(onWire)} on the wire`);
    },
    judge: () => breaches.finding(`${compared} answers, at most ${largest.toFixed(1)} ms apart from the wire`, compared),
  };
}

/** I25: orders are stamped with the exchange’s time to within 250 ms, except shortly after a jump of its clock. */
export function watchClock({ inside }: RunContext): Watch {
  const breaches = new Breaches();
  let offset: number | undefined;
  let [steadySince, stamped, largest] = [0, 0, 0];
  return {
    wire(fact, at) {
      if (inside === undefined) return;
      const now = inside.now() - at;
      if (offset === undefined || Math.abs(now - offset) > 20) [offset, steadySince] = [now, offset === undefined ? at - FOUND_OUT_MS : at];
      if (fact.type !== 'sent' || fact.timestamp === undefined || !changesOrder(fact) || at - steadySince < FOUND_OUT_MS) return;
      stamped += 1;
      const error = Math.abs(fact.timestamp - inside.now());
      largest = Math.max(largest, error);
      if (error > MOST_ERROR_MS)
        breaches.add(`${fact.orders[0]?.clientOrderId ?? ''} left ${Math.round(error)} ms off the exchange's time`);
    },
    judge: () => breaches.finding(`${stamped} orders stamped, at most ${Math.round(largest)} ms off the exchange's time`, stamped),
  };
}
