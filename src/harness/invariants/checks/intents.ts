import { compare, multiply, parseDecimal } from '../../../util/decimal.ts';
import type { Grid } from '../../../model/grid.ts';
import { Breaches } from '../breaches.ts';
import { BoundedMap } from './bounded.ts';
import type { Sent, SentOrder } from '../facts.ts';
import type { RunContext, Watch } from '../invariant.ts';

const REMEMBERED = 50_000;

interface Intent {
  readonly index: number;
  readonly at: number;
  readonly symbol: string;
  readonly price: number;
  readonly quantity: number;
}

/** The intents in the journal and how many of its records are durable on the disk. */
class Intents {
  readonly #places = new BoundedMap<string, Intent>(REMEMBERED);
  readonly #amends = new BoundedMap<string, Intent[]>(REMEMBERED);
  #durable = 0;

  journal(fact: Parameters<NonNullable<Watch['journal']>>[0], at: number): void {
    if (fact.type === 'durable') this.#durable = Math.max(this.#durable, fact.count);
    else if (fact.type === 'broken') return;
    else if (fact.record.type === 'placeIntent') {
      const { symbol, clientOrderId, price, quantity } = fact.record.order;
      this.#places.set(clientOrderId, { index: fact.index, at, symbol, price, quantity });
    } else if (fact.record.type === 'amendIntent') {
      const { symbol, clientOrderId, price, quantity } = fact.record.amend;
      const intents = this.#amends.get(clientOrderId) ?? [];
      this.#amends.set(clientOrderId, [...intents.slice(-9), { index: fact.index, at, symbol, price, quantity }]);
    }
  }

  place(clientOrderId: string): Intent | undefined {
    return this.#places.get(clientOrderId);
  }

  /** Removes the intent that it returns, because each amend on the wire needs an intent of its own. */
  takeAmend(order: SentOrder, matches: (intent: Intent) => boolean): Intent | undefined {
    const intents = this.#amends.get(order.clientOrderId) ?? [];
    const index = intents.findIndex(matches);
    const [taken] = index < 0 ? [] : intents.splice(index, 1);
    return taken;
  }

  isDurable(intent: Intent): boolean {
    return intent.index < this.#durable;
  }
}

/** I7, I19, I20: a request leaves only after its intent is on the disk, only once, and not when it is too old. */
export function watchIntents({ instruments, settings, idPrefix }: RunContext): Record<'durable' | 'once' | 'fresh', Watch> {
  const intents = new Intents();
  const [durable, once, fresh] = [new Breaches(), new Breaches(), new Breaches()];
  const left = new BoundedMap<string, true>(REMEMBERED);
  const { recvWindowMs } = settings.bybit;
  let [creates, amends, oldest] = [0, 0, 0];
  const isAs = (order: SentOrder, intent: Intent): boolean => {
    const instrument = instruments.get(intent.symbol);
    return (
      instrument !== undefined &&
      steps(order.price, intent.price, instrument.tick) &&
      steps(order.quantity, intent.quantity, instrument.lot)
    );
  };
  const create = (order: SentOrder, at: number): void => {
    const { clientOrderId } = order;
    const intent = intents.place(clientOrderId);
    creates += 1;
    if (intent === undefined) durable.add(`${clientOrderId} left without an intent in the journal`);
    else if (!intents.isDurable(intent)) durable.add(`${clientOrderId} left before its intent was on the disk`);
    else if (!isAs(order, intent))
      durable.add(`${clientOrderId} left as ${order.quantity} at ${order.price}, which its intent does not say`);
    if (left.has(clientOrderId)) once.add(`the create of ${clientOrderId} left twice`);
    left.set(clientOrderId, true);
    if (intent !== undefined) aged(clientOrderId, at - intent.at);
  };
  const amend = (order: SentOrder, at: number): void => {
    amends += 1;
    const intent = intents.takeAmend(order, (candidate) => isAs(order, candidate));
    if (intent === undefined)
      once.add(`an amend of ${order.clientOrderId} to ${order.quantity} at ${order.price} left without an intent of its own`);
    else if (!intents.isDurable(intent)) durable.add(`an amend of ${order.clientOrderId} left before its intent was on the disk`);
    if (intent !== undefined) aged(order.clientOrderId, at - intent.at);
  };
  const aged = (id: string, age: number): void => {
    oldest = Math.max(oldest, age);
    if (age > recvWindowMs) fresh.add(`${id} left ${Math.round(age)} ms after it was decided, recvWindowMs ${recvWindowMs}`);
  };
  const sent = (fact: Sent, at: number): void => {
    if (fact.operation === 'create') for (const order of fact.orders) create(order, at);
    if (fact.operation === 'amend') for (const order of fact.orders) amend(order, at);
  };
  return {
    durable: {
      journal: (fact, at) => intents.journal(fact, at),
      wire: (fact, at) => fact.type === 'sent' && sent(fact, at),
      ledger({ after, newTerms }) {
        if (newTerms !== 'accepted' || after === undefined || !after.clientOrderId.startsWith(idPrefix)) return;
        if (intents.place(after.clientOrderId) === undefined) durable.add(`${after.clientOrderId} is in the ledger and in no intent`);
      },
      judge: () => durable.finding(`${creates} creates and ${amends} amends left after their intents were on the disk`, creates + amends),
    },
    once: { judge: () => once.finding(`${creates} creates and ${amends} amends, each sent once`, creates + amends) },
    fresh: { judge: () => fresh.finding(`the oldest left ${Math.round(oldest)} ms after it was decided`, creates + amends) },
  };
}

function steps(text: string, count: number, grid: Grid): boolean {
  const value = parseDecimal(text);
  return value !== undefined && compare(value, multiply(grid.step, { units: BigInt(count), scale: 0 })) === 0;
}
