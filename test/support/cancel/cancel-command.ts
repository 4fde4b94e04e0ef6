import type { TestContext } from 'vitest';
import { nameByKey } from '../../../src/wiring/account-names.ts';
import { main } from '../../../src/main.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer } from '../../../src/simulator/server.ts';
import type { Surface } from '../../../src/simulator/bybit-api/surface.ts';
import { claimInstance } from '../../../src/store/instance.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { testHost, type TestHost } from '../program/test-host.ts';
import { userOfItsOwn } from '../exchange/users.ts';

type Person = Pick<NonNullable<Parameters<typeof testHost>[0]>, 'isTerminal' | 'columns' | 'answer' | 'onStderr'>;

export interface CommandScene {
  /** Orders of that account come to rest. */
  rest(count: number, prefix?: string): void;
  /** Our ids of all that is open, by the exchange's own record. */
  open(): string[];
  /** A bot of this account, as far as an emergency sees it: it holds the lock, and hears that it is halted. */
  startBot(): Promise<{ readonly halts: () => number }>;
  /** `mmbot cancel-all` with these arguments. */
  cancelAll(args: readonly string[], person?: Person): Promise<TestHost & { readonly exitCode: number }>;
}

/** The command itself, in this process and in real time, before an embedded exchange without background flow. Tests of it wait most of the time: let them run at once. */
export async function commandScene(
  { onTestFinished, task }: Pick<TestContext, 'onTestFinished' | 'task'>,
  between: (surface: Surface) => Surface = (surface) => surface,
): Promise<CommandScene> {
  const random = seededRandom(task.name);
  const listed = { symbols: ['BTCUSDT'], spotSymbols: ['BTCUSDT'], market: 'calm' } as const;
  const embedded = createEmbeddedExchange({ clock: systemClock, random, ...listed, ...userOfItsOwn() });
  const server = await startServer(between(embedded.surface), { host: '127.0.0.1', port: 0 });
  const { apiKey, secret } = at(embedded.keys, 0);
  onTestFinished(async () => {
    embedded.stop();
    await server.close();
  });
  let ids = 0;
  return {
    rest(count, prefix = 'mm-test-') {
      const { markPrice, instrument } = defined(embedded.venue.market('BTCUSDT'), 'BTCUSDT');
      for (let i = 0; i < count; i += 1) {
        const price = ticks(Math.floor(markPrice * 0.995) - i);
        const quantity = lots(Math.max(instrument.minQuantity, Math.ceil(instrument.minNotional / price)));
        const terms = { symbol: 'BTCUSDT', type: 'limit', timeInForce: 'PostOnly', reduceOnly: false, side: 'buy' } as const;
        const outcome = embedded.venue.place(0, { ...terms, price, quantity, orderLinkId: `${prefix}${(ids += 1)}` });
        if (!outcome.ok) throw new Error(outcome.message);
      }
    },
    open: () => embedded.venue.openOrders(0).map(({ orderLinkId }) => orderLinkId),
    async startBot() {
      let halts = 0;
      const lock = defined(await claimInstance(nameByKey(server, apiKey), () => (halts += 1)), 'the lock of this account');
      onTestFinished(() => lock.release());
      return { halts: () => halts };
    },
    async cancelAll(args, person = {}) {
      const argv = ['cancel-all', '--rest-url', server.restUrl, ...args];
      const host = testHost({ argv, env: { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret }, ...person });
      const exitCode = await main(host);
      return Object.assign(host, { exitCode });
    },
  };
}
