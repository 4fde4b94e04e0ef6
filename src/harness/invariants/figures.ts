import { Breaches } from './breaches.ts';
import type { RunContext, Watch } from './invariant.ts';

const TOLD_MS = 1000;

/** I31: reported figures match the wire and the ledger; a rejection for a rate limit is reported within a second. */
export function watchFigures(): Watch {
  const breaches = new Breaches();
  const sent = { create: 0, amend: 0 };
  let [executions, fills] = [0, 0];
  const untold = new Map<string, number>();
  const late = (at: number): void => {
    for (const [id, since] of untold) {
      if (at - since <= TOLD_MS) continue;
      untold.delete(id);
      breaches.add(`the refusal of ${id} was not told within ${TOLD_MS} ms`);
    }
  };
  return {
    wire(fact, at) {
      if (fact.type === 'sent') {
        if (fact.operation === 'create') sent.create += fact.orders.length;
        if (fact.operation === 'amend') sent.amend += fact.orders.length;
      }
      if (fact.type !== 'answered' || fact.outcome !== 'rate limit' || fact.operation === undefined) return;
      for (const { clientOrderId } of fact.orders) if (clientOrderId !== '') untold.set(clientOrderId, at);
    },
    ledger({ event }) {
      if (event.type === 'execution') executions += 1;
    },
    event(event, at) {
      if (event.type === 'fill' || event.type === 'fillRecovered') fills += 1;
      if (event.type === 'orderRefused' || event.type === 'orderUnknown') untold.delete(event.order.clientOrderId);
      if (event.type === 'amendFailed') untold.delete(event.amend.clientOrderId);
      if (event.type === 'cancelFailed') untold.delete(event.clientOrderId);
      late(at);
    },
    sample: (_, at) => late(at),
    judge({ counted }) {
      // Requests that no transport could send were reported but never left, so the report may count more.
      if (sent.create > counted.ordersSent) breaches.add(`${sent.create} creates left, ${counted.ordersSent} reported`);
      if (sent.amend > counted.amendsSent) breaches.add(`${sent.amend} amends left, ${counted.amendsSent} reported`);
      if (fills !== executions) breaches.add(`${fills} fills reported, ${executions} in the ledger`);
      return breaches.finding(`${sent.create} creates, ${sent.amend} amends, ${executions} fills`);
    },
  };
}

/** I32: the run uses the configuration that config-explain shows. */
export function watchConfiguration({ settings, configHash }: RunContext): Watch {
  const breaches = new Breaches();
  const { recvWindowMs } = settings.bybit;
  let requests = 0;
  return {
    journal(fact) {
      if (fact.type !== 'record' || fact.record.type !== 'start' || configHash === undefined) return;
      if (fact.record.configHash !== configHash)
        breaches.add(`the journal begins with configuration ${fact.record.configHash}, the run has ${configHash}`);
    },
    wire(fact) {
      if (fact.type !== 'sent' || fact.recvWindowMs === undefined) return;
      requests += 1;
      if (fact.recvWindowMs !== recvWindowMs)
        breaches.add(`${fact.path} left with a window of ${fact.recvWindowMs} ms, bybit.recvWindowMs ${recvWindowMs}`);
    },
    judge: () => breaches.finding(`${configHash ?? 'no hash given'}, as on the wire in ${requests} requests`, requests),
  };
}
