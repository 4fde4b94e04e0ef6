import { expect, test } from 'vitest';
import { showEnd } from '../../../../src/commands/live/output.ts';
import { endOf, EXIT } from '../../../../src/errors.ts';
import type { CancelReport } from '../../../../src/execution/cancel/cancel-report.ts';
import { LiveWatch } from '../../../../src/harness/live/live-watch.ts';
import { RunStatistics } from '../../../../src/harness/soak/run-statistics.ts';
import { FLAT } from '../../../../src/model/position.ts';
import { lots, tickLots } from '../../../../src/model/units.ts';
import { ACTIVE } from '../../../../src/risk/trading-state.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { BTC } from '../../../support/builders/builders.ts';
import { testHost } from '../../../support/program/test-host.ts';

const reportOf = (trigger: CancelReport['trigger'], found: number): CancelReport =>
  ({ trigger, found, canceled: found, filledMeanwhile: 0, remaining: [], verified: true }) as unknown as CancelReport;

/** What the last line says when these cancel-alls came before the stop, which found `found`. */
function lastLine(before: readonly CancelReport[], found: number, meanwhile: readonly CancelReport[] = []): string | undefined {
  const clock = new VirtualClock(0);
  const host = testHost();
  const watch = new LiveWatch(clock);
  const report = reportOf('stop', found);
  for (const each of before) watch.record({ type: 'cancelAllDone', report: each });
  watch.stops();
  for (const each of [...meanwhile, report]) watch.record({ type: 'cancelAllDone', report: each });
  const { canceledBefore } = watch;
  const shown = { statistics: new RunStatistics(clock, 5000), report, canceledBefore, trading: ACTIVE, end: endOf(EXIT.ok, undefined) };
  showEnd(
    host,
    { ...shown, liveIds: [], shadowOf: undefined, emergency: undefined, written: undefined },
    { json: false, quiet: true, logLevel: 'info' },
  );
  return host.stdout.text.trimEnd().split('\n').at(-1);
}

test('the end says what the stop has canceled, and what was canceled before it', () => {
  expect(lastLine([], 2)).toBe('VERIFIED EMPTY: 2 orders found, 2 canceled, 0 filled meanwhile');
  expect(lastLine([reportOf('start', 8), reportOf('freeze', 2), reportOf('freeze', 1)], 0)).toBe(
    'VERIFIED EMPTY: 0 orders found, 0 canceled, 0 filled meanwhile; before the stop 8 were canceled at the start, 3 by the freeze',
  );
  expect(lastLine([reportOf('freeze', 1)], 1)).toBe(
    'VERIFIED EMPTY: 1 order found, 1 canceled, 0 filled meanwhile; before the stop 1 was canceled by the freeze',
  );
  // The stop has canceled the same orders.
  expect(lastLine([reportOf('start', 8)], 2, [reportOf('freeze', 2)])).toBe(
    'VERIFIED EMPTY: 2 orders found, 2 canceled, 0 filled meanwhile; before the stop 8 were canceled at the start',
  );
});

test('the end names the orders that may be open, also when the exchange could not be read', () => {
  const ended = {
    statistics: new RunStatistics(new VirtualClock(0), 5000),
    liveIds: ['mm-t-1', 'mm-t-2'],
    canceledBefore: new LiveWatch(new VirtualClock(0)).canceledBefore,
    trading: ACTIVE,
    end: endOf(EXIT.ordersRemain, undefined),
    shadowOf: undefined,
    written: undefined,
    emergency: { lead: 'run, with the key in it', command: 'mmbot cancel-all --venue testnet --force' },
  };
  const shown = (report: CancelReport | undefined, json: boolean): string => {
    const host = testHost();
    showEnd(host, { ...ended, report }, { json, quiet: true, logLevel: 'info' });
    return host.stdout.text;
  };
  expect(shown(undefined, false)).toContain(
    'ORDERS MAY REMAIN: the exchange could not be read; mm-t-1, mm-t-2; run, with the key in it:\n  mmbot cancel-all --venue testnet --force\n',
  );
  const partly = { ...reportOf('stop', 2), verified: false, remaining: [{ clientOrderId: 'mm-t-2' }] } as unknown as CancelReport;
  expect(shown(partly, false)).toContain('ORDERS MAY REMAIN: mm-t-2, mm-t-1; run');
  expect(JSON.parse(shown(undefined, true))).toMatchObject({
    cancelAll: null,
    mayRemain: ['mm-t-1', 'mm-t-2'],
    run: 'mmbot cancel-all --venue testnet --force',
  });
  expect(JSON.parse(shown(reportOf('stop', 2), true))).toMatchObject({ mayRemain: [] });
});

test('the end tells a position that was held at the start from what the run added', () => {
  const statistics = new RunStatistics(new VirtualClock(0), 5000);
  statistics.addSymbol(BTC, { ...FLAT, quantity: lots(2), cost: tickLots(1_200_000) });
  statistics.addSymbol({ ...BTC, symbol: 'ETHUSDT', baseCoin: 'ETH' }, FLAT);
  const report = reportOf('stop', 0);
  const { canceledBefore } = new LiveWatch(new VirtualClock(0));
  const ended = { statistics, report, liveIds: [], canceledBefore, trading: ACTIVE, end: endOf(EXIT.ok, undefined), shadowOf: undefined };
  const shown = (json: boolean): string => {
    const host = testHost();
    showEnd(host, { ...ended, emergency: undefined, written: undefined }, { json, quiet: true, logLevel: 'info' });
    return host.stdout.text;
  };
  expect(shown(false)).toContain('position BTC +0.002 (held at the start: +0.002), ETH +0.000\n');
  expect(JSON.parse(shown(true))).toMatchObject({
    figures: { positions: { BTCUSDT: 0.002 }, positionsAtStart: { BTCUSDT: 0.002, ETHUSDT: 0 } },
  });
});
