import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { watchBounds } from '../../../src/harness/invariants/checks/process.ts';
import type { WireFact } from '../../../src/harness/invariants/facts.ts';
import type { RunContext } from '../../../src/harness/invariants/invariant.ts';
import { watchedWire } from '../../../src/harness/invariants/wire-watch.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { Message } from '../../../src/util/message.ts';
import { BTC } from '../../support/builders/builders.ts';
import { scriptedWire } from '../../support/bybit/scripted-wire.ts';

const { settings } = resolve({});
const { maxInFlight } = settings.quoting;

/** A trade socket under watch, and what the check of requests under way says at the end. */
function watched() {
  const clock = new VirtualClock(0);
  const check = watchBounds({ settings, instruments: new Map([['BTCUSDT', BTC]]) } as Partial<RunContext> as RunContext);
  const facts: WireFact[] = [];
  const scripted = scriptedWire(
    () => clock.monotonic(),
    () => ({}),
  );
  const wire = watchedWire(scripted, clock, (fact) => {
    facts.push(fact);
    if (fact.type !== 'book') check.wire?.(fact, clock.monotonic());
  });
  const open = () => wire.open('ws://x/v5/trade', { onOpen: () => undefined, onMessage: () => undefined, onClose: () => undefined });
  let ids = 0;
  const create = (socket: ReturnType<typeof open>): void => {
    ids += 1;
    const order = { symbol: 'BTCUSDT', orderLinkId: `mm-${ids}` };
    socket.send(new Message({ reqId: String(ids), op: 'order.create', args: [order] }));
  };
  return { open, create, facts, judge: () => check.judge({} as Parameters<typeof check.judge>[0]) };
}

describe('requests under way on the trade socket', () => {
  test('are counted until they are answered', () => {
    const { open, create, judge } = watched();
    const socket = open();
    for (let i = 0; i <= maxInFlight; i += 1) create(socket);
    expect(judge()).toMatchObject({ holds: false });
  });

  test('end with their connection, also where we close it', () => {
    const { open, create, facts, judge } = watched();
    const first = open();
    for (let i = 0; i < maxInFlight; i += 1) create(first);
    first.close();
    const second = open();
    for (let i = 0; i < maxInFlight; i += 1) create(second);
    expect(facts.filter(({ type }) => type === 'socket')).toContainEqual({ type: 'socket', stream: 'trade', state: 'closed' });
    expect(judge()).toMatchObject({ holds: true });
  });
});
