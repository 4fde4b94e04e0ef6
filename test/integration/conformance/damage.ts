import { isObject, parseJson } from '../../../src/util/json.ts';

/** A document with one thing wrong. */
export interface Damaged {
  readonly what: string;
  readonly text: string;
}

/** Fields that a client may not be sent: they echo what it sent, or say only what changed. */
const MAY_MISS = /(^|\.)(req_id|reqId)$/;

/** Every way to take one field away, add one or give one another type. */
export function damages(text: string): Damaged[] {
  const found: Damaged[] = [];
  const note = (what: string, change: (root: unknown) => void): void => {
    const copy: unknown = JSON.parse(text);
    change(copy);
    found.push({ what, text: JSON.stringify(copy) });
  };
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (Array.isArray(value)) {
      const [first] = value;
      if (first !== undefined) walk(first, [...path, 0]);
      return;
    }
    if (!isObject(value)) return;
    note(`${path.join('.')} with a stray field`, (root) => void (holderOf(root, path)['strayField'] = '1'));
    for (const [key, inner] of Object.entries(value)) {
      const place = [...path, key].join('.');
      if (!MAY_MISS.test(place)) note(`without ${place}`, (root) => delete holderOf(root, path)[key]);
      note(`${place} of another type`, (root) => void (holderOf(root, path)[key] = otherType(inner)));
      walk(inner, [...path, key]);
    }
  };
  walk(parseJson(text), []);
  return found;
}

function holderOf(root: unknown, path: readonly (string | number)[]): Record<string, unknown> {
  let holder = root as Record<string, unknown>;
  for (const key of path) holder = holder[key] as Record<string, unknown>;
  return holder;
}

function otherType(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? 0 : Number(value);
  if (typeof value === 'number') return String(value);
  return typeof value === 'boolean' ? String(value) : 'text';
}
