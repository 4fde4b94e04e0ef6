import { expect, test } from 'vitest';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { sumUp } from '../../../src/harness/measures/measures.ts';
import { fillFigures, standingFigures } from '../../../src/reports/soak/fills/fill-figures.ts';
import { markoutFigures } from '../../../src/reports/causes/markout-figures.ts';
import { parseFaultOption } from '../../../src/commands/options/fault-option.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import { defined } from '../../../src/util/assert.ts';
import { isoTime, VirtualClock } from '../../../src/util/clock.ts';
import { settingsOf, virtualSoak, type VirtualSoak } from '../../support/bots/virtual-soak.ts';

const settings = settingsOf('s1');
const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
/** A decision follows each book, of which there are fifty a second. */
const TURN_MS = 20;

async function soak(parts: Partial<VirtualSoak> = {}) {
  let ledger: Ledger | undefined;
  const onEvent = (_: unknown, record: Ledger): void => {
    ledger = record;
  };
  const run = await virtualSoak({ settings, seed: '7', durationMs: 90_000, symbols: SYMBOLS, onEvent, ...parts });
  return { run, fills: run.fills.fills.map(fillFigures), ledger: defined(ledger, 'ledger') };
}

test.each(['none', 'lost-reply,missed-private-event,socket-drop', 'missed-executions@20:20', 'manual-orders,duplicated-event'])(
  'each fill is an execution of the exchange’s ledger, and their fees are those of the report: faults %s',
  async (faults) => {
    const { run, fills, ledger } = await soak({ faults: parseFaultOption(faults).choice });
    const own = fills.map(({ fillId, clientOrderId, symbol, side, price, quantity, feeUsd, maker, time }) => {
      return { fillId, clientOrderId, symbol, side, price, quantity, feeUsd, maker, time };
    });
    const executed = ledger.executions().map(({ execId, orderLinkId, symbol, side, price, quantity, fee, isMaker, at }) => ({
      fillId: execId,
      clientOrderId: orderLinkId,
      symbol,
      side: side.toLowerCase(),
      price: Number(price),
      quantity: Number(quantity),
      feeUsd: Number(fee),
      maker: isMaker,
      time: isoTime(at),
    }));
    const byId = (a: { readonly fillId: string }, b: { readonly fillId: string }): number => (a.fillId < b.fillId ? -1 : 1);
    expect(own.length).toBeGreaterThan(20);
    expect(own.sort(byId)).toEqual(executed.sort(byId));
    expect(fills.reduce((sum, { feeUsd }) => sum + feeUsd, 0)).toBeCloseTo(sumUp(run.statistics).feesUsd, 9);
    expect(standingFigures(run.fills).reduce((sum, each) => sum + each.fills, 0)).toBe(fills.length);
  },
);

interface Row {
  readonly orderLinkId: string;
  readonly orderStatus: string;
  readonly price: string;
  readonly qty: string;
  readonly updatedTime: string;
  readonly execId: string;
  readonly execPrice: string;
  readonly execTime: string;
}

interface Amend {
  readonly orderLinkId: string;
  readonly price: string;
}

/** Folds what is sent and what the private stream says: by fill, how long its order had been at its price, and whether it was to move. */
class WireFold {
  readonly queueMs = new Map<string, number>();
  readonly moving = new Set<string>();
  readonly #clock: VirtualClock;
  readonly #moves = new Map<string, { price: number; at: number }>();
  readonly #rests = new Map<string, { price: number; qty: number; since: number }>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  readonly tap = (wire: Wire): Wire => ({
    ...wire,
    request: (request, signal) => wire.request(request, signal),
    close: () => wire.close(),
    open: (url, listener) => {
      const socket = wire.open(url, {
        onOpen: () => listener.onOpen(),
        onClose: (reason) => listener.onClose(reason),
        onMessage: (message) => {
          if (url.includes('/private')) this.#heard(JSON.parse(message.text) as { topic?: string; data?: readonly Row[] });
          listener.onMessage(message);
        },
      });
      return {
        send: (message) => {
          if (url.includes('/trade')) this.#sent(JSON.parse(message.text) as { op: string; args: readonly Amend[] });
          socket.send(message);
        },
        close: () => socket.close(),
      };
    },
  });

  #sent({ op, args }: { op: string; args: readonly Amend[] }): void {
    if (op !== 'order.amend') return;
    for (const { orderLinkId, price } of args) this.#moves.set(orderLinkId, { price: Number(price), at: this.#clock.now() });
  }

  #heard({ topic = '', data = [] }: { topic?: string; data?: readonly Row[] }): void {
    for (const row of data) {
      if (topic.startsWith('order')) this.#ordered(row);
      if (topic.startsWith('execution')) this.#executed(row);
    }
  }

  #ordered({ orderLinkId, orderStatus, price, qty, updatedTime }: Row): void {
    if (!['New', 'PartiallyFilled'].includes(orderStatus)) return;
    const last = this.#rests.get(orderLinkId);
    if (this.#moves.get(orderLinkId)?.price === Number(price)) this.#moves.delete(orderLinkId);
    const stays = last?.price === Number(price) && Number(qty) <= last.qty;
    this.#rests.set(orderLinkId, { price: Number(price), qty: Number(qty), since: stays ? last.since : Number(updatedTime) });
  }

  #executed({ orderLinkId, execId, execPrice, execTime }: Row): void {
    const rest = this.#rests.get(orderLinkId);
    const move = this.#moves.get(orderLinkId);
    if (move !== undefined && move.price !== Number(execPrice) && move.at <= Number(execTime)) this.moving.add(execId);
    if (rest?.price === Number(execPrice)) this.queueMs.set(execId, Number(execTime) - rest.since);
  }
}

test('the time in the queue is that of a fold of the private stream', async () => {
  const clock = new VirtualClock(1_767_225_600_000);
  const fold = new WireFold(clock);
  const { fills } = await soak({ clock, betweenWire: fold.tap });
  // Not known of an order that was filled before the next decision, which is when orders are looked at.
  const isRight = (queueMs: number | null, there: number): boolean =>
    queueMs === null ? there >= 0 && there < TURN_MS : queueMs === there;
  const wrong = fills.filter(({ fillId, queueMs }) => !isRight(queueMs, fold.queueMs.get(fillId) ?? -1));
  expect(wrong).toEqual([]);
  expect(fills.filter(({ queueMs }) => (queueMs ?? 0) > 1000).length).toBeGreaterThan(5);
});

test('a move is on its way from the time it is sent until the exchange has made it', async () => {
  const clock = new VirtualClock(1_767_225_600_000);
  const fold = new WireFold(clock);
  const { choice } = parseFaultOption('latency-step@10:220');
  const quick = settingsOf('s1', { 'risk.softLatencyP95Ms': 4000, 'risk.hardLatencyP95Ms': 5000 });
  const { fills } = await soak({ clock, betweenWire: fold.tap, faults: choice, settings: quick, durationMs: 240_000 });
  const moving = fills.filter(({ why }) => why.standing === 'moving').map(({ fillId }) => fillId);
  expect(moving.length).toBeGreaterThan(10);
  expect(new Set(moving)).toEqual(fold.moving);
});

test('the markouts of fills are those of the table, and each fill says why its order was there', async () => {
  const { run, fills } = await soak();
  const { horizonsMs, curves } = markoutFigures([...run.statistics.symbols.values()]);
  const figure = curves[0]?.figures[horizonsMs.indexOf(10_000)];
  const known = fills.flatMap(({ markout10sBps }) => (markout10sBps === null ? [] : [markout10sBps]));
  expect(known.length).toBe(figure?.count);
  expect(known.reduce((sum, bps) => sum + bps, 0) / known.length).toBeCloseTo(figure?.bps ?? Number.NaN, 2);
  expect(fills.filter(({ markout60sBps }) => markout60sBps === null).length).toBeGreaterThan(0);
  for (const { why, level, price, side } of fills) {
    expect(level).not.toBeNull();
    expect(why.standing).not.toBe('unknown');
    expect(why.ageMs).toBeGreaterThan(0);
    const distance = ((side === 'buy' ? 1 : -1) * ((why.fairValue ?? 0) - price)) / (why.fairValue ?? 1);
    expect(why.fromFairBps).toBeCloseTo(distance * 10_000, 2);
  }
});
