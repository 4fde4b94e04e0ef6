import { createLogger, type Logger } from '../../../src/telemetry/logger.ts';
import { systemClock } from '../../../src/util/clock.ts';

export interface Said {
  readonly log: Logger;
  readonly text: () => string;
}

/** A log in memory. */
export function listening(): Said {
  let text = '';
  const write = (line: string): void => {
    text += line;
  };
  return { log: createLogger({ clock: systemClock, level: 'info', format: 'json', write, redact: (line) => line }), text: () => text };
}
