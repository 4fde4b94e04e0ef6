import { gridOf, type Instrument } from '../../../src/model/instrument.ts';
import type { Approved } from '../../../src/risk/gate.ts';
import { BTC } from './builders.ts';

/** For tests of what comes after the risk gate. */
export function approved<T>(order: T, instrument: Instrument = BTC): Approved<T> {
  return { ...order, grid: gridOf(instrument) } as Approved<T>;
}
