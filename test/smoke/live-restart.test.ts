import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { pathOf, type Fault } from '../support/wires/wire-faults.ts';
import { startFaultProxy } from '../support/wires/fault-proxy.ts';
import { folderWith } from '../support/program/folders.ts';
import { ledgerOracle } from '../support/exchange/ledger-oracle.ts';
import { lateBy } from '../support/wires/list-faults.ts';
import { emptied, FAR_AWAY, PATIENT, quoting } from '../support/bots/live-bot.ts';
import { startExchange, startMmbot, type Running } from '../support/program/running.ts';
import { settingsOf } from '../support/bots/virtual-soak.ts';

/** The second is said, and only after the first. */
function expectInOrder(bot: Running, first: string, second: string): void {
  const [one, other] = [first, second].map((text) => bot.stderr().indexOf(text));
  expect(one).toBeGreaterThan(0);
  expect(one).toBeLessThan(other ?? 0);
}

// Side by side: they wait for guards and lists.
test.concurrent('killed with a guard, killed without one, told to stop too early, started again: it waits, cancels before it quotes, and its position is the ledger’s', async ({
  onTestFinished: onEnd,
}) => {
  const exchange = await startExchange(['--seed', '7'], onEnd);
  const { restUrl, env } = exchange;
  const oracle = ledgerOracle(exchange, settingsOf('s1'));
  const cwd = folderWith({}, onEnd);
  const live = ['live', '--profile', 's1', '--rest-url'];

  // Its guard cancels; the next one waits for that, as it would cancel its orders too. It cannot end before the next one waits.
  const guarded = await quoting(exchange, cwd, [], onEnd);
  process.kill(exchange.pid, 'SIGSTOP');
  guarded.kill('SIGKILL');
  const hurried = startMmbot([...live, restUrl], { env, cwd, onEnd });
  await hurried.seen('"waiting_for_guard"');
  hurried.kill('SIGTERM');
  expect(await hurried.exitCode).toBe(4);
  expect(hurried.stderr()).toContain('ORDERS MAY REMAIN: stopped by SIGTERM');
  const unguarded = startMmbot([...live, restUrl, '--no-guard', ...PATIENT, ...FAR_AWAY], { env, cwd, onEnd });
  await unguarded.seen('"waiting_for_guard"');
  process.kill(exchange.pid, 'SIGCONT');
  await emptied(exchange);
  await unguarded.seen('"quoting"');
  expect(guarded.stderr()).toContain('"trigger":"guard"');
  expectInOrder(unguarded, '"guard_done"', '"quoting"');

  // Nobody cancels what this one leaves.
  while ((await exchange.openOrders()).length < 2) await pause(20);
  unguarded.kill('SIGKILL');
  await unguarded.exitCode;
  expect((await exchange.openOrders()).length).toBeGreaterThan(0);

  // The proxy is another address, but the account is the same: it finds the journal.
  const stopping: Fault = (request, pass) => {
    if (pathOf(request) === 'v5/account/wallet-balance') early.kill('SIGTERM');
    return pass();
  };
  const proxy = await startFaultProxy(restUrl, { fault: stopping, onEnd });
  const early = startMmbot([...live, proxy.restUrl, '--no-guard'], { env, cwd, onEnd });
  expect(await early.exitCode).toBe(4);
  expect(early.stderr()).toContain('ORDERS MAY REMAIN: stopped by SIGTERM');

  const last = await quoting(exchange, cwd, [], onEnd);
  expectInOrder(last, '"trigger":"start"', '"quoting"');
  last.kill('SIGTERM');
  expect(await last.exitCode).toBe(0);
  for (const { stderr } of [unguarded, last]) expect(stderr()).not.toContain('divergence');
  expect(await exchange.openOrders()).toEqual([]);
  const [account] = readdirSync(join(cwd, '.mmbot'));
  const segments = readdirSync(join(cwd, '.mmbot', account ?? '')).filter((name) => name.endsWith('.log'));
  // The one that was told to stop had nothing to write.
  expect(segments).toHaveLength(4);
  // How the orders of the killed runs ended is known too.
  for (const { stderr } of [unguarded, last]) expect(stderr()).toContain('"leftover_settled"');
  await oracle.look(cwd);
  expect(await oracle.broken()).toEqual([]);
});

test.concurrent('killed, and started again with a folder of state that is new, while lists are five seconds late: what is left goes before it quotes', async ({
  onTestFinished: onEnd,
}) => {
  const exchange = await startExchange(['--seed', '7'], onEnd);
  const before = await quoting(exchange, folderWith({}, onEnd), ['--no-guard', ...FAR_AWAY], onEnd);
  before.kill('SIGKILL');
  await before.exitCode;
  const left = (await exchange.openOrders()).map(({ orderLinkId }) => orderLinkId);
  expect(left.length).toBeGreaterThan(0);
  const { restUrl } = await startFaultProxy(exchange.restUrl, { fault: lateBy(5000, () => performance.now()), onEnd });
  const after = startMmbot(['live', '--profile', 's1', '--rest-url', restUrl, ...PATIENT], {
    env: exchange.env,
    cwd: folderWith({}, onEnd),
    onEnd,
  });
  await after.seen('"awaiting_late_orders"');
  await after.seen('"quoting"');
  expect((await exchange.openOrders()).filter(({ orderLinkId }) => left.includes(orderLinkId))).toEqual([]);
  after.kill('SIGTERM');
  expect(await after.exitCode).toBe(0);
});
