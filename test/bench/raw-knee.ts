import { findKnee, type KneeAnswer } from '../../src/harness/load/knee.ts';
import { LoadGenerator, type DueRequest } from '../../src/harness/load/load-generator.ts';
import { plannedOrders, restMsFor, type PlannedOrder } from '../../src/harness/load/load-plan.ts';
import { at } from '../../src/util/array.ts';
import { systemClock as clock } from '../../src/util/clock.ts';
import { Histogram } from '../../src/util/histogram.ts';
import { seededRandom } from '../../src/util/random.ts';
import { decimalsOf, termsOf } from '../support/cancel/resting-orders.ts';
import { rawRest, rawSocket } from './raw-clients.ts';

/** The load of `mmbot load-test --find-knee --no-limiter` sent by a bare client: same arrivals, same orders' lives, same search. */
export interface RawKneeInput {
  readonly transport: 'ws' | 'rest';
  readonly url: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly symbols: readonly string[];
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly p99Ms: number;
}

const MOST_OPEN = 500;
const AMENDED = 0.75;
const input = JSON.parse(process.env['BENCH_INPUT'] ?? '') as RawKneeInput;
const client = await (input.transport === 'ws' ? rawSocket : rawRest)(input);
const terms = new Map(await Promise.all(input.symbols.map(async (symbol) => [symbol, await termsOf(input.url, symbol)] as const)));
let steps = 0;

const knee = await findKnee({ first: 100, least: 1, most: 50_000, precision: 0.05, run: (perSecond) => step(perSecond) });
client.close();
console.log(JSON.stringify(knee));

async function step(perSecond: number): Promise<KneeAnswer> {
  const prefix = `raw-${(steps += 1)}-`;
  const startAt = clock.monotonic();
  const from = startAt + input.warmUpMs;
  const latency = new Histogram();
  const placed = new Map<number, Promise<boolean>>();
  const answers: Promise<boolean>[] = [];
  const ask = async ({ kind, order, dueAt }: DueRequest): Promise<boolean> => {
    // As mmbot does: what is due for an order that is not acknowledged waits for that, and its time counts.
    if (kind !== 'place') await placed.get(order.number);
    const isTaken = await client.send(kind, bodyOf(kind, order, prefix));
    if (dueAt >= from) latency.record(clock.monotonic() - dueAt);
    return isTaken;
  };
  const submit = (due: readonly DueRequest[]): void => {
    for (const request of due) {
      const answer = ask(request);
      if (request.kind === 'place') placed.set(request.order.number, answer);
      answers.push(answer);
    }
  };
  const plan = {
    symbols: input.symbols,
    perSecond,
    arrival: 'constant',
    amendRatio: AMENDED,
    restMs: restMsFor(perSecond, MOST_OPEN),
  } as const;
  const orders = plannedOrders(plan, seededRandom(prefix));
  await new LoadGenerator({ clock, orders, startAt, endAt: from + input.durationMs, submit, stop: new AbortController().signal }).run();
  const refused = (await Promise.all(answers)).filter((isTaken) => !isTaken).length;
  const isGood = (latency.quantile(0.99) ?? Number.POSITIVE_INFINITY) <= input.p99Ms && refused <= 0.02 * answers.length;
  return { isGood, judged: true };
}

function bodyOf(kind: 'place' | 'amend' | 'cancel', { symbol, side, number }: PlannedOrder, prefix: string): object {
  const ref = { category: 'linear', symbol, orderLinkId: `${prefix}${number}` };
  if (kind === 'cancel') return ref;
  const { tick, tickText, mark, lot, lotText, least } = terms.get(symbol) ?? at([], 0);
  const away = (side === 'buy' ? -1 : 1) * (0.005 * mark + (number % 100) * tick + (kind === 'amend' ? tick : 0));
  const price = (Math.round((mark + away) / tick) * tick).toFixed(decimalsOf(tickText));
  const qty = (Math.ceil(Math.max(least / lot, 6 / mark / lot)) * lot).toFixed(decimalsOf(lotText));
  if (kind === 'amend') return { ...ref, price, qty };
  return { ...ref, side: side === 'buy' ? 'Buy' : 'Sell', orderType: 'Limit', timeInForce: 'PostOnly', qty, price };
}
