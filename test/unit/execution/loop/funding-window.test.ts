import { describe, expect, test } from 'vitest';
import { FundingWindow } from '../../../../src/execution/loop/funding-window.ts';

const HOUR_MS = 3_600_000;
const EIGHT = 8 * HOUR_MS;

/** With a pass every five seconds: when it queries (seconds after 08:00) and from which time. */
function asked(window: FundingWindow, fromMs: number, toMs: number): { readonly at: number[]; readonly since: (number | undefined)[] } {
  const asks = { at: [] as number[], since: [] as (number | undefined)[] };
  for (let at = fromMs; at <= toMs; at += 5000) {
    const since = window.since(at);
    if (since === undefined) continue;
    asks.at.push((at - EIGHT) / 1000);
    asks.since.push(since);
    window.read(at);
  }
  return asks;
}

describe('the window of a settlement', () => {
  test('opens with the hour, and is queried at growing intervals until no payment can be listed any more', () => {
    const window = new FundingWindow(EIGHT - 30_000);
    const { at, since } = asked(window, EIGHT - 29_000, EIGHT + HOUR_MS - 1);
    expect(at).toEqual([1, 6, 16, 36, 76, 156, 316, 601]);
    expect([window.since(EIGHT + 700_000, true), window.since(EIGHT + HOUR_MS, true)]).toEqual([undefined, EIGHT + 601_000]);
    expect(new Set(since)).toEqual(new Set([EIGHT - 30_000]));
  });

  test('opens again an hour later, from where the last one was closed', () => {
    const window = new FundingWindow(EIGHT - 30_000);
    asked(window, EIGHT, EIGHT + HOUR_MS - 1);
    expect(asked(window, EIGHT + HOUR_MS, EIGHT + HOUR_MS + 9000)).toEqual({ at: [3600, 3605], since: [EIGHT + 600_000, EIGHT + 600_000] });
  });

  test('stays open while the exchange cannot be read', () => {
    const window = new FundingWindow(EIGHT - 30_000);
    expect(window.since(EIGHT + 3 * HOUR_MS + 1_000_000)).toBe(EIGHT - 30_000);
    expect(window.since(EIGHT + 5 * HOUR_MS)).toBe(EIGHT - 30_000);
  });

  test('of an hour before it began is none of its business', () => {
    expect(asked(new FundingWindow(EIGHT + 1), EIGHT + 2, EIGHT + HOUR_MS - 1).at).toEqual([]);
  });
});
