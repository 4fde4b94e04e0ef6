import type { SymbolView } from '../../../src/execution/decide/view.ts';
import { exactly, FLAT } from '../../../src/model/position.ts';
import { atoms, ppm, ticks } from '../../../src/model/units.ts';
import { CALM } from '../../../src/risk/guards.ts';
import { ACTIVE } from '../../../src/risk/trading-state.ts';
import { DEFAULT_FLOW } from '../../../src/strategy/flow.ts';
import { withoutOwn } from '../../../src/strategy/others-book.ts';
import { BTC, bookOf } from './builders.ts';

const BOOK = bookOf([[599_999, 5000]], [[600_001, 5000]]);

/** A quiet market around 600,000 ticks, no orders, no position, no blocks. */
export function viewOf(terms: Partial<SymbolView> = {}): SymbolView {
  return {
    at: 10_000,
    instrument: BTC,
    fees: { maker: ppm(200), taker: ppm(550) },
    book: BOOK,
    bookAgeMs: 10,
    markPrice: ticks(600_000),
    lastPrice: ticks(600_000),
    volatility: volatilityOf(1),
    moveBps: 0,
    flow: DEFAULT_FLOW,
    edge: { spreadBps: 0, markoutBps: 0, feesBps: 0, netBps: 0, fills: 0 },
    position: FLAT,
    held: exactly((terms.position ?? FLAT).quantity),
    orders: [],
    others: othersIn(terms),
    activity: idle(),
    account: { openOrders: 0, openNotional: atoms(0), dayPnlUsd: 0, ordersToday: 0 },
    trading: ACTIVE,
    heldBy: undefined,
    memory: { guards: CALM, adaptive: undefined },
    ...terms,
  };
}

function othersIn({ book, orders = [] }: Partial<SymbolView>): SymbolView['others'] {
  return withoutOwn(
    book ?? BOOK,
    orders.map(({ order }) => order),
  );
}

export function volatilityOf(perSampleBps: number): SymbolView['volatility'] {
  return { perSampleBps, perRootSecondBps: perSampleBps, annualizedBps: perSampleBps * Math.sqrt(31_536_000) };
}

export function idle(terms: Partial<SymbolView['activity']> = {}): SymbolView['activity'] {
  return {
    lastChangeAt: Number.NEGATIVE_INFINITY,
    placeRoom: 9,
    amendRoom: 9,
    isLaneScarce: { place: false, amend: false },
    inFlight: 0,
    takerFills: 0,
    fillsInBurst: 0,
    rejectsInRow: { buy: 0, sell: 0 },
    postOnlyBackoff: { buy: false, sell: false },
    latencyP95Ms: 0,
    ...terms,
  };
}
