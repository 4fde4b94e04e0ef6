import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import type { CancelReport } from '../../../src/execution/cancel/cancel-report.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import { ignoreExchangeError } from '../../../src/exchange/errors.ts';
import type { IntendedOrder } from '../../../src/execution/journal.ts';
import { mayLandForMs } from '../../../src/execution/start/recovery.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import { defined } from '../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { withResolvers } from '../../../src/util/promise.ts';
import { seededRandom } from '../../../src/util/random.ts';
import type { Fault } from '../wires/wire-faults.ts';
import { inProcessExchange } from '../exchange/in-process-exchange.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import { settingsOf } from './virtual-soak.ts';

const SYMBOL = 'BTCUSDT';

/** A bot on an account with orders of an earlier run, in virtual time. */
export interface EarlierOrders {
  readonly clock: VirtualClock;
  readonly ledger: Ledger;
  readonly events: readonly BotEvent[];
  /** The exchange takes an order of an earlier run now. */
  land(clientOrderId: string, symbol?: string): void;
  /** Starts the bot, which knows these orders by its journal, lets it quote, and stops it. Rejects as its start does. */
  run(quoteMs: number, known?: readonly string[], atStop?: () => void, beforeStart?: (loop: ExecutionLoop) => void): Promise<CancelReport>;
  /** Starts the bot, and stops it when the start has sent so many requests; undefined when it was through before. Looks six seconds longer, when nothing can land any more. */
  stopWhileStarting(requests: number, known?: readonly string[]): Promise<CancelReport | undefined>;
}

/** `listed`: symbols of the exchange; the bot trades the first. `privateUntilMs`: then the private stream breaks, and does not come back.
 * `hasJournal`: the earlier run wrote the one that the bot reads, and ended a while ago. */
export function earlierOrders(
  seed: string,
  fault: Fault = (_, pass) => pass(),
  { hearsOrders = true, privateUntilMs = Number.POSITIVE_INFINITY, listed = [SYMBOL], hasJournal = true } = {},
): EarlierOrders {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom(seed);
  const embedded = createEmbeddedExchange({ clock, random: random.fork('exchange'), symbols: listed, market: 'calm', accounts: 1 });
  const settings = settingsOf('s1', {});
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const faults = random.fork('faults');
  const events: BotEvent[] = [];
  let onRequest = (): void => undefined;
  const exchange = inProcessExchange(embedded, {
    clock,
    random,
    settings,
    limiter,
    between: (wire) => ({
      ...wire,
      request(request, signal) {
        onRequest();
        return fault(request, () => wire.request(request, signal), faults);
      },
      open(url, listener) {
        const leftMs = url.endsWith('/private') ? privateUntilMs - clock.monotonic() : Number.POSITIVE_INFINITY;
        const socket = wire.open(leftMs > 0 ? url : 'ws://embedded/nowhere', {
          ...listener,
          onMessage: (message) => {
            if (hearsOrders || message.json?.['topic'] !== 'order') listener.onMessage(message);
          },
        });
        if (leftMs > 0 && Number.isFinite(leftMs)) {
          clock.schedule(leftMs, () => {
            socket.close();
            listener.onClose('gone');
          });
        }
        return socket;
      },
    }),
  });
  const newLoop = (known: readonly string[]): ExecutionLoop => {
    const at = clock.now();
    const leftOpen = known.map((clientOrderId): IntendedOrder => ({
      clientOrderId,
      symbol: SYMBOL,
      at,
      fillIds: [],
      executed: 0,
      filledAtEnd: null,
    }));
    // The last intent of the earlier run left just now.
    const lastIntentAt = known.length === 0 ? undefined : at;
    const history = { lastIntentAt, lastAt: hasJournal ? at : undefined };
    return new ExecutionLoop({
      settings,
      symbols: [SYMBOL],
      exchange,
      journal: NO_JOURNAL,
      limiter,
      clock,
      random,
      record: (event) => void events.push(event),
      idPrefix: 'mm-thisrun-',
      ...(known.length === 0 ? {} : { leftOpen }),
      lateCreateDeadline: clock.monotonic() + mayLandForMs(history, clock.now(), settings.bybit.recvWindowMs),
    });
  };
  const whileOpen = async <T>(work: () => Promise<T>): Promise<T> => {
    embedded.start();
    try {
      return await work();
    } finally {
      await exchange.close();
      embedded.stop();
    }
  };
  const open = <T>(work: () => Promise<T>): Promise<T> => clock.run(whileOpen(work));
  return {
    clock,
    events,
    ledger: embedded.venue.ledger(0),
    land(orderLinkId, symbol = SYMBOL) {
      const { markPrice, instrument } = defined(embedded.venue.market(symbol), symbol);
      const price = ticks(Math.floor(markPrice * 0.97));
      const quantity = lots(Math.max(instrument.minQuantity, Math.ceil(instrument.minNotional / price)));
      const terms = { type: 'limit', timeInForce: 'PostOnly', reduceOnly: false, side: 'buy' } as const;
      const outcome = embedded.venue.place(0, { ...terms, symbol, price, quantity, orderLinkId });
      if (!outcome.ok) throw new Error(outcome.message);
    },
    run(quoteMs, known = [], atStop = () => undefined, beforeStart = () => undefined) {
      const loop = newLoop(known);
      return open(async () => {
        beforeStart(loop);
        await loop.start();
        await sleep(clock, quoteMs);
        atStop();
        return loop.stop();
      });
    },
    stopWhileStarting(requests, known = []) {
      const loop = newLoop(known);
      return open(async () => {
        const { promise: reached, resolve } = withResolvers<void>();
        let left = requests;
        onRequest = () => void ((left -= 1) === 0 && resolve());
        const started = loop.start();
        if (await Promise.race([started.then(() => true), reached.then(() => false)])) return undefined;
        const report = await loop.stop();
        await started.catch(ignoreExchangeError);
        await sleep(clock, 6000);
        return report;
      });
    },
  };
}
