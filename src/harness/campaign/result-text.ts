import { isObject, parseJson } from '../../util/json.ts';
import { visible } from '../../util/terminal-text.ts';
import type { RunResult } from './run-result.ts';

type Check = (value: unknown) => boolean;

const isNumber: Check = Number.isFinite;
const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isTextList: Check = (value) => Array.isArray(value) && value.every(isText);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

/** Every field in the order of the text. */
const FIELDS: Readonly<Record<keyof RunResult, Check>> = {
  schemaVersion: (value) => value === 1,
  id: isText,
  seed: isText,
  verdict: (value) => value === 'PASS' || value === 'FAIL' || value === 'INCONCLUSIVE',
  broken: isTextList,
  failedGates: isTextList,
  openGates: isTextList,
  ordersRest: isFlag,
  frozen: orNull(isText),
  bug: orNull(isText),
  elapsedMs: isNumber,
  fills: isNumber,
  turnoverUsd: isNumber,
  spreadUsd: isNumber,
  adverseUsd: isNumber,
  feesUsd: isNumber,
  fundingUsd: isNumber,
  netUsd: isNumber,
  drawdownUsd: isNumber,
  largestPositionUsd: isNumber,
  inventorySdUsd: isNumber,
  uptime: orNull(isNumber),
  requests: isNumber,
};

/** The one text of a result: equal results have equal bytes. */
export function resultText(result: RunResult): string {
  return `${visible(JSON.stringify(result))}\n`;
}

/** The result with this text; undefined when it is not the text of one, to the byte. */
export function resultIn(text: string): RunResult | undefined {
  const value = parseJson(text);
  return isResult(value) && resultText(value) === text ? value : undefined;
}

function isResult(value: unknown): value is RunResult {
  if (!isObject(value) || Object.keys(value).join() !== Object.keys(FIELDS).join()) return false;
  return Object.entries(FIELDS).every(([name, check]) => check(value[name]));
}
