import { rounded } from '../../../harness/series/rounded.ts';
import type { FillWatch } from '../../../harness/soak/fill-watch.ts';
import { FILL_HORIZONS_MS, lastLater, resultUsd, type OwnFill } from '../../../harness/soak/kept-fills.ts';
import type { StandingKind } from '../../../harness/soak/order-trails.ts';
import { stepsToNumber } from '../../../model/grid.ts';
import { sign, type Side } from '../../../model/order.ts';
import { ATOMS_PER_COIN } from '../../../model/units.ts';
import { isoTime } from '../../../util/clock.ts';

/** One fill. Prices in quote coin, quantities in base coin, amounts in settle coin; null where it is not known. */
export interface FillFigures {
  /** ms since the start of the run. */
  readonly atMs: number;
  /** The exchange’s time of the execution, ISO. */
  readonly time: string;
  readonly fillId: string;
  /** Empty when the order has none. */
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  /** 0 is nearest to fair value. */
  readonly level: number | null;
  readonly maker: boolean;
  /** Negative is a rebate. */
  readonly feeUsd: number;
  /** How long the order had rested at this price, by the exchange’s times. */
  readonly queueMs: number | null;
  /** When the bot learned of the fill, without our own orders. */
  readonly mid: number | null;
  /** Distance of the price from that mid; positive is in our favor. */
  readonly fromMidBps: number | null;
  /** The mid that long after the bot learned of the fill, relative to the price; positive is in our favor. Null when the run ended before. */
  readonly markout1sBps: number | null;
  readonly markout10sBps: number | null;
  readonly markout60sBps: number | null;
  /** The last of these markouts times the size, and which it is. */
  readonly resultUsd: number | null;
  readonly resultAfterMs: number | null;
  readonly why: WhyFigures;
}

/** What was happening to the order, and the decision that placed or last moved it. */
export interface WhyFigures {
  readonly standing: StandingKind;
  readonly code: string;
  readonly decidedAtMs: number | null;
  /** From that decision to the fill. */
  readonly ageMs: number | null;
  readonly fairValue: number | null;
  /** Distance of the price from the fair value of that decision; positive is in our favor. */
  readonly fromFairBps: number | null;
  readonly halfSpreadBps: number | null;
  readonly skewBps: number | null;
  readonly guard: string | null;
}

/** All fills whose orders were in one standing, whether they were kept or not. */
export interface StandingFigures {
  readonly standing: StandingKind;
  readonly code: string;
  readonly fills: number;
  readonly share: number;
  /** What the losing ones lost. */
  readonly lossUsd: number;
  /** Null without any loss. */
  readonly lossShare: number | null;
}

export function fillFigures(own: OwnFill): FillFigures {
  const { fill, instrument, atMs, mid, queueMs, later, reason } = own;
  const { side, price, quantity } = fill;
  const distance = (to: number | undefined, from: number): number | undefined =>
    to === undefined ? undefined : ((sign(side) * (to - price)) / from) * 10_000;
  const [after1s, after10s, after60s] = FILL_HORIZONS_MS.map((_, i) => rounded(distance(later[i], price), 3));
  return {
    atMs: Number(atMs.toFixed(3)),
    time: isoTime(fill.at),
    fillId: fill.fillId,
    clientOrderId: fill.clientOrderId,
    symbol: fill.symbol,
    side,
    price: stepsToNumber(price, instrument.tick),
    quantity: stepsToNumber(quantity, instrument.lot),
    level: reason?.level ?? null,
    maker: fill.maker,
    feeUsd: fill.fee / ATOMS_PER_COIN,
    queueMs: rounded(queueMs, 3),
    mid: mid === undefined ? null : stepsToNumber(mid, instrument.tick),
    fromMidBps: rounded(mid === undefined ? undefined : distance(mid, mid), 3),
    markout1sBps: after1s ?? null,
    markout10sBps: after10s ?? null,
    markout60sBps: after60s ?? null,
    resultUsd: rounded(resultUsd(own), 6),
    resultAfterMs: lastLater(own)?.horizonMs ?? null,
    why: whyFigures(own, distance),
  };
}

function whyFigures(
  { atMs, reason, standing, instrument }: OwnFill,
  distance: (to: number | undefined, from: number) => number | undefined,
): WhyFigures {
  const fair = reason?.fairValue;
  return {
    standing: standing.kind,
    code: standing.code,
    decidedAtMs: rounded(reason?.decidedAtMs, 3),
    ageMs: reason === undefined ? null : rounded(Math.max(0, atMs - reason.decidedAtMs), 3),
    fairValue: fair === undefined ? null : rounded(fair * instrument.tick.size, 2 + instrument.tick.step.scale),
    fromFairBps: rounded(fair === undefined ? undefined : distance(fair, fair), 3),
    halfSpreadBps: rounded(reason?.halfSpreadBps, 3),
    skewBps: rounded(reason?.skewBps, 3),
    guard: reason?.guard ?? null,
  };
}

export function standingFigures(watch: FillWatch): readonly StandingFigures[] {
  const sums = watch.standings();
  const fills = sums.reduce((sum, each) => sum + each.fills, 0);
  const lossUsd = sums.reduce((sum, each) => sum + each.lossUsd, 0);
  return sums.map(({ kind, code, ...sum }) => ({
    standing: kind,
    code,
    fills: sum.fills,
    share: sum.fills / fills,
    lossUsd: Number(sum.lossUsd.toFixed(6)),
    lossShare: lossUsd === 0 ? null : sum.lossUsd / lossUsd,
  }));
}
