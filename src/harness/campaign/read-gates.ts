import { keyNamed } from '../../config/keys.ts';
import { askedGates } from '../measures/gates.ts';
import { edgeBps } from '../measures/measures.ts';
import type { GateResult, RunResult } from './run-result.ts';
import type { RunSpec } from './run-spec.ts';

/** Differences that come from dividing in another order. */
const SHARE = 1e-6;

/** What is wrong with the gates of a result: they must be those of its settings, and agree with themselves and with the figures. */
export function gatesIn(result: RunResult, { settings }: RunSpec): string | undefined {
  const asked = askedGates((name) => {
    const key = `thresholds.${name}`;
    return Number(settings[key] ?? keyNamed(key)?.field.default);
  });
  const names = (gates: readonly Pick<GateResult, 'name'>[]): string => gates.map(({ name }) => name).join(', ');
  if (names(asked) !== names(result.gates)) return `gates: expected ${names(asked)}, was ${names(result.gates)}`;
  const wrong = asked.flatMap((gate, i) => contradiction(gate, result.gates[i], result))[0];
  return wrong === undefined ? undefined : `gate ${wrong}`;
}

function contradiction(asked: ReturnType<typeof askedGates>[number], gate: GateResult | undefined, result: RunResult): string[] {
  if (gate === undefined) return [];
  const { name, bound, value, status } = gate;
  if (bound !== asked.bound || gate.atMost !== asked.atMost || gate.unit !== asked.unit)
    return [`${name}: expected the bound ${asked.bound}, was ${bound}`];
  if (status === 'not_measured' || value === null)
    return status === 'pass' || status === 'fail' ? [`${name}: ${status} without a value`] : [];
  const measured = { 'net edge': edgeBps(result.netUsd, result.turnoverUsd), 'two-sided uptime': result.uptime ?? undefined }[name];
  if (measured !== undefined && Math.abs(measured - value) > SHARE * Math.max(1, Math.abs(measured)))
    return [`${name}: expected ${measured}, as the figures say, was ${value}`];
  // A gate that judges by an interval may be open on either side.
  const isWithin = gate.atMost ? value <= bound : value >= bound;
  return (status === 'pass' && !isWithin) || (status === 'fail' && isWithin) ? [`${name}: ${status} with ${value}, allowed ${bound}`] : [];
}
