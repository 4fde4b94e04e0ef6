/** A JSON object whose fields have unknown types. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Real messages are not nested this deeply; the limit protects functions that recurse through a value. */
const MOST_DEPTH = 500;

/** A document for people and programs: indented, with a line break at its end. */
export function jsonText(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

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
    // { and [ differ in one bit, and so do } and ].
    else if ((code | 0x20) === 0x7b) depth += 1;
    else if ((code | 0x20) === 0x7d) depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Index of the end of the string that begins at `start`. */
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

/** `value` when it is an object, else an empty one, whose fields then read as missing. */
export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** `value` when it is a list, else an empty one. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Text as it is, a number as text, and `''` for anything else: Bybit writes decimals as strings, some proxies as numbers. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Numbers with another base than ten, which no exchange sends; `0x0` must not read as 0. */
const OTHER_BASE = /^\s*0[box]/i;

/** A finite number, also from decimal text; undefined for anything else. */
export function numberIn(value: unknown): number | undefined {
  const isText = typeof value === 'string' && value.trim() !== '' && !OTHER_BASE.test(value);
  const number = typeof value === 'number' ? value : isText ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
