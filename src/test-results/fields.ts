import { isObject, type JsonObject } from '../util/json.ts';
import { UnreadableResults } from './test-run.ts';
import { excerptOf } from '../util/excerpt.ts';

/** Readers of JSON fields that their format requires. `path`: the path of the object in the document. */

export function objectAt(value: unknown, path: string): JsonObject {
  return isObject(value) ? value : refuse(path, 'an object', value);
}

export function listAt(object: JsonObject, name: string, path: string): readonly unknown[] {
  const value = object[name];
  return Array.isArray(value) ? value : refuse(join(path, name), 'a list', value);
}

export function textAt(object: JsonObject, name: string, path: string): string {
  const value = object[name];
  return typeof value === 'string' ? value : refuse(join(path, name), 'text', value);
}

export function numberAt(object: JsonObject, name: string, path: string): number {
  const value = object[name];
  return typeof value === 'number' ? value : refuse(join(path, name), 'a number', value);
}

export function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

export function durationIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

export function refuse(path: string, expected: string, found: unknown): never {
  const was = found === undefined ? 'is missing' : `was ${excerptOf(found, 60)}`;
  throw new UnreadableResults(`${path}: expected ${expected}, ${was}`);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
