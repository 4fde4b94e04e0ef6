import { tradingLimiter } from '../../src/wiring/limiters.ts';
import { ExecutionLoop } from '../../src/execution/loop/execution-loop.ts';
import { createBybitExchange } from '../../src/exchange/bybit/bybit-exchange.ts';
import { socketsWire } from '../../src/exchange/bybit/wire/wire-sockets.ts';
import type { Wire } from '../../src/exchange/bybit/wire/wire.ts';
import { createFileJournal } from '../../src/store/file-journal.ts';
import { createAppendFile } from '../../src/store/files.ts';
import { sleep, systemClock } from '../../src/util/clock.ts';
import { systemRandom } from '../../src/util/random.ts';
import { settingsOf } from '../support/bots/virtual-soak.ts';

/** What the bench hands in: an exchange in another process, with two accounts for the load and one for each lane of freezes. */
interface Input {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly keys: readonly { readonly apiKey: string; readonly secret: string }[];
  readonly symbols: readonly string[];
  readonly freezes: number;
  readonly folder: string;
}

export interface FreezeRounds {
  readonly rounds: readonly Round[];
  /** Book messages that arrived. */
  readonly perSecond: number;
  readonly seconds: number;
}

const input = JSON.parse(process.env['FREEZE_BENCH'] ?? '{}') as Input;
const settings = settingsOf('s1');
const clock = systemClock;
let bookMessages = 0;

/** Real sockets; says when cancels have been handed to one, and have left where they leave together. */
function watched(onCancel: () => void): Wire {
  const wire = socketsWire();
  let isHeld = false;
  let isCanceling = false;
  return {
    ...wire,
    together(send) {
      isHeld = true;
      isCanceling = false;
      wire.together?.(send);
      isHeld = false;
      if (isCanceling) onCancel();
    },
    open(url, listener) {
      const socket = wire.open(url, {
        onOpen: () => listener.onOpen(),
        onClose: (reason) => listener.onClose(reason),
        onMessage(message) {
          if (message.text.startsWith('{"topic":"orderbook')) bookMessages += 1;
          listener.onMessage(message);
        },
      });
      return {
        close: () => socket.close(),
        send(message) {
          socket.send(message);
          if (!message.text.includes('"order.cancel"')) return;
          if (isHeld) isCanceling = true;
          else onCancel();
        },
      };
    },
    request(request, signal) {
      if (request.url.includes('/v5/order/cancel')) onCancel();
      return wire.request(request, signal);
    },
  };
}

function newLoop(account: number, symbols: readonly string[], name: string, onCancel: () => void) {
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const { restUrl, wsUrl, keys } = input;
  const credentials = keys[account] ?? { apiKey: '', secret: '' };
  const exchange = createBybitExchange({
    wire: watched(onCancel),
    clock,
    random: systemRandom,
    credentials,
    restUrl,
    wsUrl,
    ...settings.bybit,
    beforeQuery: async () => void (await limiter.acquire('query')),
  });
  const journal = createFileJournal(createAppendFile(`${input.folder}/${name}.log`, { replace: true }), { durable: true });
  const idPrefix = `mm-${name}-`;
  const loop = new ExecutionLoop({
    settings,
    symbols,
    exchange,
    journal,
    limiter,
    clock,
    random: systemRandom,
    record: () => undefined,
    idPrefix,
  });
  return { loop, exchange, journal };
}

/** From the moment at which a freeze was due, the wait for the event loop included, and from the call of it; ms. */
interface Round {
  readonly dueMs: number;
  readonly callMs: number;
}

async function freezeOnce(account: number, symbol: string, name: string): Promise<Round | undefined> {
  const times = { called: Number.POSITIVE_INFINITY, firstCancel: 0 };
  const { loop, exchange, journal } = newLoop(account, [symbol], name, () => {
    if (times.firstCancel === 0 && clock.monotonic() >= times.called) times.firstCancel = clock.monotonic();
  });
  await loop.start();
  const deadline = clock.monotonic() + 5000;
  while (loop.store.live().filter(({ state }) => state.tag === 'open').length < 4 && clock.monotonic() < deadline) await sleep(clock, 20);
  const waitMs = 50 * Math.random();
  const dueAt = clock.monotonic() + waitMs;
  await sleep(clock, waitMs);
  if (clock.monotonic() < dueAt) await sleep(clock, 0);
  times.called = clock.monotonic();
  loop.freeze('bench');
  await loop.stop();
  await exchange.close();
  journal.close();
  return times.firstCancel === 0 ? undefined : { dueMs: times.firstCancel - dueAt, callMs: times.firstCancel - times.called };
}

// Two bots that quote every symbol in this process: each hears the whole market.
const loads = [0, 1].map((account) => newLoop(account, input.symbols, `load${account}`, () => undefined));
await Promise.all(loads.map(({ loop }) => loop.start()));
await sleep(clock, 1000);
const lanes = input.keys.length - loads.length;
const rounds: Round[] = [];
const startedAt = clock.monotonic();
bookMessages = 0;
await Promise.all(
  Array.from({ length: lanes }, async (_, lane) => {
    for (let i = 0; rounds.length < input.freezes; i += 1) {
      const round = await freezeOnce(lane + loads.length, input.symbols[lane % input.symbols.length] ?? '', `f${lane}x${i}`);
      if (round !== undefined) rounds.push(round);
    }
  }),
);
const seconds = (clock.monotonic() - startedAt) / 1000;
const perSecond = bookMessages / seconds;
await Promise.all(loads.map(({ loop }) => loop.stop()));
await Promise.all(loads.map(({ exchange }) => exchange.close()));
console.log(JSON.stringify({ rounds, perSecond, seconds } satisfies FreezeRounds));
