import { OWN_PREFIX } from '../../model/order.ts';
import { Breaches } from './breaches.ts';
import { BoundedMap } from './checks/bounded.ts';
import type { RunContext, Watch } from './invariant.ts';

const REMEMBERED = 100_000;
const ID = /^[A-Za-z0-9_-]{1,36}$/;

/** I5: an id is used for one order only, across all runs, and its prefix marks it as mmbot’s. */
export function watchIds(context: RunContext): Watch {
  const breaches = new Breaches();
  const intended = new BoundedMap<string, true>(REMEMBERED);
  const accepted = new BoundedMap<string, string>(REMEMBERED);
  let count = 0;
  const checkForm = (id: string): void => {
    if (!ID.test(id) || !id.startsWith(OWN_PREFIX)) breaches.add(`'${id}' is no id of mmbot's`);
  };
  return {
    journal(fact) {
      if (fact.type !== 'record' || fact.record.type !== 'placeIntent') return;
      const { clientOrderId } = fact.record.order;
      if (intended.has(clientOrderId)) breaches.add(`${clientOrderId} was intended twice`);
      intended.set(clientOrderId, true);
    },
    wire(fact) {
      if (fact.type !== 'sent' || fact.operation !== 'create') return;
      for (const { clientOrderId } of fact.orders) {
        checkForm(clientOrderId);
        if (!clientOrderId.startsWith(context.idPrefix)) breaches.add(`${clientOrderId} is not of this run, ${context.idPrefix}`);
      }
    },
    ledger({ after, newTerms }) {
      if (after === undefined || newTerms !== 'accepted') return;
      const { clientOrderId, orderId } = after;
      count += 1;
      checkForm(clientOrderId);
      const earlier = accepted.get(clientOrderId);
      if (earlier !== undefined && earlier !== orderId) breaches.add(`${clientOrderId} is the id of two orders, ${earlier} and ${orderId}`);
      accepted.set(clientOrderId, orderId);
    },
    judge: () => breaches.finding(`${count} orders, each with an id of its own`, count),
  };
}
