import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../../src/config/fields.ts';
import type { Aftermath } from '../../../src/harness/soak/aftermath.ts';
import type { Fact } from '../../../src/harness/invariants/facts.ts';
import { Oracle } from '../../../src/harness/invariants/oracle.ts';
import { instrumentOf } from '../../../src/model/instrument.ts';
import { OWN_PREFIX } from '../../../src/model/order.ts';
import type { Ledger, LedgerEvent } from '../../../src/simulator/ledger/ledger.ts';
import { recordsIn } from '../builders/journals.ts';
import type { RunningExchange } from '../program/running.ts';

/** What the record of another process and the journals show by themselves. */
const BY_RECORD = ['I1', 'I2', 'I4', 'I5', 'I7', 'I8', 'I10', 'I12', 'I13'] as const;

interface Dated {
  readonly at: number;
  readonly fact: Fact;
}

/**
 * Holds the runs of other processes against the record of an exchange that is one too, and against their journals, by the same
 * rules as every soak. `look` is to be called after each run: the exchange keeps the newest changes only, a folder the newest journals.
 */
export function ledgerOracle({ restUrl, ledger }: RunningExchange, settings: Settings) {
  const facts: Dated[] = [];
  const read = new Set<string>();
  let [sequence, records] = [0, 0];
  const readJournals = (folder: string): void => {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
      const path = join(folder, name);
      if (!/journal-\d+\.log$/.test(name) || read.has(path)) continue;
      read.add(path);
      for (const record of recordsIn(readFileSync(path)).records) {
        facts.push({ at: record.at, fact: { source: 'journal', event: { type: 'record', index: records, record } } });
        records += 1;
        // What was read from the disk was on it.
        facts.push({ at: record.at, fact: { source: 'journal', event: { type: 'durable', count: records } } });
      }
    }
  };
  return {
    /** `folder`: where the run kept its journals. */
    async look(folder: string): Promise<void> {
      readJournals(folder);
      const { events } = (await (await fetch(`${restUrl}/admin/ledger/events?after=${sequence}`)).json()) as {
        events: readonly LedgerEvent[];
      };
      if (events[0] !== undefined && events[0].sequence !== sequence + 1)
        throw new Error(`changes ${sequence + 1} to ${events[0].sequence - 1} are gone`);
      for (const event of events) facts.push({ at: event.at, fact: { source: 'ledger', event } });
      sequence = events.at(-1)?.sequence ?? sequence;
    },
    /** What does not hold, of the rules with these ids. */
    async broken(ids: readonly (typeof BY_RECORD)[number][] = BY_RECORD): Promise<string[]> {
      const oracle = new Oracle({
        settings,
        idPrefix: OWN_PREFIX,
        instruments: await instrumentsOf(restUrl),
        toleranceMs: 50,
        inside: undefined,
      });
      const order = (fact: Fact): number => (fact.source === 'journal' ? 0 : 1);
      for (const { fact, at } of facts.toSorted((a, b) => a.at - b.at || order(a.fact) - order(b.fact))) oracle.observe(fact, at);
      const { openOrders } = await ledger();
      const judged = oracle.judge(aftermath(openOrders), 'after a kill');
      return judged
        .filter(({ id, holds }) => !holds && ids.some((each) => each === id))
        .map(({ id, name, found }) => `${id} ${name}: ${found}`);
    },
    get changes() {
      return sequence;
    },
  };
}

async function instrumentsOf(restUrl: string) {
  const answer = await fetch(`${restUrl}/v5/market/instruments-info?category=linear`);
  const { result } = (await answer.json()) as { result: { list: readonly Row[] } };
  const instruments = result.list.map((row) =>
    instrumentOf({
      symbol: row.symbol,
      baseCoin: row.baseCoin,
      quoteCoin: row.quoteCoin,
      settleCoin: row.settleCoin,
      status: 'trading',
      tickSize: row.priceFilter.tickSize,
      qtyStep: row.lotSizeFilter.qtyStep,
      minQuantity: row.lotSizeFilter.minOrderQty,
      maxQuantity: row.lotSizeFilter.maxOrderQty,
      minNotional: row.lotSizeFilter.minNotionalValue,
      maxLeverage: row.leverageFilter.maxLeverage,
      priceDecimals: Number(row.priceScale),
    }),
  );
  return new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
}

interface Row {
  readonly symbol: string;
  readonly baseCoin: string;
  readonly quoteCoin: string;
  readonly settleCoin: string;
  readonly priceScale: string;
  readonly priceFilter: { readonly tickSize: string };
  readonly lotSizeFilter: Readonly<Record<'qtyStep' | 'minOrderQty' | 'maxOrderQty' | 'minNotionalValue', string>>;
  readonly leverageFilter: { readonly maxLeverage: string };
}

function aftermath(open: ReturnType<Ledger['openOrders']>): Aftermath {
  const none: Ledger = {
    openOrders: () => open,
    executions: () => [],
    positions: () => [],
    wallet: () => ({ deposit: '0', spot: '0', balance: '0', equity: '0' }),
    counts: () => ({ created: 0, amended: 0, canceled: 0, rejected: 0, rateLimited: 0, worstRollingSecond: 0, buckets: [] }),
  };
  return {
    ledger: none,
    idPrefix: OWN_PREFIX,
    suffered: undefined,
    stop: undefined,
    positions: new Map(),
    liveInStore: 0,
    frozen: undefined,
    fault: undefined,
    counted: { ordersSent: 0, amendsSent: 0 },
  };
}
