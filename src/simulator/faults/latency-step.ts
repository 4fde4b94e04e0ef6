import type { Faults } from './faults.ts';

/** What a message takes longer now, ms. */
export function latencyStep(faults: Faults): number {
  return faults.strikes('latency-step') ? 100 + 300 * faults.draw('latency-step') : 0;
}
