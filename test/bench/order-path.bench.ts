import { test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange } from '../support/program/running.ts';
import { runAsShipped } from './as-shipped.ts';
import type { RawKneeInput } from './raw-knee.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
/** Long enough that one stall of the machine, or of a collector, does not decide a step. */
const STEP_S = 10;
const WARM_UP_S = 2;
const P99_MS = 50;
const ROUNDS = 2;

interface LoadResult {
  readonly knee: { readonly lastGoodPerSecond: number | null };
}

async function mmbotKnee(transport: 'ws' | 'rest'): Promise<number> {
  const load = ['load-test', '--find-knee', '--no-limiter', '--transport', transport, '--symbols', SYMBOLS.join(','), '--latency', 'none'];
  const steps = ['--warmup', String(WARM_UP_S), '--duration', String(STEP_S), '--sla', `p99=${P99_MS}`];
  const { stdout } = await runMmbot([...load, ...steps, '--json', '--quiet'], { cwd: folderWith(), timeoutMs: 600_000 });
  return (JSON.parse(stdout) as LoadResult).knee.lastGoodPerSecond ?? 0;
}

async function rawKnee(transport: 'ws' | 'rest'): Promise<number> {
  const exchange = await startExchange(['--symbols', SYMBOLS.join(','), '--market', 'btc', '--limits', 'off', '--latency', 'none']);
  const { BYBIT_API_KEY: apiKey = '', BYBIT_API_SECRET: secret = '' } = exchange.env;
  const times = { warmUpMs: WARM_UP_S * 1000, durationMs: STEP_S * 1000, p99Ms: P99_MS };
  const input: RawKneeInput = { transport, url: exchange.restUrl, apiKey, secret, symbols: SYMBOLS, ...times };
  const { lastGood = 0 } = (await runAsShipped('raw-knee.ts', { BENCH_INPUT: JSON.stringify(input) })) as { readonly lastGood?: number };
  return lastGood;
}

/**
 * The exchange is in a process of its own, and mmbot's load has what the bare client has not: risk gate, journal on disk, both
 * streams, every order seen on the stream before it counts as placed.
 */
test.each(['ws', 'rest'] as const)(
  'orders a second at which p99 breaks, over %s, beside a bare client',
  { timeout: 1_800_000 },
  async (transport) => {
    const rounds: { mmbot: number; raw: number; ratio: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [mmbot, raw] = [await mmbotKnee(transport), await rawKnee(transport)];
      rounds.push({ mmbot, raw, ratio: mmbot / raw });
    }
    const client = transport === 'ws' ? 'ws' : 'undici (fetch)';
    console.log(
      `each order placed, 75 % amended, canceled; p99 of all three at most ${P99_MS} ms; the bare client is ${client} with signing`,
    );
    console.table(rounds.map(({ mmbot, raw, ratio }) => ({ 'mmbot orders/s': mmbot, 'bare orders/s': raw, ratio: ratio.toFixed(2) })));
  },
);
