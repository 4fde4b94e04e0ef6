/** Steps of a time axis, ms. */
export const TIME_STEPS: number[] = [
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800].map((seconds) => seconds * 1000),
  ...[1, 2, 3, 4, 6, 12, 24, 48, 168].map((hours) => hours * 3_600_000),
];

/** `1:02:03`, with fractions of a second where the axis is that fine. */
export function timeText(ms: number, stepMs = 1000): string {
  const decimals = stepMs >= 1000 ? 0 : stepMs >= 100 ? 1 : 2;
  const total = (Math.round((ms / 1000) * 10 ** decimals) / 10 ** decimals).toFixed(decimals);
  const [whole = '0', fraction] = total.split('.');
  const seconds = Number(whole);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [Math.floor(seconds / 3600), two(Math.floor(seconds / 60) % 60), two(seconds % 60)].join(':');
  return fraction === undefined ? clock : `${clock}.${fraction}`;
}

export function figureText(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return '–';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The percentile for `n` of the share axis: 100 is p99. */
export function percentileText(n: number): string {
  const percent = (1 - 1 / n) * 100;
  return `p${n <= 1 ? 0 : Number(percent.toFixed(Math.max(0, Math.ceil(Math.log10(n)) - 2)))}`;
}

/** `0:01:35.250`, as `--explain-at` takes it. */
export function preciseText(ms: number): string {
  const whole = Math.floor(ms / 1000);
  return `${timeText(whole * 1000)}.${String(Math.round(ms - whole * 1000)).padStart(3, '0')}`;
}

/** `2026-01-01 00:01:35.250 UTC`: an instant of a run that began at an ISO time. It formats a given time and reads none. */
export function utcText(startedAt: string, ms: number): string {
  return new Date(Date.parse(startedAt) + ms).toISOString().replace('T', ' ').replace('Z', ' UTC');
}
