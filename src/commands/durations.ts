import { InvalidArgumentError } from 'commander';

const UNITS = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?)(s|m|h|d)?$/;

/** `3600`, `90s`, `15m`, `1h`, `2d`: ms. For commander. */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text);
  const unit = match?.[2] ?? '';
  const ms = match !== null && isUnit(unit) ? Math.round(Number(match[1]) * UNITS[unit]) : 0;
  if (ms < 1000) throw new InvalidArgumentError(`Expected seconds (3600) or a time like 90s, 15m, 1h, of at least 1 s, was '${text}'.`);
  return ms;
}

function isUnit(text: string): text is keyof typeof UNITS {
  return text in UNITS;
}
