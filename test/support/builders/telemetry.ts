import { onTestFinished } from 'vitest';
import { Telemetry, type TelemetryParts } from '../../../src/telemetry/telemetry.ts';
import { systemClock } from '../../../src/util/clock.ts';

/** The metrics of one run, on a free loopback port once they are opened; closed when the test ends. */
export function telemetryOf(parts: Partial<TelemetryParts> = {}): Telemetry {
  const telemetry = new Telemetry({
    host: '127.0.0.1',
    port: 0,
    token: undefined,
    clock: systemClock,
    symbols: ['BTCUSDT'],
    command: 'soak',
    version: '1.2.3',
    memoryBytes: () => 100_000_000,
    cpuMs: () => 1500,
    ...parts,
  });
  onTestFinished(() => telemetry.close());
  return telemetry;
}
