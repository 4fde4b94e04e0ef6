import { expect, test } from 'vitest';
import { OddRows } from '../../../../../src/exchange/bybit/codec/odd-rows.ts';
import type { OddRow } from '../../../../../src/exchange/exchange.ts';

function odd() {
  const told: OddRow[] = [];
  const sut = new OddRows((row) => {
    told.push(row);
    return true;
  });
  const offGrid = (detail: number, symbol = 'BTCUSDT'): void =>
    sut.tell({ list: 'execution', symbol, what: 'off_grid', detail: `execPrice ${detail}` });
  return { sut, told, offGrid };
}

test('each oddity is reported once', () => {
  const { told, offGrid } = odd();
  for (const detail of [1, 2, 1, 2]) offGrid(detail);
  expect(told.map(({ detail }) => detail)).toEqual(['execPrice 1', 'execPrice 2']);
});

test('many of one kind silence neither another kind nor another symbol', () => {
  const { sut, told, offGrid } = odd();
  for (let detail = 0; detail < 5000; detail += 1) offGrid(detail);
  const ofOneKind = told.length;
  const later: readonly OddRow[] = [
    { list: 'execution', symbol: 'BTCUSDT', what: 'unreadable', detail: 'execQty is "?"' },
    { list: 'order', symbol: 'BTCUSDT', what: 'off_grid', detail: 'order price 1' },
    { list: 'execution', symbol: 'ETHUSDT', what: 'off_grid', detail: 'execPrice 1' },
  ];
  for (const row of later) sut.tell(row);
  expect(told.slice(ofOneKind)).toEqual(later);
  // Enough reports to show the problem, without flooding the log.
  expect(ofOneKind).toBeGreaterThan(10);
  expect(ofOneKind).toBeLessThan(100);
});

test('what is remembered of symbols that are made up is bounded, and silences no other kind', () => {
  const { sut, told, offGrid } = odd();
  for (let i = 0; i < 5000; i += 1) offGrid(1, `MADEUP${i}USDT`);
  expect(told.length).toBe(1000);
  sut.tell({ list: 'execution', symbol: 'BTCUSDT', what: 'unreadable', detail: '?' });
  expect(told.at(-1)).toMatchObject({ what: 'unreadable' });
});
