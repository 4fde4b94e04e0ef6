/** A JSON value seen as an object; every field is unknown until read. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Nobody's messages nest so deep, and what walks through a value calls itself for each level. */
const MOST_DEPTH = 500;

/** Undefined when `text` is not JSON, or nested more than 500 levels deep. */
export function parseJson(text: string): unknown {
  if (text.length > MOST_DEPTH && isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    // { and [, } and ]: they differ from each other in one bit.
    else if ((code | 0x20) === 0x7b) depth += 1;
    else if ((code | 0x20) === 0x7d) depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the string that begins at `start` ends. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
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
