import { ticks } from '../../../src/model/units.ts';
import { describe, expect, test } from 'vitest';
import { VENUES } from '../../../src/config/venues.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { sleep } from '../../../src/util/clock.ts';
import { approved } from '../../support/builders/approved.ts';
import { json, pathOf } from '../../support/cancel/cancel-scene.ts';
import { connected, withExchange, type Setting } from './setting.ts';

/** Demo: no trade socket, private streams alone, no fee rates, no cancel on disconnect, no price limit setting. */
function demoWire(wire: Wire, opened: string[]): Wire {
  const unsupported = ['v5/account/fee-rate', 'v5/account/set-limit-px-action', 'v5/order/disconnected-cancel-all'];
  return {
    ...wire,
    open(url, listener) {
      opened.push(url);
      return wire.open(url.replace('trade', 'nowhere'), listener);
    },
    request: (request, signal) =>
      unsupported.includes(pathOf(request))
        ? Promise.resolve(json({ retCode: 10_032, retMsg: 'Demo trading are not supported.' }))
        : wire.request(request, signal),
  };
}

async function placesAndCancels({ exchange, order, embedded, until }: Setting): Promise<void> {
  const { clientOrderId, symbol } = order();
  await exchange.place(approved(order({ clientOrderId })));
  await until('the order', () => embedded.venue.openOrders(0).length === 1);
  await exchange.cancel({ symbol, clientOrderId });
  await until('its end', () => embedded.venue.openOrders(0).length === 0);
}

describe('on demo', () => {
  const { publicWsUrl, orderEntry, tellsFees } = VENUES.demo;

  test('orders are sent over HTTP, prices come from mainnet, and missing features are reported', async () => {
    const opened: string[] = [];
    const scenario = async (setting: Setting): Promise<void> => {
      const { exchange } = setting;
      expect(await exchange.prepareAccount()).toBe(false);
      expect(await exchange.armDisconnectCancel(10)).toBe(false);
      await connected(setting);
      expect(await exchange.feeRates('BTCUSDT')).toEqual({ maker: 200, taker: 550 });
      await placesAndCancels(setting);
      expect(opened.toSorted()).toEqual([`${publicWsUrl}/v5/public/linear`, 'ws://embedded/v5/private'].toSorted());
    };
    await withExchange('in process', scenario, {
      adapter: () => ({ publicWsUrl, orderEntry, tellsFees }) as object,
      decorate: (wire) => demoWire(wire, opened),
    });
  });

  test('a trade socket that should be there and is not holds nothing up for long', async () => {
    const scenario = async (setting: Setting): Promise<void> => {
      const startedAt = setting.clock.monotonic();
      await connected(setting);
      expect(setting.clock.monotonic() - startedAt).toBeLessThan(7000);
      await placesAndCancels(setting);
    };
    await withExchange('in process', scenario, { decorate: (wire) => demoWire(wire, []) });
  });
});

describe('cancel on disconnect', () => {
  test('if the account has it, open orders are canceled some seconds after the connections are lost', async () => {
    const scenario = async (setting: Setting): Promise<void> => {
      const { exchange, embedded, clock, order } = setting;
      expect(await exchange.armDisconnectCancel(10)).toBe(true);
      await connected(setting);
      await sleep(clock, 11_000);
      // Far from the market, which moves meanwhile.
      await exchange.place(approved(order({ price: ticks(setting.touch().bid.price - 5000) })));
      await exchange.close();
      await sleep(clock, 9000);
      expect(embedded.venue.openOrders(0)).toHaveLength(1);
      await sleep(clock, 2000);
      expect(embedded.venue.openOrders(0)).toHaveLength(0);
    };
    await withExchange('in process', scenario, { venue: { dcp: true } });
  });

  test('an answer that is not on record afterwards counts as a refusal', async () => {
    const forgetful = (wire: Wire): Wire => ({
      ...wire,
      request: (request, signal) =>
        pathOf(request) === 'v5/account/query-dcp-info'
          ? Promise.resolve(json({ retCode: 0, retMsg: '', result: { dcpInfos: [] }, time: 1 }))
          : wire.request(request, signal),
    });
    await withExchange('in process', async ({ exchange }) => expect(await exchange.armDisconnectCancel(10)).toBe(false), {
      venue: { dcp: true },
      decorate: forgetful,
    });
  });
});
