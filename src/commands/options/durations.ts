import { InvalidArgumentError, Option } from 'commander';

const UNITS = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?)(s|m|h|d)?$/;

const LONGEST_MS = 3650 * UNITS.d;

/** `about`: what lasts this long. */
export function durationOption(flag: '--duration' | '--deadline' | '--timeout' | '--slower-than', about: string): Option {
  return new Option(`${flag} <time>`, about).argParser(parseDuration);
}

/** Parser for commander: `3600`, `90s`, `15m`, `1h` or `2d`, in ms. */
function parseDuration(text: string): number {
  const ms = durationIn(text);
  if (ms !== undefined && ms >= 1000 && ms <= LONGEST_MS) return ms;
  throw new InvalidArgumentError(`Expected seconds (3600) or a time like 90s, 15m, 1h, 2d, from 1 s to 3650 d, was '${text}'.`);
}

/** In ms; undefined when it is not a duration. */
export function durationIn(text: string): number | undefined {
  const match = DURATION.exec(text);
  const unit = match?.[2] ?? '';
  return match !== null && isUnit(unit) ? Math.round(Number(match[1]) * UNITS[unit]) : undefined;
}

const INSTANT = /^(?:(\d+):)?([0-5]?\d):([0-5]\d(?:\.\d+)?)$/;

/** Parser for commander of a time since the start: `1:35`, `1:02:03.5`, `95s` or `95`; in ms. */
export function parseInstant(text: string): number {
  const ms = INSTANT.test(text) ? clockTimeIn(text) : durationIn(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError(`Expected a time of the run like 1:35, 1:02:03.5 or 95s, was '${text}'.`);
}

function clockTimeIn(text: string): number {
  const [, hours = '0', minutes, seconds] = INSTANT.exec(text) ?? [];
  return Math.round(((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}

function isUnit(text: string): text is keyof typeof UNITS {
  return text in UNITS;
}
