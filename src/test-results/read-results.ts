import { EXIT, messageOf, MmbotError } from '../errors.ts';
import { isObject, parseJson } from '../util/json.ts';
import { readCtrf } from './ctrf.ts';
import { readJunitXml } from './junit-xml.ts';
import { isPytestLog, readPytestLog } from './pytest-log.ts';
import { readTap, TAP_LINE } from './tap.ts';
import { UnreadableResults, type Origin, type TestRun } from './test-run.ts';
import { readVitestJson } from './vitest-json.ts';
import { excerpt } from '../util/excerpt.ts';

const FORMATS = 'JSON of vitest or jest, JUnit XML, CTRF, the log of pytest, or TAP';

/** Reads one results file and detects its format. Throws a usage error with its name when it has no known format, is truncated or contradicts itself. */
export function readResults(text: string, path: string, origin: Origin): TestRun {
  try {
    return read(text, origin);
  } catch (error) {
    const problem = error instanceof RangeError ? 'nested too deeply, or too long, to be read' : messageOf(error);
    if (!(error instanceof UnreadableResults || error instanceof RangeError)) throw error;
    throw new MmbotError({ code: 'results_unreadable', exitCode: EXIT.usage, message: `${path}: ${problem}`, cause: error });
  }
}

function read(text: string, origin: Origin): TestRun {
  const start = text.trimStart().slice(0, 1);
  if (start === '') throw new UnreadableResults('empty: the run ended before it wrote its results');
  if (start === '{' || start === '[') return readJson(text, origin);
  if (start === '<') return readJunitXml(text.trimStart(), origin);
  if (isPytestLog(text)) return readPytestLog(text, origin);
  if (TAP_LINE.test(text)) return readTap(text, origin);
  throw new UnreadableResults(`expected ${FORMATS}; found text that begins with ${JSON.stringify(excerpt(text.trimStart(), 40))}`);
}

function readJson(text: string, origin: Origin): TestRun {
  const document = parseJson(text);
  if (document === undefined)
    throw new UnreadableResults('begins like JSON but is not valid: it may be truncated, or nested more than 500 levels deep');
  if (isObject(document) && isObject(document['results'])) return readCtrf(document, origin);
  if (isObject(document) && 'testResults' in document) return readVitestJson(document, origin);
  const found = isObject(document) ? `fields ${Object.keys(document).slice(0, 5).join(', ') || 'none'}` : 'a list';
  throw new UnreadableResults(`expected ${FORMATS}; found JSON with ${found}`);
}
