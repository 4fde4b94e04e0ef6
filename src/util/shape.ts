import { isObject } from './json.ts';

/** Checks of values that were read as JSON, to be put together to the shape of a document. */
export type Check<T> = (value: unknown) => value is T;

export const isText: Check<string> = (value) => typeof value === 'string';
export const isNumber: Check<number> = (value): value is number => Number.isFinite(value);
export const isFlag: Check<boolean> = (value) => typeof value === 'boolean';
export const isTextList: Check<string[]> = listOf(isText);

export function listOf<T>(check: Check<T>): Check<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every((item) => check(item));
}

export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

export function oneOf<T extends string | number>(...values: readonly T[]): Check<T> {
  return (value): value is T => values.some((each) => each === value);
}

/** An object with any keys, each with such a value. */
export function recordOf<T>(check: Check<T>): Check<Record<string, T>> {
  return (value): value is Record<string, T> => isObject(value) && Object.values(value).every((item) => check(item));
}

/** An object with these fields; it may have more. */
export function shapeOf<T extends object>(fields: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const checks: [string, Check<unknown>][] = Object.entries(fields);
  return (value): value is T => isObject(value) && checks.every(([name, check]) => check(value[name]));
}
