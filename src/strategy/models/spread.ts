import type { QuotingModel } from './model.ts';

/** A given spread around fair value that leans linearly against the position, up to a cap. */
export const spread: QuotingModel = {
  isAdaptive: true,
  terms({ inventoryRatio, adaptiveBps, spreadFactor, settings: { quoting } }) {
    const spreadBps = Math.max(quoting.baseSpreadBps, adaptiveBps ?? 0);
    const cap = Math.min(quoting.maxSkewBps, quoting.inventoryTiltCapRatio * spreadBps * spreadFactor);
    return { half: spreadBps / 2, skewBps: Math.max(-cap, Math.min(cap, quoting.skewBpsPerPercent * inventoryRatio * 100)) };
  },
};
