import { noOrderRests } from './accounts.ts';
import { Breaches } from '../breaches.ts';
import type { RunContext, Watch } from '../invariant.ts';

/** Time within which all orders must be gone after a freeze, while no fault is active. */
const FREEZE_BOUND_MS = 6000;

/** I8: after a stop or a freeze no order rests, and no new one appears. */
export function watchEmptiness({ account, idPrefix }: RunContext): Watch {
  const breaches = new Breaches();
  let emptiedBy: string | undefined;
  let frozenFor: number | undefined;
  let lastSample: number | undefined;
  let isReported = false;
  return {
    event(event) {
      if (event.type === 'frozen') frozenFor = 0;
      if (event.type === 'cancelAllDone' && event.report.verified && (event.report.trigger === 'stop' || event.report.trigger === 'freeze'))
        emptiedBy = event.report.trigger;
    },
    journal(fact) {
      if (fact.type === 'record' && fact.record.type === 'stop' && fact.record.clean) emptiedBy = 'stop';
      if (fact.type === 'record' && fact.record.type === 'start') emptiedBy = undefined;
    },
    ledger({ after, newTerms }) {
      if (newTerms === 'accepted' && emptiedBy !== undefined && after !== undefined)
        breaches.add(`${after.clientOrderId} appeared after the ${emptiedBy} had been proven`);
    },
    sample({ activeFaults }, at) {
      const elapsed = at - (lastSample ?? at);
      lastSample = at;
      if (frozenFor === undefined || activeFaults > 0) return;
      frozenFor += elapsed;
      const resting = account.own().length;
      if (isReported || resting === 0 || frozenFor < FREEZE_BOUND_MS) return;
      isReported = true;
      breaches.add(`${resting} rest ${Math.round(frozenFor / 1000)} s after the freeze`);
    },
    judge(aftermath) {
      const rests = noOrderRests({ ...aftermath, idPrefix });
      return rests.holds ? breaches.finding(rests.found) : rests;
    },
  };
}

/** I9: whenever a cancel-all claims a proof, the ledger shows no open order at that instant. */
export function watchProofs({ account }: RunContext): Watch {
  const breaches = new Breaches();
  let proofs = 0;
  return {
    event(event) {
      if (event.type !== 'cancelAllDone' || !event.report.verified) return;
      proofs += 1;
      const resting = account.own();
      if (resting.length > 0)
        breaches.add(`${event.report.trigger}: ${resting.map(({ clientOrderId }) => clientOrderId).join(', ')} rested`);
    },
    judge: () => breaches.finding(`${proofs} claimed, all true`, proofs),
  };
}
