import { execa } from 'execa';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished, test } from 'vitest';
import { TEN_SYMBOLS } from '../support/cancel/cancel-cells.ts';
import { restOrders } from '../support/cancel/resting-orders.ts';
import { startExchange, type RunningExchange } from '../support/program/running.ts';

const BIN = fileURLToPath(new URL('../../bin/mmbot.js', import.meta.url));
const ORDERS = 50;
const BULK_RUNS = 50;
const FORCE_RUNS = 5;
/** Runs that are let go on to the end of their proof. */
const PROVEN_RUNS = 3;

interface Times {
  /** From the first byte that the command sent, and from the start of its process, until the ledger held nothing. */
  readonly fromFirstByte: number;
  readonly fromStart: number;
  /** Of the proof, from the start of the process. */
  readonly proven: number | undefined;
}

test('until fifty orders are gone from the ledger', { timeout: 300_000 }, async () => {
  const exchange = await startExchange(['--symbols', TEN_SYMBOLS.join(','), '--market', 'calm', '--latency', '25ms', '--limits', 'off']);
  const door = await firstByteDoor(exchange.restUrl);
  const bulk: Times[] = [];
  const force: Times[] = [];
  for (let run = 0; run < BULK_RUNS; run += 1) bulk.push(await cancelOnce(exchange, door, ['--yes'], run < PROVEN_RUNS));
  for (let run = 0; run < FORCE_RUNS; run += 1) force.push(await cancelOnce(exchange, door, ['--force'], run < PROVEN_RUNS));
  console.table([...rowsOf('bulk (--yes)', bulk), ...rowsOf('order by order (--force)', force)]);
});

async function cancelOnce(exchange: RunningExchange, door: Door, how: readonly string[], isProven: boolean): Promise<Times> {
  await restOrders(exchange, ORDERS, TEN_SYMBOLS);
  door.firstByteAt = undefined;
  const startedAt = performance.now();
  const args = [BIN, 'cancel-all', '--rest-url', door.url, '--ws-url', exchange.restUrl.replace('http', 'ws'), '--json', '--quiet', ...how];
  const child = execa(process.execPath, args, { env: exchange.env, extendEnv: false, reject: false });
  while ((await exchange.openOrders()).length > 0) await pause(2);
  const goneAt = performance.now();
  if (!isProven) child.kill('SIGKILL');
  const { exitCode } = await child;
  if (isProven && exitCode !== 0) throw new Error(`exit ${exitCode}`);
  const proven = isProven ? performance.now() - startedAt : undefined;
  return { fromFirstByte: goneAt - (door.firstByteAt ?? startedAt), fromStart: goneAt - startedAt, proven };
}

interface Door {
  readonly url: string;
  firstByteAt: number | undefined;
}

/** The exchange's port through a pipe that notes when the first byte came. */
async function firstByteDoor(exchangeUrl: string): Promise<Door> {
  const { hostname, port } = new URL(exchangeUrl);
  const server = createServer((client) => {
    const far = connect(Number(port), hostname);
    client.once('data', () => (door.firstByteAt ??= performance.now()));
    client.pipe(far).pipe(client);
    for (const socket of [client, far]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const door: Door = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, firstByteAt: undefined };
  return door;
}

function rowsOf(way: string, times: readonly Times[]): object[] {
  const proofs = times.flatMap(({ proven }) => proven ?? []);
  const row = (from: string, list: readonly number[]): object => ({
    way,
    from,
    runs: list.length,
    'p50 ms': at(list, 0.5),
    'p99 ms': at(list, 0.99),
  });
  return [
    row(
      'first byte: ledger empty',
      times.map(({ fromFirstByte }) => fromFirstByte),
    ),
    row(
      'process start: ledger empty',
      times.map(({ fromStart }) => fromStart),
    ),
    row('process start: proof and exit', proofs),
  ];
}

/** Nearest rank. */
function at(list: readonly number[], share: number): number {
  return Math.round(list.toSorted((a, b) => a - b)[Math.ceil(share * list.length) - 1] ?? Number.NaN);
}
