import { parseJson } from '../../util/json.ts';
import { isFlag, isNumber, isText, isTextList, listOf, oneOf, orNull, shapeOf } from '../../util/shape.ts';
import { visible } from '../../util/terminal-text.ts';
import type { GateResult, RunResult } from './run-result.ts';

const isGate = shapeOf<GateResult>({
  name: isText,
  unit: isText,
  bound: isNumber,
  atMost: isFlag,
  status: oneOf('pass', 'fail', 'too_few_samples', 'not_measured'),
  value: orNull(isNumber),
});

/** Every field in the order of the text. */
const FIELDS: Parameters<typeof shapeOf<RunResult>>[0] = {
  schemaVersion: oneOf(1),
  id: isText,
  seed: isText,
  verdict: oneOf('PASS', 'FAIL', 'INCONCLUSIVE'),
  broken: isTextList,
  gates: listOf(isGate),
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

const isResult = shapeOf(FIELDS);

/** The one text of a result: equal results have equal bytes. */
export function resultText(result: RunResult): string {
  return `${visible(JSON.stringify(result))}\n`;
}

/** The result with this text; undefined when it is not the text of one, to the byte. */
export function resultIn(text: string): RunResult | undefined {
  const value = parseJson(text);
  if (!isResult(value) || Object.keys(value).join() !== Object.keys(FIELDS).join()) return undefined;
  return resultText(value) === text ? value : undefined;
}
