import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { WireResponse } from '../../src/exchange/bybit/wire/wire.ts';
import type { Fault } from '../support/wires/wire-faults.ts';
import { startFaultProxy } from '../support/wires/fault-proxy.ts';
import { folderWith } from '../support/program/folders.ts';
import { quoting } from '../support/bots/live-bot.ts';
import { restOrders } from '../support/cancel/resting-orders.ts';
import { startExchange } from '../support/program/running.ts';

/** Bybit's: ten minutes from the last request that it refused for it, which it is not told here; long enough to outlast every patience. */
const BAN_MS = 600_000;
/** It knocks every five seconds. */
const GONE_WITHIN_MS = 15_000;
const BANNED: WireResponse = { status: 403, statusText: 'Forbidden', headers: {}, body: 'access too frequent' };

test(
  'a bot is killed within a ban of ten minutes: its guard lives until the ban is over, cancels, and proves it',
  { timeout: 15 * 60_000 },
  async () => {
    const exchange = await startExchange(['--market', 'calm', '--limits', 'off']);
    let isBanned = false;
    const fault: Fault = (_, pass) => (isBanned ? Promise.resolve(BANNED) : pass());
    const { restUrl } = await startFaultProxy(exchange.restUrl, { fault, refusesSocket: () => isBanned });
    const bot = await quoting({ ...exchange, restUrl }, folderWith());
    // The quotes may fill within ten minutes; these are far away.
    await restOrders(exchange, 4, ['BTCUSDT'], 'mm-far-');
    isBanned = true;
    bot.kill('SIGKILL');
    await bot.seen('"guard_acts"');
    await pause(BAN_MS);
    expect((await exchange.openOrders()).length).toBeGreaterThan(0);
    expect(bot.stderr()).not.toContain('"guard_gives_up"');
    isBanned = false;
    const overAt = performance.now();
    while ((await exchange.openOrders()).length > 0) await pause(50);
    expect(performance.now() - overAt).toBeLessThan(GONE_WITHIN_MS);
    await bot.seen(/"cancel_all_done","trigger":"guard".*"verified":true/);
    // Its stderr is the guard's too: it ends with that.
    await bot.exitCode;
  },
);
