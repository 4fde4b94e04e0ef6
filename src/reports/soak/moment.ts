import { isFloored } from '../../execution/decide/explain.ts';
import type { Moment } from '../../harness/soak/moment-watch.ts';
import { formatStepsShort } from '../../model/grid.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Order, Side } from '../../model/order.ts';
import type { LogFields } from '../../telemetry/logger.ts';
import { explained } from '../../telemetry/turn-explanation.ts';
import { isoTime } from '../../util/clock.ts';
import { clockTime, fixed, signed } from '../text/format.ts';
import type { Table } from '../text/table.ts';

/** A decision and its surroundings, for JSON. Prices in quote coin, quantities in base coin. */
export interface MomentFigures {
  readonly symbol: string;
  /** The instant that was asked for, ms since the start. */
  readonly atMs: number;
  /** When the decision was made, ms since the start. */
  readonly decidedAtMs: number;
  /** The same as ISO time. */
  readonly decidedAt: string;
  /** As `--explain` logs it. */
  readonly decision: LogFields;
  readonly orders: readonly {
    readonly clientOrderId: string;
    readonly side: Side;
    readonly price: string;
    readonly quantity: string;
    readonly filled: string;
    readonly state: string;
  }[];
  readonly position: string;
  /** The same in words, as pairs of label and text. */
  readonly words: readonly (readonly [string, string])[];
}

export function momentFigures(moment: Moment): MomentFigures {
  const { turn, atMs, decidedAtMs, decidedAt, orders, position, instrument } = moment;
  return {
    symbol: instrument.symbol,
    atMs,
    decidedAtMs,
    decidedAt: isoTime(decidedAt),
    decision: explained(turn),
    orders: orders.map((order) => ({ ...termsOf(order, instrument), clientOrderId: order.clientOrderId, side: order.side })),
    position: formatStepsShort(position.quantity, instrument.lot),
    words: momentLines(moment),
  };
}

function termsOf({ price, quantity, filled, state, change }: Order, { tick, lot }: Instrument) {
  return {
    price: formatStepsShort(price, tick),
    quantity: formatStepsShort(quantity, lot),
    filled: formatStepsShort(filled, lot),
    state: change.kind === 'none' ? state.tag : `${state.tag}, ${change.kind} on its way`,
  };
}

/** The same in words, as pairs of label and text. */
export function momentLines(moment: Moment): readonly (readonly [string, string])[] {
  const { turn, instrument, orders, position } = moment;
  const { explanation, plan, denied, hold } = turn;
  const { waiting } = explanation;
  return [
    [instrument.symbol, `decided at ${clockTime(moment.decidedAtMs)} (${isoTime(moment.decidedAt)})`],
    ['market', marketText(moment)],
    ['terms', termsText(moment)],
    ...(explanation.guard === undefined ? [] : [['guard', explanation.guard] as const]),
    ...(hold === undefined ? [] : [['hold', hold] as const]),
    ['wanted', wantedText(moment)],
    [
      'did',
      [
        `${explanation.kept} kept`,
        `${plan.amends.length} moved`,
        `${plan.places.length} new`,
        `${plan.cancels.length} canceled`,
        ...(waiting === undefined ? [] : [`${waitingText(moment)} (${waiting.budget})`]),
      ].join(', '),
    ],
    ...(denied.length === 0 ? [] : [['denied', denied.map(({ reason }) => reason).join(', ')] as const]),
    ['orders', orders.length === 0 ? 'none' : orders.map((order) => orderText(order, moment)).join('; ')],
    [
      'position',
      `${formatStepsShort(position.quantity, instrument.lot)} ${instrument.baseCoin}, risk ratio ${fixed(explanation.riskRatio, 3)}`,
    ],
  ];
}

function marketText({ turn: { mid, bid, ask, explanation }, instrument }: Moment): string {
  const price = (value: number | undefined): string =>
    value === undefined ? 'none' : fixed(value * instrument.tick.size, 2 + Math.max(0, Math.ceil(-Math.log10(instrument.tick.size))));
  const { fairValueTicks, volatilityBps } = explanation;
  return `fair value ${price(fairValueTicks)}, mid ${price(mid)}, our bid ${price(bid)}, our ask ${price(ask)}; volatility ${fixed(volatilityBps)} bps`;
}

function termsText({ turn: { explanation } }: Moment): string {
  const { model, halfSpreadBps, skewBps, adaptiveBps, feeFloorBps } = explanation;
  if (halfSpreadBps === undefined) return 'none: nothing may be quoted';
  const adaptive = adaptiveBps === undefined ? '' : `, adaptive ${fixed(adaptiveBps)} bps`;
  return `model ${model}: spread ${fixed(2 * halfSpreadBps)} bps${adaptive}, skew ${signed(skewBps)} bps${isFloored(explanation) ? `, at least ${fixed(feeFloorBps)} bps from fair value (quoting.feeFloor)` : ''}`;
}

function wantedText({ turn: { explanation }, instrument }: Moment): string {
  const { quotes, fairValueTicks = 0, omitted } = explanation;
  const sideText = (side: Side): string => {
    const own = quotes.filter((quote) => quote.side === side);
    if (own.length === 0) return `no ${sideName(side)}${omitted[side] === undefined ? '' : ` (${omitted[side]})`}`;
    const parts = own.map(({ price, quantity }) => {
      const bps = ((price - fairValueTicks) / fairValueTicks) * 10_000;
      return `${formatStepsShort(quantity, instrument.lot)} at ${formatStepsShort(price, instrument.tick)} (${signed(bps)} bps)`;
    });
    return `${sideName(side)} ${parts.join(', ')}`;
  };
  return `${sideText('buy')}; ${sideText('sell')}`;
}

function waitingText({ turn: { explanation } }: Moment): string {
  const { waiting } = explanation;
  if (waiting === undefined) return '';
  return `${waiting.buy.places + waiting.buy.moves + waiting.sell.places + waiting.sell.moves} waiting`;
}

function orderText(order: Order, { instrument }: Moment): string {
  const { price, quantity, filled, state } = termsOf(order, instrument);
  const done = filled === '0' ? '' : `, ${filled} filled`;
  return `${sideName(order.side)} ${quantity} at ${price}${done} (${state}) ${order.clientOrderId}`;
}

function sideName(side: Side): string {
  return side === 'buy' ? 'bid' : 'ask';
}

/** The decisions at the instant that was asked for, in words. */
export function momentTables(moments: readonly MomentFigures[]): readonly Table[] {
  return moments.map(({ symbol, atMs, words }) => ({
    title: `Decision at ${clockTime(atMs)}: ${symbol}`,
    head: ['', ''],
    rows: words.slice(1).map(([label, text]) => [label, text]),
  }));
}
