import { describe, expect, test } from 'vitest';
import { covers } from '../../../../src/exchange/bybit/settle-coins.ts';
import type { CancelScope, Category, OrderListener, RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import { READS_LATE_MS, type Listing } from '../../../../src/exchange/complete.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { OpenOrderScanner, type Look } from '../../../../src/execution/cancel/open-order-scanner.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { decimal } from '../../../../src/util/decimal.ts';
import { completeOf } from '../../../support/builders/complete.ts';

const PATIENCE_MS = 3000;
const down = new ExchangeError('unavailable', 'unknown', 'no answer');
const notListed = new ExchangeError('rejected', 'not-applied', 'symbol is not known', { retCode: 10_001 });
const noPage = new ExchangeError('rejected', 'not-applied', 'HTTP 404 without a code');

const BTC: CancelScope = { category: 'linear', symbol: 'BTCUSDT' };
const ETH: CancelScope = { category: 'linear', symbol: 'ETHUSDT' };
const USDT: CancelScope = { category: 'linear', settleCoin: 'USDT' };
const USDC: CancelScope = { category: 'linear', settleCoin: 'USDC' };
const INVERSE: CancelScope = { category: 'inverse' };
const SPOT: CancelScope = { category: 'spot' };
const OPTION_USDC: CancelScope = { category: 'option', settleCoin: 'USDC' };

function resting(symbol: string, category: Category = 'linear'): RestingOrder {
  const [quantity, filled] = [decimal('2'), decimal('0')];
  const terms = { side: 'buy', kind: 'plain', price: '100', quantity, filled, clientOrderId: 'mm-1' } as const;
  return { category, symbol, exchangeOrderId: `${category} ${symbol}`, ...terms };
}

/** The list of a scope with its exchange time; throws the failure of the read. */
type Answers = (scope: CancelScope, look: number) => Answer;

interface Answer {
  readonly value: readonly RestingOrder[];
  readonly at: number;
  /** Why the list is incomplete. */
  readonly failure?: ExchangeError;
}

interface More {
  /** The result of the query of an order at the nth look. */
  readonly record?: (look: number) => 'open' | 'closed' | 'absent';
  /** Categories in which the exchange does not list the symbol. */
  readonly unlisted?: readonly Category[];
}

/** A scanner over these scopes, and functions to emit events of the order stream. */
function scanner(scopes: readonly CancelScope[], answers: Answers, { record = () => fail(down), unlisted = [] }: More = {}) {
  const clock = new VirtualClock(0);
  const listeners: OrderListener[] = [];
  let looks = 0;
  const port: ConstructorParameters<typeof OpenOrderScanner>[0] = {
    covers,
    resting: async (scope) => listOf(answers(scope, looks)),
    recordOf: async () => record(looks),
    presenceOf: async ({ category }) => (unlisted.includes(category) ? 'unlisted' : 'listed'),
    listen(listener) {
      listeners.push(listener);
      return () => undefined;
    },
  };
  const sut = new OpenOrderScanner(port, clock, scopes);
  const look = (): Promise<Look> => {
    looks += 1;
    return clock.run(sleep(clock, 250).then(() => sut.look(PATIENCE_MS)));
  };
  const tell = (order: RestingOrder, isOpen = true): void => {
    for (const { onNews } of listeners) onNews({ order, isOpen });
  };
  return { clock, look, tell, listeners };
}

function listOf({ value, at, failure }: Answer): Listing<RestingOrder> {
  return failure === undefined ? completeOf(value, at) : { value, at, failure };
}

const nothing: Answers = () => ({ value: [], at: 0 });
/** Every scope is empty at first, and cannot be read after that. */
const blindAfterFirst: Answers = (scope, look) => (look === 1 ? nothing(scope, look) : fail(down));

function fail(error: Error): never {
  throw error;
}

const symbols = (orders: readonly RestingOrder[]): string[] => orders.map(({ symbol }) => symbol);

describe('a look', () => {
  test('reads every scope, and is as old as its oldest answer', async () => {
    const { look } = scanner([BTC, ETH], ({ symbol = '' }) => ({ value: [resting(symbol)], at: symbol === 'BTCUSDT' ? 20 : 10 }));
    const { read, readScopes, remembered, failures, at } = await look();
    expect([symbols(read), readScopes, remembered, failures, at]).toEqual([['BTCUSDT', 'ETHUSDT'], [BTC, ETH], [], [], 10]);
  });

  test('a scope that cannot be read hides nothing of the others', async () => {
    const { look } = scanner([BTC, ETH], ({ symbol = '' }) => (symbol === 'BTCUSDT' ? fail(down) : { value: [resting(symbol)], at: 7 }));
    expect(await look()).toMatchObject({ read: [{ symbol: 'ETHUSDT' }], readScopes: [ETH], failures: [down], at: 7 });
  });

  test('without any answer it has no time', async () => {
    const { look } = scanner([BTC], () => fail(down));
    expect(await look()).toMatchObject({ read: [], readScopes: [], remembered: [], failures: [down], at: undefined });
  });

  test('does not wait longer than its timeout', async () => {
    const clock = new VirtualClock(0);
    const resting = () => sleep(clock, 60_000).then(() => completeOf<RestingOrder>([]));
    const sut = new OpenOrderScanner({ covers, resting, recordOf: async () => 'absent', presenceOf: async () => 'unknown' }, clock, [BTC]);
    const { failures } = await clock.run(sut.look(PATIENCE_MS));
    expect(clock.monotonic()).toBe(PATIENCE_MS);
    expect(failures).toMatchObject([{ kind: 'unavailable', outcome: 'unknown', message: 'open orders: no complete list within 3000 ms' }]);
  });
});

describe('a symbol that one category does not have', () => {
  const spotBtc: CancelScope = { category: 'spot', symbol: 'BTCUSDT' };

  test('has nothing open there, where another one has it and the exchange says so', async () => {
    const answers: Answers = ({ category }) => (category === 'spot' ? fail(notListed) : { value: [], at: 1 });
    const { look } = scanner([BTC, spotBtc], answers, { unlisted: ['spot'] });
    expect(await look()).toMatchObject({ readScopes: [BTC], failures: [] });
    expect(await look()).toMatchObject({ readScopes: [BTC], failures: [] });
  });

  test('is a failure if there is only the refusal', async () => {
    const answers: Answers = ({ category }) => (category === 'linear' ? fail(notListed) : { value: [], at: 1 });
    expect(await scanner([BTC, spotBtc], answers).look()).toMatchObject({
      readScopes: [spotBtc],
      unreadScopes: [BTC],
      failures: [notListed],
    });
  });

  test.each([
    ['no category has it', [BTC, spotBtc], () => fail(notListed)],
    ['another symbol alone could be read', [BTC, ETH], ({ symbol }) => (symbol === 'BTCUSDT' ? fail(notListed) : { value: [], at: 1 })],
    ['whole categories were asked', [INVERSE, SPOT], ({ category }) => (category === 'spot' ? fail(notListed) : { value: [], at: 1 })],
    [
      'it was refused by something that is not the exchange',
      [BTC, spotBtc],
      ({ category }) => (category === 'spot' ? fail(noPage) : { value: [], at: 1 }),
    ],
    ['it was not refused, but not answered', [BTC, spotBtc], ({ category }) => (category === 'spot' ? fail(down) : { value: [], at: 1 })],
  ] satisfies [string, CancelScope[], Answers][])('is a failure where %s', async (_, scopes, answers) => {
    const { failures } = await scanner(scopes, answers, { unlisted: ['linear', 'spot'] }).look();
    expect(failures.length).toBeGreaterThan(0);
  });
});

test('a list without an end shows what is there, and proves nothing of the rest', async () => {
  const { look } = scanner([BTC], () => ({ value: [resting('BTCUSDT')], at: 3, failure: down }));
  const { read, readScopes, unreadScopes, failures, at } = await look();
  expect([symbols(read), readScopes, unreadScopes, failures, at]).toEqual([['BTCUSDT'], [], [BTC], [down], 3]);
});

describe('what the order stream says', () => {
  test('is asked for once', async () => {
    const { look, listeners } = scanner([BTC], nothing);
    await look();
    await look();
    expect(listeners).toHaveLength(1);
  });

  test('counts while the list cannot be read: what came is open, what went is not', async () => {
    const { look, tell } = scanner([BTC], blindAfterFirst);
    await look();
    tell(resting('BTCUSDT'));
    expect(symbols((await look()).remembered)).toEqual(['BTCUSDT']);
    tell(resting('BTCUSDT'), false);
    expect((await look()).remembered).toEqual([]);
  });

  test.each([
    ['open: it is open', () => 'open', ['BTCUSDT'], []],
    ['closed: it is gone', () => 'closed', [], []],
    ['absent: it may be late, and the order is not forgotten', () => 'absent', [], ['BTCUSDT']],
    ['not to be read: it is not forgotten', () => fail(down), [], ['BTCUSDT']],
  ] satisfies [string, NonNullable<More['record']>, string[], string[]][])(
    'against a list that was asked for later and does not show the order, its own record decides; %s',
    async (_, record, read, remembered) => {
      const { look, tell } = scanner([BTC], nothing, { record });
      await look();
      tell(resting('BTCUSDT'));
      const after = await look();
      expect([symbols(after.read), symbols(after.remembered)]).toEqual([read, remembered]);
    },
  );

  test('is not disproved by an absence from lists and records, however long: the stream has shown the order', async () => {
    const { look, tell, clock } = scanner([BTC], nothing, { record: () => 'absent' });
    await look();
    tell(resting('BTCUSDT'));
    while (clock.monotonic() < 2 * READS_LATE_MS) expect(symbols((await look()).remembered)).toEqual(['BTCUSDT']);
  });

  test('of an order that has ended is old: orders never open again', async () => {
    const { look, tell } = scanner([BTC], nothing);
    await look();
    tell(resting('BTCUSDT'), false);
    tell(resting('BTCUSDT'));
    expect(await look()).toMatchObject({ read: [], remembered: [] });
  });

  test('is not remembered beside a list that shows the order', async () => {
    const { look, tell } = scanner([USDT, BTC], ({ symbol }, look) =>
      look === 2 && symbol === undefined ? fail(down) : { value: look === 2 ? [resting('BTCUSDT')] : [], at: 0 },
    );
    await look();
    tell(resting('BTCUSDT'));
    expect(await look()).toMatchObject({ read: [{ symbol: 'BTCUSDT' }], remembered: [] });
  });

  test.each([
    ['another symbol', BTC, resting('ETHUSDT'), false],
    ['the same symbol of another category', BTC, resting('BTCUSDT', 'spot'), false],
    ['another category', INVERSE, resting('BTCUSDT'), false],
    ['any symbol of the category', INVERSE, resting('BTCUSD', 'inverse'), true],
    ['a perpetual of the coin', USDT, resting('BTCUSDT'), true],
    ['a perpetual of another coin', USDT, resting('BTCPERP'), false],
    ['a dated contract of the coin', USDT, resting('BTCUSDT-27NOV26'), true],
    ['a dated contract of another coin', USDT, resting('BTC-27NOV26'), false],
    ['what the other coin settles', USDC, resting('BTCPERP'), true],
    ['a dated contract that it settles', USDC, resting('BTC-27NOV26'), true],
    ['a base coin that is named so', USDC, resting('USDTPERP'), true],
    ['a contract whose coin its symbol does not tell', { category: 'linear', settleCoin: 'EUR' }, resting('BTCEUR'), true],
    ['such a contract where it may be of this coin too', USDT, resting('BTCEUR'), true],
    ['a perpetual of a coin that it tells', { category: 'linear', settleCoin: 'EUR' }, resting('BTCUSDT'), false],
    ['an option, which does not tell its coin', OPTION_USDC, resting('BTC-27NOV26-70000-C', 'option'), true],
    ['an option of another coin, which tells it', OPTION_USDC, resting('BTC-27NOV26-70000-P-USDT', 'option'), false],
    ['an option that tells this coin', { category: 'option', settleCoin: 'USDT' }, resting('BTC-27NOV26-70000-P-USDT', 'option'), true],
    ['an inverse contract of the coin', { category: 'inverse', settleCoin: 'BTC' }, resting('BTCUSDZ26', 'inverse'), true],
    ['an inverse contract of another coin', { category: 'inverse', settleCoin: 'BTC' }, resting('BTCXUSD', 'inverse'), false],
    ['an inverse contract that does not tell it', { category: 'inverse', settleCoin: 'BTC' }, resting('BTC-PERP', 'inverse'), true],
  ] satisfies [string, CancelScope, RestingOrder, boolean][])('about %s', async (_, scope, order, isOfScope) => {
    const { look, tell } = scanner([scope], blindAfterFirst);
    await look();
    tell(order);
    expect(symbols((await look()).remembered)).toEqual(isOfScope ? [order.symbol] : []);
  });
});
