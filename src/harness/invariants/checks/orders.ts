import { settingsFor } from '../../../config/fields.ts';
import type { JournalRecord } from '../../../execution/journal.ts';
import { ATOMS_PER_COIN } from '../../../model/units.ts';
import { compare, multiply, toNumber, toText, type Decimal } from '../../../util/decimal.ts';
import type { Grid } from '../../../model/grid.ts';
import type { FoldedOrder } from '../account-fold.ts';
import { Breaches } from '../breaches.ts';
import { BoundedMap } from './bounded.ts';
import type { RunContext, Sample, Watch } from '../invariant.ts';

const REMEMBERED = 50_000;
/** A difference must be gone after this many reconciliations. */
const ROUNDS = 3;
const FOREIGN_GRACE_MS = 3000;

type OrderRecord = Extract<JournalRecord, { type: 'order' }>;

interface End {
  ledger?: FoldedOrder;
  told?: OrderRecord;
}

/** I13: the filled quantity only grows, up to the order’s quantity; a final state stays; the journal’s final states match the ledger’s. */
export function watchEndings({ instruments, idPrefix }: RunContext): Watch {
  const breaches = new Breaches();
  const filled = new BoundedMap<string, Decimal>(REMEMBERED);
  const ends = new BoundedMap<string, End>(REMEMBERED);
  let [hasJournal, isBroken] = [false, false];
  const endOf = (id: string): End => {
    const end = ends.get(id) ?? {};
    ends.set(id, end);
    return end;
  };
  const told = (record: OrderRecord): void => {
    const end = endOf(record.clientOrderId);
    const before = end.told;
    const isReopened = before !== undefined && isEnd(before) && !isEnd(record);
    const isOther = before !== undefined && isEnd(before) && before.state.tag === 'filled' && record.state.tag !== 'filled';
    if (isReopened || isOther) breaches.add(`${record.clientOrderId} is ${record.state.tag} after it was ${before.state.tag}`);
    if (before !== undefined && record.filled < before.filled)
      breaches.add(`${record.clientOrderId}: ${record.filled} lots filled after ${before.filled}`);
    if (record.filled > record.quantity) breaches.add(`${record.clientOrderId}: ${record.filled} of ${record.quantity} lots filled`);
    end.told = record;
  };
  return {
    ledger({ after }) {
      if (after === undefined || !after.clientOrderId.startsWith(idPrefix)) return;
      const { clientOrderId } = after;
      const before = filled.get(clientOrderId);
      if (before !== undefined && compare(after.filled, before) < 0) breaches.add(`the ledger takes back a fill of ${clientOrderId}`);
      filled.set(clientOrderId, after.filled);
      if (after.isOpen && ends.get(clientOrderId)?.ledger !== undefined) breaches.add(`${clientOrderId} is open again in the ledger`);
      if (!after.isOpen) endOf(clientOrderId).ledger = after;
    },
    journal(fact) {
      isBroken ||= fact.type === 'broken';
      hasJournal = !isBroken;
      if (fact.type !== 'record') return;
      if (fact.record.type === 'order' && fact.record.clientOrderId.startsWith(idPrefix)) told(fact.record);
    },
    judge() {
      let count = 0;
      for (const { ledger, told: record } of hasJournal ? ends.values() : []) {
        if (ledger === undefined) continue;
        count += 1;
        const lot = instruments.get(ledger.symbol)?.lot;
        if (record === undefined || !isEnd(record))
          breaches.add(`${ledger.clientOrderId} ended as ${ledger.status}, which the journal does not tell`);
        else if (lot !== undefined && !equals(ledger.filled, record.filled, lot))
          breaches.add(`${ledger.clientOrderId}: ${record.filled} lots filled in the journal, ${toText(ledger.filled)} in the ledger`);
      }
      return breaches.finding(`${count} final states, all as in the ledger`, count);
    },
  };
}

function isEnd({ state }: OrderRecord): boolean {
  return state.tag === 'filled' || state.tag === 'canceled' || state.tag === 'rejected' || state.tag === 'neverAccepted';
}

/** I15: while no fault is active, mmbot’s open orders are exactly the ledger’s, at the same prices and quantities. */
export function watchPicture({ settings, account, instruments }: RunContext): Watch {
  const breaches = new Breaches();
  const patience = ROUNDS * settings.execution.reconcileMs;
  /** Start of an unbroken series of samples with a difference and without an active fault. */
  let wrongSince: number | undefined;
  let looks = 0;
  const difference = ({ settled, live }: Sample): string | undefined => {
    const own = new Map(account.own().map((order) => [order.clientOrderId, order]));
    for (const { clientOrderId, symbol, price, quantity } of settled) {
      const order = own.get(clientOrderId);
      const instrument = instruments.get(symbol);
      if (order === undefined) return `${clientOrderId} is open in the picture alone`;
      if (instrument === undefined || (equals(order.price, price, instrument.tick) && equals(order.quantity, quantity, instrument.lot)))
        continue;
      return `${clientOrderId}: ${quantity} lots at ${price} ticks in the picture, ${toText(order.quantity)} at ${toText(order.price)} in the ledger`;
    }
    return own.size > live ? `${own.size} open in the ledger, ${live} in the picture` : undefined;
  };
  return {
    sample(sample, at) {
      looks += 1;
      // Nothing can be compared in this sample; it leaves `wrongSince` unchanged.
      if (sample.activeFaults === 0 && sample.settled.length === 0 && account.own().length > 0) return;
      const found = sample.activeFaults > 0 ? undefined : difference(sample);
      if (found === undefined) wrongSince = undefined;
      else wrongSince ??= at;
      if (found === undefined || wrongSince === undefined || at - wrongSince < patience) return;
      breaches.add(`${found}, after ${Math.round((at - wrongSince) / 1000)} s of differences`);
      wrongSince = undefined;
    },
    judge: () => breaches.finding(`${looks} comparisons`, looks),
  };
}

function equals(value: Decimal, count: number, { step }: Grid): boolean {
  return compare(value, multiply(step, { units: BigInt(count), scale: 0 })) === 0;
}

/** I16: the exposure by which mmbot decides is never below the ledger’s, because orders in doubt count as live. */
export function watchExposure({ settings, account, instruments }: RunContext): Watch {
  const breaches = new Breaches();
  let [turns, foreignAt] = [0, Number.NEGATIVE_INFINITY];
  return {
    ledger({ event }, at) {
      if (event.type === 'execution' && !event.execution.orderLinkId.startsWith('mm-')) foreignAt = at;
    },
    event(event, at) {
      if (event.type !== 'turn' || event.mid === undefined || at - foreignAt < FOREIGN_GRACE_MS) return;
      const { riskRatio } = event.explanation;
      const instrument = instruments.get(event.symbol);
      if (riskRatio === undefined || instrument === undefined) return;
      turns += 1;
      const usdPerLot = (event.mid * instrument.atomsPerTickLot) / ATOMS_PER_COIN;
      const claimed = (riskRatio * settingsFor(settings, event.symbol).risk.maxPositionUsd) / usdPerLot;
      const lotsOf = (value: Decimal): number => toNumber(value) / instrument.lot.size;
      const worst = Math.max(lotsOf(account.worst(event.symbol, 'Buy')), lotsOf(account.worst(event.symbol, 'Sell')));
      // Tolerance: half a lot for rounding, 0.1 % for the price at which the exposure was valued.
      if (worst > claimed * 1.001 + 0.5)
        breaches.add(`${event.symbol}: ${Math.round(claimed)} lots at worst by its own account, ${Math.round(worst)} by the ledger`);
    },
    judge: () => breaches.finding(`${turns} turns, none below the ledger's worst case`, turns),
  };
}
