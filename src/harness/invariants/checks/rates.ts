import { isExcused, type Aftermath } from '../../soak/aftermath.ts';
import { Breaches } from '../breaches.ts';
import type { Finding, RunContext, Watch } from '../invariant.ts';

const ADDRESS_LIMIT = 600;
const DIALS = { most: 500, windowMs: 300_000 };
/** Tolerance: the exchange rounds its reset time to whole ms and the network adds delay. The rate limiter waits longer than this. */
const SLACK_MS = 2;
/** Fewer cancels than this within LANE_MS never have to wait for the rate limiter. */
const FEW = 4;
const LANE_MS = 2500;

/** I17: no rate limit of the exchange was ever exceeded. */
export function watchRates({ inside }: RunContext): Watch {
  const breaches = new Breaches();
  let dials: number[] = [];
  return {
    wire(fact, at) {
      if (fact.type !== 'socket' || fact.state !== 'dialed') return;
      dials = [...dials.filter((each) => at - each < DIALS.windowMs), at];
      if (dials.length === DIALS.most + 1) breaches.add(`more than ${DIALS.most} connections in 5 minutes`);
    },
    judge(aftermath) {
      const counted = underLimits(aftermath);
      for (const { address, worstFiveSeconds, isBanned } of inside?.addresses() ?? [])
        if (worstFiveSeconds > ADDRESS_LIMIT || isBanned) breaches.add(`${address}: ${worstFiveSeconds} requests in 5 s`);
      return counted.holds ? breaches.finding(counted.found) : counted;
    },
  };
}

function underLimits(aftermath: Aftermath): Finding {
  const { rateLimited, worstRollingSecond } = aftermath.ledger.counts();
  const holds = rateLimited === 0 || isExcused(aftermath, 'rate limit');
  return { holds, found: `${rateLimited} refused, worst rolling second ${worstRollingSecond}` };
}

/** I18: nothing is sent to an exhausted rate limit before its reset; a cancel waits for the limit of cancels only. */
export function watchLanes({ toleranceMs, account }: RunContext): Watch {
  const breaches = new Breaches();
  const closed = new Map<string, { readonly since: number; readonly until: number }>();
  const asked = new Map<string, number>();
  const sent: number[] = [];
  let [throttled, slowest, blockedUntil] = [0, 0, Number.NEGATIVE_INFINITY];
  const cancelLeft = (id: string, at: number): void => {
    const askedAt = asked.get(id);
    asked.delete(id);
    const recent = sent.filter((each) => each > (askedAt ?? at) - LANE_MS).length;
    sent.push(at);
    while ((sent[0] ?? at) < at - 2 * LANE_MS) sent.shift();
    if (askedAt === undefined || recent + asked.size >= FEW || askedAt < blockedUntil) return;
    slowest = Math.max(slowest, at - askedAt);
    if (at - askedAt > 20 * toleranceMs) breaches.add(`the cancel of ${id} waited ${Math.round(at - askedAt)} ms with a free lane`);
  };
  return {
    event(event, at) {
      if (event.type !== 'cancelSent') return;
      if (asked.size >= 1000) asked.clear();
      asked.set(event.clientOrderId, at);
    },
    wire(fact, at) {
      if (fact.type === 'answered' && fact.outcome === 'rate limit') {
        throttled += 1;
        closed.set(fact.path, { since: at, until: at + (fact.resetInMs ?? 0) - SLACK_MS });
        blockedUntil = at + LANE_MS;
      }
      if (fact.type !== 'sent') return;
      const counter = closed.get(fact.path);
      // A request of the same instant was already on its way.
      if (counter !== undefined && at - counter.since > toleranceMs && at < counter.until)
        breaches.add(`${fact.path} was asked ${Math.round(counter.until - at)} ms before its counter opened again`);
      if (fact.operation === 'cancel')
        for (const { clientOrderId, orderId } of fact.orders) cancelLeft(clientOrderId || account.clientIdOf(orderId), at);
    },
    judge: () =>
      breaches.finding(
        `${throttled} limits exhausted and respected; the slowest cancel with room in its lane was sent after ${Math.round(slowest)} ms`,
      ),
  };
}
