import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { parseFaultOption } from '../../../src/commands/options/fault-option.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { parseJson } from '../../../src/util/json.ts';
import type { Message } from '../../../src/util/message.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

interface Found {
  compared: number;
  readonly different: string[];
}

/** Compares each message in both directions with what its text reads as. */
function comparing(wire: Wire, found: Found): Wire {
  const compare = ({ text, json }: Message): void => {
    found.compared += 1;
    if (!isDeepStrictEqual(parseJson(text), json)) found.different.push(text);
  };
  return {
    ...wire,
    open(url, listener) {
      const socket = wire.open(url, {
        onOpen: () => listener.onOpen(),
        onMessage(message) {
          compare(message);
          listener.onMessage(message);
        },
        onClose: (reason) => listener.onClose(reason),
      });
      return {
        send(message) {
          compare(message);
          socket.send(message);
        },
        close: () => socket.close(),
      };
    },
  };
}

test.each(['none', 'heavy'])('a message within one process reads like its text: faults %s', async (faults) => {
  const found: Found = { compared: 0, different: [] };
  await virtualSoak({
    settings: settingsOf('s1'),
    seed: '3',
    durationMs: 60_000,
    symbols: ['BTCUSDT', 'ETHUSDT'],
    faults: parseFaultOption(faults).choice,
    betweenWire: (wire) => comparing(wire, found),
  });
  expect(found.different).toEqual([]);
  expect(found.compared).toBeGreaterThan(5000);
});
