import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { objectIn, parseJson, type JsonObject } from '../../../src/util/json.ts';

const FOLDER = new URL('../../fixtures/', import.meta.url);

export function fixtureJson(path: string): JsonObject {
  return objectIn(parseJson(readFileSync(new URL(path, FOLDER), 'utf8')));
}

/** The messages of a captured stream, or of a history file. */
export function fixtureMessages(path: string): JsonObject[] {
  const bytes = readFileSync(new URL(path, FOLDER));
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const row = objectIn(parseJson(line));
    return 'msg' in row ? objectIn(row['msg']) : row;
  });
}
