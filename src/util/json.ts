/** A JSON value seen as an object; every field is unknown until read. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined when `text` is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An empty object when `value` is none: the fields then read as missing. */
export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** An empty list when `value` is none. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Text as it is, a number as text, and `''` for anything else: Bybit writes decimals as strings, some proxies as numbers. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Numbers of another base than ten: no exchange means them, and `0x0` is not its 0. */
const OTHER_BASE = /^\s*0[box]/i;

/** A finite number, also from decimal text; undefined for anything else. */
export function numberIn(value: unknown): number | undefined {
  const isText = typeof value === 'string' && value.trim() !== '' && !OTHER_BASE.test(value);
  const number = typeof value === 'number' ? value : isText ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
