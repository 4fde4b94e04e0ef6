import type { Faults } from './faults.ts';

/** Additional delay of a message now, ms. */
export function latencyStep(faults: Faults): number {
  return faults.strikes('latency-step') ? 100 + 300 * faults.draw('latency-step') : 0;
}
