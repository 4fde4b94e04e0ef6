/** Formats of figures for people. A missing figure is a dash, never a zero. */

const DASH = '–';

export function fixed(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined || !Number.isFinite(value) ? DASH : withoutMinusZero(value.toFixed(digits));
}

export function signed(value: number | null | undefined, digits = 2): string {
  const text = fixed(value, digits);
  return text === DASH || text.startsWith('-') ? text : `+${text}`;
}

export function percent(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? DASH : `${fixed(value * 100, digits)} %`;
}

/** `1h 02m 03s`, `2m 05s`, `7s`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  if (h > 0) return `${h}h ${two(m)}m ${two(s)}s`;
  return m > 0 ? `${m}m ${two(s)}s` : `${s}s`;
}

/** A time of a run: `0:01:35.250`. */
export function clockTime(ms: number): string {
  const whole = Math.floor(ms);
  const [hours, minutes, seconds] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60, (whole % 60_000) / 1000];
  return `${hours}:${String(minutes).padStart(2, '0')}:${seconds.toFixed(3).padStart(6, '0')}`;
}

export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function withoutMinusZero(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** A duration with a margin, in the form of `--duration`. */
export function roundedUp(ms: number): string {
  const minutes = Math.ceil((ms * 1.1) / 60_000);
  return minutes > 120 ? `${Math.ceil(minutes / 60)}h` : `${minutes}m`;
}
