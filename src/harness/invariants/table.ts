import {
  cancelWasProven,
  feesMatch,
  fundingMatches,
  neverFroze,
  nothingInDoubt,
  onlyMakerFills,
  pnlMatches,
  positionsMatch,
  quotingResumed,
  walletAddsUp,
} from './checks/accounts.ts';
import { watchBooks } from './checks/books.ts';
import { watchConfiguration, watchFigures } from './figures.ts';
import { watchIds } from './ids.ts';
import { watchIntents } from './checks/intents.ts';
import type { Aftermath } from '../soak/aftermath.ts';
import type { Finding, Rule, RunContext, Source, Watch } from './invariant.ts';
import { LimitsWatch } from './checks/limits.ts';
import { watchEndings, watchExposure, watchPicture } from './checks/orders.ts';
import { watchBounds, watchProcess } from './checks/process.ts';
import { watchCrossing, watchLevels, watchPostOnly, watchRounding } from './checks/quotes.ts';
import { watchLanes, watchRates } from './checks/rates.ts';
import { watchFills, watchRestart } from './checks/restart.ts';
import { watchFreeze, watchSilence } from './checks/silence.ts';
import { watchEmptiness, watchProofs } from './checks/stop.ts';
import { watchClock, watchDurations } from './checks/time.ts';

type Terms = readonly [id: string, name: string, meaning: string, sources: readonly Source[]];

/** Judged at each event of its sources. */
function live([id, name, meaning, sources]: Terms, watch: Rule['watch'], only?: Rule['only']): Rule {
  return { id, name, meaning, sources, when: 'at every event', watch, ...(only === undefined ? {} : { only }) };
}

/** Judged at the end, when nothing is in flight. */
function atRest([id, name, meaning, sources]: Terms, judge: (aftermath: Aftermath) => Finding, only?: Rule['only']): Rule {
  return { id, name, meaning, sources, when: 'at rest', watch: () => ({ judge }), ...(only === undefined ? {} : { only }) };
}

/** Rules that share their state. */
function shared<K extends string>(watchAll: (context: RunContext) => Record<K, Watch>): (name: K) => Rule['watch'] {
  const made = new WeakMap<RunContext, Record<K, Watch>>();
  return (name) => (context) => {
    const watches = made.get(context) ?? watchAll(context);
    made.set(context, watches);
    return watches[name];
  };
}

const intents = shared(watchIntents);
const silence = shared(watchSilence);

/**
 * Every invariant that the ledger, the wire or the journal can show. Printed by `mmbot soak --explain-invariants`, listed in docs/soak.md.
 */
export const RULES: readonly Rule[] = [
  live(
    [
      'I1',
      'every order is inside its limits',
      'size, value, price collar, worst-case position, open orders and value, loss and orders of the day, at the mark price of that instant',
      ['ledger'],
    ],
    (context) => new LimitsWatch(context),
  ),
  live(
    [
      'I2',
      'own bid is always below own ask',
      'no own order rests or is sent at or beyond the price of an own order on the other side',
      ['ledger', 'wire'],
    ],
    watchCrossing,
  ),
  live(['I3', 'every quote is post-only', 'on the wire and in the book', ['wire', 'ledger']], watchPostOnly),
  atRest(['I3', 'every fill is a maker fill', 'no own order took liquidity', ['ledger']], onlyMakerFills),
  live(['I4', 'one order for each level', 'no more orders of a side than levels, even after retries', ['ledger']], watchLevels),
  live(
    ['I5', 'an order id is used once', 'for one order, in the form and with the prefix of the run', ['ledger', 'wire', 'journal']],
    watchIds,
  ),
  live(
    [
      'I6',
      'nothing is sent on hold or frozen',
      'no decision on old market data or unread lists, no create or amend in a freeze',
      ['wire', 'journal', 'events'],
    ],
    silence('silent'),
  ),
  live(
    [
      'I7',
      'intents are durable before they leave',
      'every create and amend on the wire has an intent on the disk; every order in the ledger has one',
      ['wire', 'journal', 'ledger'],
    ],
    intents('durable'),
  ),
  live(
    [
      'I8',
      'no order is left open',
      'after a stop or a freeze none is open, and none appears while a sent request could still take effect',
      ['ledger', 'events'],
    ],
    watchEmptiness,
  ),
  live(['I9', 'no cancel-all claimed a false proof', 'whenever one claims a proof the ledger is empty', ['ledger', 'events']], watchProofs),
  atRest(['I9', 'the last cancel-all is proven', 'the stop ends with a proof', ['events']], cancelWasProven),
  live(
    ['I10', 'a new run begins clean', 'all orders of a killed run are gone before anything is placed', ['ledger', 'journal']],
    watchRestart,
    'after a kill',
  ),
  atRest(['I11', 'position equals the ledger', 'to the last unit', ['ledger']], positionsMatch),
  atRest(['I11', 'PnL equals the ledger', 'to the last unit, realized and unrealized', ['ledger']], pnlMatches),
  atRest(['I11', 'fees equal the ledger', 'to the last unit', ['ledger']], feesMatch),
  atRest(['I11', 'funding equals the ledger', 'to the last unit', ['ledger']], fundingMatches),
  atRest(['I11', 'wallet adds up', 'the exchange’s own books: deposit, realized, fees, funding', ['ledger']], walletAddsUp),
  live(
    ['I12', 'each fill is recorded once', 'the journal has the executions of the ledger, none missing, none twice', ['ledger', 'journal']],
    watchFills,
  ),
  live(
    [
      'I13',
      'final states match the ledger',
      'fills only grow, up to the quantity; a final state stays; the journal’s final states match the ledger’s',
      ['ledger', 'journal'],
    ],
    watchEndings,
  ),
  atRest(['I14', 'no order is in doubt', 'every unknown outcome is resolved', ['events']], nothingInDoubt),
  live(
    [
      'I15',
      'open orders match the ledger',
      'at its price and quantity, within three reconciliations, unless a fault is active',
      ['ledger'],
    ],
    watchPicture,
  ),
  live(
    ['I16', 'exposure counts what is in doubt', 'the worst case by which mmbot decides is never below the ledger’s', ['ledger', 'events']],
    watchExposure,
  ),
  live(['I17', 'no rate limit was hit', 'per counter and rolling second, per address, and connections', ['ledger', 'wire']], watchRates),
  live(
    [
      'I18',
      'exhausted limits are respected',
      'no request before the reset; a cancel waits for the limit of cancels only',
      ['wire', 'events'],
    ],
    watchLanes,
  ),
  live(
    ['I19', 'nothing is sent twice', 'each create and each amend is sent once, with an intent of its own', ['wire', 'journal']],
    intents('once'),
  ),
  live(
    ['I20', 'nothing old is sent', 'no create or amend is sent later than the receive window after its decision', ['wire', 'journal']],
    intents('fresh'),
  ),
  live(['I21', 'the book is the exchange’s', 'level by level at the same sequence', ['wire', 'ledger']], watchBooks),
  live(
    ['I21', 'no quote on a book with a gap', 'after a gap or a reconnect a snapshot must come first', ['wire', 'journal']],
    silence('gaps'),
  ),
  live(
    [
      'I23',
      'rounding is away from fair value',
      'no quote beyond its target or nearer to fair value than the fee floor; the queue adjustment keeps its bound and its sign',
      ['events'],
    ],
    watchRounding,
  ),
  live(['I24', 'durations are monotonic', 'reported latencies are those of the wire', ['wire', 'events']], watchDurations),
  live(
    ['I25', 'orders leave on the exchange’s time', 'within 250 ms, ten seconds after a jump of its clock', ['wire', 'ledger']],
    watchClock,
  ),
  live(
    ['I27', 'no bug and no standstill', 'no exception reached the loop, and the process was never blocked for five seconds', ['process']],
    watchProcess,
  ),
  live(
    ['I28', 'what is under way is bounded', 'unanswered requests and live orders stay below their caps', ['wire', 'ledger']],
    watchBounds,
  ),
  live(['I30', 'a freeze stays', 'recorded within a second and never lifted by the run itself', ['events', 'journal']], watchFreeze),
  live(
    [
      'I31',
      'reported figures match the record',
      'creates, amends and fills as on the wire and in the ledger; a rejection for a rate limit is reported within a second',
      ['wire', 'ledger', 'events'],
    ],
    watchFigures,
  ),
  live(
    ['I32', 'the configuration is the one explained', 'its hash in the journal, its receive window on the wire', ['journal', 'wire']],
    watchConfiguration,
  ),
  atRest(['I33', 'trading never froze', 'without a cause in the faults of the run', ['events']], neverFroze),
  atRest(['I33', 'quoting resumed after the faults', 'unless a person has to act first', ['events']], quotingResumed, 'with faults'),
];
