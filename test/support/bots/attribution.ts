import { resolve } from '../../../src/config/resolve.ts';
import type { Settings } from '../../../src/config/fields.ts';
import { sumUp } from '../../../src/harness/measures/measures.ts';
import type { SoakRun } from '../../../src/harness/soak/soak-run.ts';
import { stepsToNumber } from '../../../src/model/grid.ts';
import { attributionOf, type Attribution } from '../../../src/reports/causes/held-back.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import { defined } from '../../../src/util/assert.ts';
import { settingsOf, virtualSoak } from './virtual-soak.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];

/** Where the time of a run went. */
export function attribution({ statistics }: SoakRun, settings: Settings): Attribution {
  const latencyP95Ms = statistics.ackLatency.quantile(0.95);
  return attributionOf([...statistics.symbols.values()], { settings, fields: resolve({}).explain, latencyP95Ms });
}

/** A run of half a minute: what its parts sum to, and what they should. */
export async function sumsOf(seed: string): Promise<readonly { readonly what: string; readonly sum: number; readonly whole: number }[]> {
  const settings = settingsOf('s1');
  let ledger: Ledger | undefined;
  const onEvent = (_: unknown, record: Ledger): void => {
    ledger = record;
  };
  const run = await virtualSoak({ settings, seed, durationMs: 30_000, symbols: SYMBOLS, onEvent });
  const { spreadUsd, selectionUsd, driftUsd, feesUsd, fundingUsd, netUsd, adverseUsd } = sumUp(run.statistics);
  const { sides } = attribution(run, settings);
  return [
    { what: 'net of the ledger', sum: netUsd, whole: ledgerNet(run, defined(ledger, 'ledger')) },
    { what: 'parts of the net', sum: spreadUsd + selectionUsd + driftUsd - feesUsd - fundingUsd, whole: netUsd },
    { what: 'price moves', sum: selectionUsd + driftUsd, whole: adverseUsd },
    ...SYMBOLS.flatMap((symbol) =>
      (['buy', 'sell'] as const).map((side) => {
        const own = sides.filter((share) => share.symbol === symbol && share.side === side);
        return { what: `time of ${symbol} ${side}`, sum: own.reduce((sum, { share }) => sum + share, 0), whole: 1 };
      }),
    ),
  ];
}

/** Cash of all executions plus the position at the mid of the report, minus fees and funding. */
function ledgerNet({ statistics }: SoakRun, ledger: Ledger): number {
  let net = -ledger.positions().reduce((sum, { funding }) => sum + Number(funding), 0);
  for (const { symbol, side, price, quantity, fee } of ledger.executions()) {
    const { mid, instrument } = defined(statistics.symbols.get(symbol), symbol);
    const signed = (side === 'Buy' ? 1 : -1) * Number(quantity);
    net += signed * (stepsToNumber(defined(mid, 'mid'), instrument.tick) - Number(price)) - Number(fee);
  }
  return net;
}
