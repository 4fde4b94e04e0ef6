import { isoTime, type Clock } from '../util/clock.ts';

const LEVELS = { debug: 0, info: 1, warn: 2, error: 3 } as const;

export type LogLevel = keyof typeof LEVELS;
export type LogFields = Readonly<Record<string, unknown>>;

/** `event`: a constant snake_case name; variable data goes into the fields. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly clock: Clock;
  /** The lowest level that is written. */
  readonly level: LogLevel;
  /** JSON lines for programs, short lines for people. */
  readonly format: 'json' | 'text';
  readonly write: (line: string) => void;
  /** Removes secret values from a line. */
  readonly redact: (text: string) => string;
}

export function createLogger({ clock, level, format, write, redact }: LoggerOptions): Logger {
  const log =
    (at: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (LEVELS[at] < LEVELS[level]) return;
      const time = isoTime(clock.now());
      const line = format === 'json' ? JSON.stringify({ time, level: at, event, ...fields }) : textLine(time, at, event, fields);
      write(redact(`${line}\n`));
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

/** `run`, a command for a person, is on a line of its own, so that it can be copied. */
function textLine(time: string, level: LogLevel, event: string, { run, ...fields }: LogFields): string {
  // A field without a value is left out, as JSON does.
  const words = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${textOf(value)}`]));
  const line = [time.slice(11, 19), ...(level === 'info' ? [] : [level]), event, ...words].join(' ');
  return typeof run === 'string' ? `${line}\n  ${run}` : line;
}

/** Lists are shown by their length, because they would flood a terminal; the JSON format has them in full. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /\s/.test(text) ? JSON.stringify(text) : text;
}
