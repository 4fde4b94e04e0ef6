import { Breaches } from '../breaches.ts';
import { BoundedMap } from './bounded.ts';
import type { RunContext, Watch } from '../invariant.ts';

const REMEMBERED = 100_000;

/** I12: the journal contains each execution of the ledger exactly once, and no others. */
export function watchFills(): Watch {
  const breaches = new Breaches();
  const told = new BoundedMap<string, true>(REMEMBERED);
  const happened = new BoundedMap<string, true>(REMEMBERED);
  let [hasJournal, isBroken] = [false, false];
  return {
    ledger({ event }) {
      if (event.type !== 'execution') return;
      const { execId, orderLinkId } = event.execution;
      if (happened.has(execId)) breaches.add(`the ledger has ${execId} twice`);
      if (orderLinkId.startsWith('mm-')) happened.set(execId, true);
    },
    journal(fact) {
      isBroken ||= fact.type === 'broken';
      hasJournal = !isBroken;
      if (fact.type !== 'record') return;
      if (fact.record.type !== 'fill') return;
      const { fillId } = fact.record.fill;
      if (told.has(fillId)) breaches.add(`${fillId} is in the journal twice`);
      told.set(fillId, true);
    },
    judge() {
      let count = 0;
      for (const execId of hasJournal ? happened.keys() : []) {
        count += 1;
        if (!told.has(execId)) breaches.add(`${execId} is not in the journal`);
      }
      return breaches.finding(`${count} executions, each recorded once`, count);
    },
  };
}

/** I10: a run after a killed one removes all orders left behind before it places anything. */
export function watchRestart({ account }: RunContext): Watch {
  const breaches = new Breaches();
  let run: string | undefined;
  let runs = 0;
  return {
    journal(fact) {
      if (fact.type !== 'record' || fact.record.type !== 'start') return;
      run = fact.record.runId;
      runs += 1;
    },
    ledger({ after, newTerms }) {
      if (newTerms !== 'accepted' || after === undefined || run === undefined || !after.clientOrderId.startsWith(run)) return;
      const orphan = account.own().find(({ clientOrderId }) => !clientOrderId.startsWith(run ?? ''));
      if (orphan !== undefined) breaches.add(`${after.clientOrderId} was placed while ${orphan.clientOrderId} of an earlier run rested`);
    },
    judge: () => breaches.finding(`${runs} runs, none placed anything beside an order left behind`, runs),
  };
}
