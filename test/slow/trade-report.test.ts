import { parse } from 'csv-parse/sync';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomInt, seededRandom } from '../../src/util/random.ts';
import { figuresOfLedger, figuresOfRows } from '../support/bots/trade-record.ts';
import { folderWith } from '../support/program/folders.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';

const RUNS = 10;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];

test(
  `${RUNS} runs killed under faults, then one that stops: mmbot report has the executions of the exchange, to the last unit`,
  { timeout: 20 * 60_000 },
  async () => {
    const random = seededRandom('trade report');
    const exchange = await startExchange(['--seed', '7', '--market', 'toxic', '--faults', 'light', '--symbols', SYMBOLS.join()]);
    const { restUrl, env } = exchange;
    const cwd = folderWith();
    const live = ['live', '--profile', 's1', '--rest-url', restUrl, '--symbols', SYMBOLS.join(), '--unfreeze'];
    const report = async (...words: readonly string[]): Promise<{ readonly exitCode: number | undefined; readonly text: string }> => {
      const run = startMmbot(['report', ...words], { env, cwd });
      return { exitCode: await run.exitCode, text: run.stdout() };
    };
    for (let run = 0; run < RUNS; run += 1) {
      const bot = startMmbot(live, { env, cwd });
      await Promise.race([bot.seen('"quoting"'), bot.exitCode]);
      await Promise.race([pause(randomInt(random, 4000)), bot.exitCode]);
      bot.kill('SIGKILL');
      await bot.exitCode;
      expect(['INCOMPLETE', 5]).toEqual([/^(IN)?COMPLETE(?=:)/m.exec((await report()).text)?.[0], (await report()).exitCode]);
    }
    // A start or a stop that meets a fault may not end in order: the next one does.
    let ended = await report('--csv');
    for (let tries = 0; ended.exitCode !== 0 && tries < 20; tries += 1) {
      await startMmbot([...live, '--duration', '12s'], { env, cwd }).exitCode;
      ended = await report('--csv');
    }
    expect(ended.exitCode).toBe(0);
    const rows = parse(ended.text, { columns: true }) as Record<string, string>[];
    const { executions, positions } = await exchange.ledger();
    expect(figuresOfRows(rows)).toEqual(figuresOfLedger(executions));
    const { symbols } = JSON.parse((await report('--json')).text) as { symbols: Record<string, unknown>[] };
    for (const { symbol, size, fees } of positions) {
      const found = symbols.find((row) => row['symbol'] === symbol);
      expect([symbol, found?.['position'], Number(found?.['fees'])]).toEqual([symbol, Number(size), Number(fees)]);
    }
    console.log(`${executions.length} executions of ${RUNS} killed runs`);
    expect(executions.length).toBeGreaterThan(RUNS);
  },
);
