import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SocketClient } from '../../../../../src/exchange/bybit/streams/socket-client.ts';
import { at } from '../../../../../src/util/array.ts';
import { sleep, VirtualClock } from '../../../../../src/util/clock.ts';
import { seededRandom } from '../../../../../src/util/random.ts';
import { scriptedWire, type ScriptedSocket } from '../../../../support/bybit/scripted-wire.ts';

/** `onSocket`: what the server does with each new connection. */
function client(onSocket: (socket: ScriptedSocket, clock: VirtualClock) => void, { seed = 'socket', readyAtOnce = true } = {}) {
  const clock = new VirtualClock(0);
  const downs: string[] = [];
  const wire = scriptedWire(
    () => clock.monotonic(),
    () => ({}),
    (socket) => {
      clock.schedule(1, () => onSocket(socket, clock));
    },
  );
  const socket = new SocketClient(
    { wire, clock, random: seededRandom(seed), url: 'ws://x/y' },
    {
      onOpen: () => (readyAtOnce ? socket.ready() : undefined),
      onMessage(message) {
        if (message['op'] === 'explode') throw new Error('boom');
      },
      onDown: (reason) => downs.push(reason),
    },
  );
  const pass = (ms: number): Promise<void> => clock.run(sleep(clock, ms));
  socket.start();
  return { clock, wire, socket, downs, pass };
}

const healthy = (socket: ScriptedSocket): void => socket.open();

describe('a socket that reconnects', () => {
  it('pings every 20 seconds and is content with any pong', async () => {
    const pongs = [
      { success: true, ret_msg: 'pong', op: 'ping' },
      { op: 'pong', args: ['1'] },
      { retCode: 0, op: 'pong', data: ['1'] },
    ];
    for (const pong of pongs) {
      const { wire, pass, downs } = client(healthy);
      for (let i = 1; i <= 5; i += 1) {
        await pass(20_002);
        expect(at(wire.sockets, 0).sent).toHaveLength(i);
        at(wire.sockets, 0).say(pong);
      }
      expect(at(wire.sockets, 0).sent[0]).toEqual({ op: 'ping' });
      expect(downs).toEqual([]);
    }
  });

  it('gives up a connection that answers no ping, or never becomes ready', async () => {
    const frozen = client(healthy);
    await frozen.pass(25_002);
    expect(frozen.downs).toEqual(['no pong within 5000 ms']);
    expect(at(frozen.wire.sockets, 0).isClosed).toBe(true);
    const mute = client(healthy, { readyAtOnce: false });
    await mute.pass(10_001);
    expect(mute.downs).toEqual(['not ready within 10000 ms']);
  });

  it('starts over after a message that nobody can handle', async () => {
    const { wire, pass, downs } = client(healthy);
    await pass(5);
    at(wire.sockets, 0).say('{"op":');
    await pass(2000);
    at(wire.sockets, 1).say({ op: 'explode' });
    await pass(4000);
    expect(downs).toEqual(['a message that is not JSON', 'a message that cannot be handled: boom']);
    expect(wire.sockets).toHaveLength(3);
  });

  it('hears nothing from a connection that it has given up', async () => {
    const { wire, pass, downs, socket } = client(healthy);
    await pass(5);
    socket.restart('for the test');
    const old = at(wire.sockets, 0);
    await pass(1500);
    old.say('not JSON');
    old.drop('late');
    expect(downs).toEqual(['for the test']);
    expect(socket.isReady).toBe(true);
  });

  it('dials at most about once a second in any outage, and at least twice a minute', () =>
    fc.assert(
      fc.asyncProperty(fc.string(), fc.constantFrom('refused', 'flapping', 'mute'), async (seed, outage) => {
        const { wire, pass } = client(
          (socket, clock) => {
            if (outage === 'refused') return socket.drop('ECONNREFUSED');
            socket.open();
            if (outage === 'flapping') clock.schedule(2, () => socket.drop());
          },
          { seed, readyAtOnce: outage !== 'mute' },
        );
        await pass(300_000);
        const dials = wire.sockets.map(({ openedAt }) => openedAt);
        expect(dials.length).toBeLessThan(60);
        expect(dials.length).toBeGreaterThan(5);
        // The longest backoff and the longest handshake.
        for (let i = 1; i < dials.length; i += 1) expect(at(dials, i) - at(dials, i - 1)).toBeLessThan(41_000);
        for (const from of dials) expect(dials.filter((time) => time >= from && time < from + 10_000).length).toBeLessThanOrEqual(10);
      }),
      { numRuns: 60 },
    ));

  it('comes back within a second after a good connection breaks', async () => {
    const { wire, pass } = client((socket) => socket.open());
    for (let i = 0; i < 5; i += 1) {
      await pass(20_002);
      at(wire.sockets, i).say({ op: 'pong' });
      await pass(15_000);
      at(wire.sockets, i).drop();
      await pass(1000);
      expect(wire.sockets).toHaveLength(i + 2);
    }
  });

  it('leaves no timer behind when it is closed', async () => {
    const { clock, wire, socket, pass } = client(healthy);
    await pass(25_000);
    socket.close();
    expect(at(wire.sockets, 0).isClosed).toBe(true);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('virtual time stands still');
    socket.start();
    expect(wire.sockets).toHaveLength(1);
  });
});
