import { expect, test } from 'vitest';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { ListingWatch } from '../../../../src/execution/account/listing-watch.ts';
import { BTC } from '../../../support/builders/builders.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';

/** The exchange's responses to two queries of the symbol, eleven seconds apart. */
async function afterTwoLooks(failure: ExchangeError) {
  const clock = new VirtualClock(0);
  const freezes: string[] = [];
  const sut = new ListingWatch({
    exchange: {
      instruments: async () => {
        throw failure;
      },
      now: () => clock.now(),
    },
    clock,
    symbols: ['BTCUSDT'],
    states: new Map([['BTCUSDT', { instrument: BTC }]]),
    settings: { risk: { deliveryFreezeMs: 0, deliveryHoldMs: 0 } as never },
    freeze: (reason) => void freezes.push(reason),
    onFault: (fault) => expect.unreachable(String(fault)),
  });
  const look = async (): Promise<unknown> => {
    try {
      return await sut.listed();
    } catch (error) {
      return error;
    }
  };
  const first = await look();
  await clock.run(sleep(clock, 11_000));
  return { first, second: await look(), held: sut.heldBy('BTCUSDT'), freezes };
}

test('a symbol that the exchange says it has not, by a list or a code, is held, and then frozen', async () => {
  for (const details of [{ byList: true }, { retCode: 10_001 }]) {
    const gone = new ExchangeError('rejected', 'not-applied', 'BTCUSDT is no linear instrument', details);
    const freezes = ["BTCUSDT is gone from the exchange's list"];
    expect(await afterTwoLooks(gone)).toEqual({ first: [], second: [], held: 'instrument_gone', freezes });
  }
});

test('the page of a proxy says nothing of a symbol', async () => {
  const page = new ExchangeError('rejected', 'not-applied', 'instruments-info: HTTP 404 without a code');
  expect(await afterTwoLooks(page)).toEqual({ first: page, second: page, held: undefined, freezes: [] });
});
