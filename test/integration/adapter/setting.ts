import { createBybitExchange, type BybitOptions } from '../../../src/exchange/bybit/bybit-exchange.ts';
import { socketsWire } from '../../../src/exchange/bybit/wire/wire-sockets.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import type { Exchange, ExchangeEvent } from '../../../src/exchange/exchange.ts';
import { touchOf, type Touch } from '../../../src/model/book.ts';
import type { NewOrder } from '../../../src/model/order.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange, type EmbeddedExchange, type EmbeddedExchangeOptions } from '../../../src/simulator/embedded-exchange.ts';
import { startServer, type RunningServer } from '../../../src/simulator/server.ts';
import { inProcessWire } from '../../../src/simulator/wire-in-process.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { sleep, systemClock, VirtualClock, type Clock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';

const START = 1_767_225_600_000;

/** The adapter connected to an embedded exchange, over one of the wires. */
export interface Setting {
  readonly clock: Clock;
  readonly embedded: EmbeddedExchange;
  readonly exchange: Exchange;
  readonly events: ExchangeEvent[];
  readonly connect: () => Promise<void>;
  /** Until `probe` gives something; fails after 20 seconds. */
  until<T>(what: string, probe: () => T | undefined | false): Promise<T>;
  of<Type extends ExchangeEvent['type']>(type: Type): Extract<ExchangeEvent, { type: Type }>[];
  order(terms?: Partial<NewOrder>): NewOrder;
  /** Of BTCUSDT, as the exchange itself has it. */
  touch(): Touch;
  /** The loopback server; undefined on the other wire. */
  readonly server: RunningServer | undefined;
  end(): Promise<void>;
}

interface SettingOptions {
  /** Changes the embedded exchange. */
  readonly venue?: Partial<EmbeddedExchangeOptions>;
  readonly adapter?: (clock: Clock) => Partial<BybitOptions>;
  /** Wraps the wire of the adapter. */
  readonly decorate?: (wire: Wire, clock: Clock) => Wire;
}

export type WireName = 'in process' | 'sockets';

/** Runs `scenario` with everything set up, and cleans up after it; in virtual time over the in-process wire. */
export async function withExchange(
  wireName: WireName,
  scenario: (setting: Setting) => Promise<void>,
  options: SettingOptions = {},
): Promise<void> {
  const virtual = new VirtualClock(START);
  const clock = wireName === 'in process' ? virtual : systemClock;
  const work = async (): Promise<void> => {
    const setting = await newSetting(wireName, clock, options);
    try {
      await scenario(setting);
    } finally {
      await setting.end();
    }
  };
  await (wireName === 'in process' ? virtual.run(work()) : work());
}

/** Connects and waits for the first book. */
export async function connected({ connect, until, of }: Setting): Promise<void> {
  await connect();
  await until('a book', () => of('book').some(({ symbol }) => symbol === 'BTCUSDT'));
}

async function newSetting(
  wireName: WireName,
  clock: Clock,
  { adapter = () => ({}), decorate = (wire) => wire, venue = {} }: SettingOptions,
): Promise<Setting> {
  const random = seededRandom('adapter');
  const embedded = createEmbeddedExchange({ clock, random, symbols: ['BTCUSDT', 'ETHUSDT'], market: 'calm', ...venue });
  embedded.start();
  const server = wireName === 'sockets' ? await startServer(embedded.surface, { host: '127.0.0.1', port: 0 }) : undefined;
  const wire = decorate(server === undefined ? inProcessWire(embedded.surface, clock) : socketsWire(), clock);
  const exchange = createBybitExchange({
    wire,
    clock,
    random: random.fork('client'),
    credentials: at(embedded.keys, 0),
    restUrl: server?.restUrl ?? 'http://embedded',
    wsUrl: server?.wsUrl ?? 'ws://embedded',
    recvWindowMs: 2000,
    requestTimeoutMs: 2000,
    ...adapter(clock),
  });
  const events: ExchangeEvent[] = [];
  let orders = 0;
  const touch = (): Touch => defined(touchOf(defined(embedded.venue.market('BTCUSDT'), 'market').book), 'touch');
  return {
    clock,
    embedded,
    exchange,
    events,
    server,
    async connect() {
      await exchange.instruments(['BTCUSDT', 'ETHUSDT']);
      await exchange.connect(['BTCUSDT', 'ETHUSDT'], (event) => events.push(event));
    },
    async until(what, probe) {
      const deadline = clock.monotonic() + 20_000;
      for (;;) {
        const found = probe();
        if (found !== undefined && found !== false) return found;
        if (clock.monotonic() > deadline) throw new Error(`waited in vain for ${what}`);
        await sleep(clock, 5);
      }
    },
    of: (type) => events.filter((event): event is Extract<ExchangeEvent, { type: typeof type }> => event.type === type),
    order(terms = {}) {
      orders += 1;
      const price = ticks(touch().bid.price - 200);
      const base = { symbol: 'BTCUSDT', side: 'buy', price, quantity: lots(10), postOnly: true, reduceOnly: false } as const;
      return { ...base, clientOrderId: `mm-it-${orders}`, ...terms };
    },
    touch,
    async end() {
      await exchange.close();
      embedded.stop();
      await server?.close();
    },
  };
}
