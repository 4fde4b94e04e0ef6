import { counted } from '../../util/counted.ts';
import type { LoadGate } from '../../harness/load/sla.ts';
import type { Headline, Tile } from '../html/headline.ts';
import { duration, fixed, grouped, percent } from '../text/format.ts';
import type { LoadReport } from './load-report.ts';
import { boundOf, kneeFailure, rate, value } from './load-rows.ts';

/** The first screen of `report.html`. */
export function loadPageHeadline(report: LoadReport): Headline {
  const { gates, series, elapsedMs, knee } = report;
  return {
    lead: knee === null ? undefined : kneeLead(knee),
    tiles: [...rateTiles(report), ...latencyTiles(report), errorTile(report)],
    failed: gates
      .filter(({ status }) => status === 'fail')
      .map((gate) => ({ name: gate.name, measured: value(gate, gate.value), allowed: boundOf(gate) })),
    trend: {
      title: 'Order latency p95 over time, ms',
      atMs: series.map((_, index) => series[index - 1]?.atMs ?? 0),
      values: series.map(({ latencyMs }) => latencyMs.ack?.p95 ?? null),
      endMs: elapsedMs,
      text: (ms) => fixed(ms, 1),
      hasSides: false,
    },
  };
}

/** `embedded, market btc · 3 symbols · constant over ws · 2m 00s`. */
export function loadSubject({ origin, elapsedMs }: LoadReport): string {
  const { venue, market, symbols, arrival, transport } = origin;
  const where = market === null ? venue : `${venue}, market ${market}`;
  return [where, counted(symbols.length, 'symbol'), `${arrival} over ${transport}`, duration(elapsedMs)].join(' · ');
}

/** `holds 8.719 orders/s; 9.000/s breaks order latency p95`. */
function kneeLead(knee: NonNullable<LoadReport['knee']>): string {
  const { lastGoodPerSecond, firstBadPerSecond } = knee;
  const held = lastGoodPerSecond === null ? 'no rate held' : `holds ${rate(lastGoodPerSecond)} orders/s`;
  return `${held}; ${firstBadPerSecond === null ? 'no rate failed' : `${rate(firstBadPerSecond)}/s breaks ${kneeFailure(knee)}`}`;
}

function rateTiles({ rate: rates }: LoadReport): readonly Tile[] {
  const { askedPerSecond, achievedPerSecond, achievedRatio, requestsPerSecond } = rates;
  return [
    { label: 'rate asked', value: rate(askedPerSecond), unit: 'orders/s', notes: [`${fixed(requestsPerSecond, 1)} requests/s`] },
    { label: 'rate achieved', value: rate(achievedPerSecond), unit: 'orders/s', notes: [`${percent(achievedRatio, 2)} of what was due`] },
  ];
}

function latencyTiles({ stages: { ack }, gates }: LoadReport): readonly Tile[] {
  const tile = (name: 'p50' | 'p95' | 'p99'): Tile => {
    const gate = gates.find((each) => each.name === `order latency ${name}`);
    const failed = gate?.status === 'fail';
    return {
      label: `order latency ${name}`,
      value: fixed(ack[name], 2),
      unit: 'ms',
      notes: gate === undefined ? [`of ${grouped(ack.count)} answers`] : gateNotes(gate),
      mood: failed ? 'bad' : undefined,
    };
  };
  return [tile('p50'), tile('p95'), tile('p99')];
}

function gateNotes(gate: LoadGate): string[] {
  const { interval } = gate;
  return [...(interval === undefined ? [] : [`95 %: ${fixed(interval[0])} to ${fixed(interval[1])}`]), `allowed ${boundOf(gate)}`];
}

function errorTile({ errorRatio, errors }: LoadReport): Tile {
  const [worst] = errors;
  return {
    label: 'errors',
    value: percent(errorRatio, 2),
    unit: '',
    notes: [worst === undefined ? 'no request failed' : `most: ${worst[0]}`],
    mood: worst === undefined ? undefined : 'bad',
  };
}
