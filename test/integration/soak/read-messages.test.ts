import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { parseFaultOption } from '../../../src/commands/options/fault-option.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { parseJson } from '../../../src/util/json.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

/** Compares each message that comes with its reading, and counts both kinds. */
function comparing(wire: Wire, counts: { read: number; bare: number; different: string[] }): Wire {
  return {
    ...wire,
    open: (url, listener) =>
      wire.open(url, {
        onOpen: () => listener.onOpen(),
        onMessage(text, json) {
          if (json === undefined) counts.bare += 1;
          else {
            counts.read += 1;
            if (!isDeepStrictEqual(parseJson(text), json)) counts.different.push(text);
          }
          listener.onMessage(text, json);
        },
        onClose: (reason) => listener.onClose(reason),
      }),
  };
}

test.each(['none', 'heavy'])('a message that comes read already reads like its text: faults %s', async (faults) => {
  const counts = { read: 0, bare: 0, different: [] };
  await virtualSoak({
    settings: settingsOf('s1'),
    seed: '3',
    durationMs: 60_000,
    symbols: ['BTCUSDT', 'ETHUSDT'],
    faults: parseFaultOption(faults).choice,
    betweenWire: (wire) => comparing(wire, counts),
  });
  expect(counts.different).toEqual([]);
  expect(counts.read).toBeGreaterThan(5000);
  expect(counts.bare).toBeLessThan(counts.read / 20);
});
