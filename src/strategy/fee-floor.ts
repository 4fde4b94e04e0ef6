import type { Settings } from '../config/fields.ts';
import { PPM_PER_BPS, type Ppm } from '../model/units.ts';

/**
 * The least distance of a quote from fair value, bps: what its fill pays as a maker, and a margin. Negative for a large rebate; minus
 * infinity when it is switched off.
 */
export function feeFloorBps(maker: Ppm, { feeFloor, feeMarginBps }: Pick<Settings['quoting'], 'feeFloor' | 'feeMarginBps'>): number {
  return feeFloor ? maker / PPM_PER_BPS + feeMarginBps : Number.NEGATIVE_INFINITY;
}
