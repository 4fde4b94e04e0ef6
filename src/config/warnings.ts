import {
  calmSpreadBps,
  changesPerMinute,
  fillsToHard,
  fullOrderUsd,
  highestRiskRatio,
  inventoryRemedy,
  orderSizeRemedy,
  rateRemedy,
  riskGate,
  shareText,
  spreadOption,
  usdText,
} from './derived.ts';
import type { Settings } from './fields.ts';
import { aboutGroup, adviceFor, groupsOf, type SymbolGroup } from './symbol-groups.ts';

/** A symbol that will be traded, and what is known of it. */
export interface TradedSymbol {
  readonly symbol: string;
  /** The smallest order that the exchange accepts, in settle coin; undefined before it was asked. */
  readonly smallestUsd?: number | undefined;
  /** Negative for a rebate; undefined before the exchange was asked. */
  readonly makerFeeBps?: number | undefined;
}

/** What is known of the symbols with one set of settings, at its worst. */
interface Facts {
  readonly symbols: number;
  readonly smallestUsd: number;
  readonly makerFeeBps: number | undefined;
}

/** Settings that defeat each other. */
export interface ConfigWarning {
  readonly code: string;
  readonly keys: readonly string[];
  /** What will happen. */
  readonly text: string;
  /** What to change. */
  readonly change: string;
}

type Found = Pick<ConfigWarning, 'text' | 'change'>;

type Row = Pick<ConfigWarning, 'code' | 'keys'> & {
  /** Undefined when the settings are fine in this respect. */
  readonly find: (settings: Settings, facts: Facts) => Found | undefined;
};

/** Orders of all symbols together. */
interface Wanted {
  readonly orders: number;
  readonly usd: number;
}

type SumRow = Pick<ConfigWarning, 'code' | 'keys'> & {
  readonly find: (settings: Settings, wanted: Wanted) => Found | undefined;
};

/** With fewer fills in one direction than this, HARD inventory is reached all the time. */
const FEW_FILLS = 3;
/** Messages of a quiet market may be further apart. */
const SHORT_BOOK_MS = 500;
/** Answers of an exchange take longer, also from nearby. */
const SHORT_LATENCY_MS = 20;
/** Spread that fees should leave, bps of each fill. */
const LEAST_MARGIN_BPS = 0.5;

/** To add a warning: a row. */
const ROWS: readonly Row[] = [
  {
    code: 'fills_reach_hard',
    keys: ['risk.hardInventoryRatio', 'quoting.orderSizeUsd', 'risk.maxPositionUsd'],
    find(settings) {
      const fills = fillsToHard(settings);
      if (fills >= FEW_FILLS) return undefined;
      const count = fills <= 1 ? 'one fill reaches' : `${Math.ceil(fills)} fills in one direction reach`;
      return { text: `${count} HARD inventory, which stops one side`, change: inventoryRemedy(settings) };
    },
  },
  {
    code: 'order_too_small',
    keys: ['quoting.orderSizeUsd', 'quoting.maxDeltaRatio', 'risk.maxOrderUsd'],
    find(settings, { smallestUsd, symbols }) {
      const usd = fullOrderUsd(settings);
      if (usd >= smallestUsd) return undefined;
      const text = `an order of full size is ${usdText(usd)} USD, and the exchange accepts no less than ${usdText(smallestUsd)} of ${symbols > 1 ? 'a' : 'the'} symbol: it cannot be quoted`;
      return { text, change: orderSizeRemedy(settings, smallestUsd) };
    },
  },
  {
    code: 'soft_size_too_small',
    keys: ['risk.softSizeRatio', 'quoting.orderSizeUsd'],
    find(settings, { smallestUsd }) {
      // Where sizes cannot shrink, the number of levels does.
      const usd = settings.quoting.levels * fullOrderUsd(settings) * settings.risk.softSizeRatio;
      if (usd >= smallestUsd || fullOrderUsd(settings) < smallestUsd) return undefined;
      const text = `at SOFT an order should be ${usdText(usd)} USD, and the exchange accepts no less than ${usdText(smallestUsd)}: SOFT shrinks orders less than asked`;
      return {
        text,
        change: `--set risk.softSizeRatio=${Math.ceil((smallestUsd / fullOrderUsd(settings)) * 100) / 100}, or larger orders`,
      };
    },
  },
  {
    code: 'too_few_changes',
    keys: ['quoting.replacesPerMinute', 'quoting.levels', 'quoting.maxOrderAgeMs'],
    find(settings) {
      if (changesPerMinute(settings.quoting) <= settings.quoting.replacesPerMinute) return undefined;
      return {
        text: 'orders will stay behind their quotes: fewer changes are allowed than levels and age ask for',
        change: rateRemedy(settings),
      };
    },
  },
  {
    code: 'spread_below_fees',
    keys: ['quoting.baseSpreadBps', 'quoting.adaptiveBaseBps'],
    find(settings, { makerFeeBps = 0 }) {
      // The other models choose their spread themselves.
      if (settings.quoting.model !== 'spread' || settings.quoting.feeFloor) return undefined;
      const half = calmSpreadBps(settings) / 2;
      if (makerFeeBps <= 0 || half >= makerFeeBps) return undefined;
      return {
        text: `a fill captures about ${bps(half)} bps in a calm market and pays ${bps(makerFeeBps)} bps maker fee: fills lose money`,
        change: spreadOption(settings, 2 * (makerFeeBps + LEAST_MARGIN_BPS)),
      };
    },
  },
  {
    code: 'spread_below_floor',
    keys: ['quoting.baseSpreadBps', 'quoting.adaptiveBaseBps', 'quoting.feeFloor', 'quoting.feeMarginBps'],
    find(settings, { makerFeeBps }) {
      const { model, feeFloor, feeMarginBps } = settings.quoting;
      if (model !== 'spread' || !feeFloor || makerFeeBps === undefined) return undefined;
      const half = calmSpreadBps(settings) / 2;
      const floor = makerFeeBps + feeMarginBps;
      if (half >= floor) return undefined;
      return {
        text: `quoting.feeFloor keeps quotes ${bps(floor)} bps from fair value, where the spread asks for ${bps(half)} in a calm market`,
        change: spreadOption(settings, 2 * floor),
      };
    },
  },
  {
    code: 'gate_cannot_fail',
    keys: ['thresholds.riskRatioP95', 'risk.hardInventoryRatio'],
    find(settings) {
      const { thresholds, risk } = settings;
      const most = highestRiskRatio(settings, risk.hardInventoryRatio);
      if (most > thresholds.riskRatioP95 || most < 0.02 || risk.hardInventoryRatio >= 1) return undefined;
      return {
        text: `the gate thresholds.riskRatioP95 (${thresholds.riskRatioP95}) cannot fail: HARD inventory keeps the ratio below ${shareText(most)}`,
        change: `--set thresholds.riskRatioP95=${riskGate(settings, risk.hardInventoryRatio)}`,
      };
    },
  },
  {
    code: 'level_never_reached',
    keys: ['risk.hardInventoryRatio'],
    find({ risk }) {
      if (risk.hardInventoryRatio < 1) return undefined;
      return {
        text: 'HARD inventory is never reached: the position cannot exceed its maximum',
        change: '--set risk.softInventoryRatio=0.5 --set risk.hardInventoryRatio=0.8',
      };
    },
  },
  {
    code: 'book_age_short',
    keys: ['risk.staleBookMs'],
    find({ risk }) {
      if (risk.staleBookMs >= SHORT_BOOK_MS) return undefined;
      return {
        text: `in a quiet market messages may be more than ${risk.staleBookMs} ms apart: quotes are withdrawn although nothing is wrong`,
        change: '--set risk.staleBookMs=1500',
      };
    },
  },
  {
    code: 'latency_short',
    keys: ['risk.hardLatencyP95Ms', 'risk.softLatencyP95Ms'],
    find({ risk }) {
      if (risk.hardLatencyP95Ms >= SHORT_LATENCY_MS) return undefined;
      return {
        text: `answers may take longer than ${risk.hardLatencyP95Ms} ms, and then nothing is quoted`,
        change: '--set risk.hardLatencyP95Ms=450 --set risk.softLatencyP95Ms=300',
      };
    },
  },
];

/** Settings that count over all symbols. */
const SUM_ROWS: readonly SumRow[] = [
  {
    code: 'too_few_open_orders',
    keys: ['risk.maxOpenOrders', 'quoting.levels'],
    find({ risk }, { orders }) {
      if (orders <= risk.maxOpenOrders) return undefined;
      return {
        text: `${orders} orders are wanted and ${risk.maxOpenOrders} may be open: some are denied`,
        change: `--set risk.maxOpenOrders=${orders}`,
      };
    },
  },
  {
    code: 'too_little_open_notional',
    keys: ['risk.maxOpenNotionalUsd', 'quoting.levels', 'quoting.orderSizeUsd'],
    find({ risk }, { usd }) {
      const wanted = Math.ceil(usd);
      if (wanted <= risk.maxOpenNotionalUsd) return undefined;
      const text = `orders of ${usdText(wanted)} USD are wanted and ${risk.maxOpenNotionalUsd} may be open: some are denied`;
      return { text, change: `--set risk.maxOpenNotionalUsd=${wanted}` };
    },
  },
];

/** Warnings about settings that defeat each other, as they apply to the symbols that will be traded; one unknown symbol when none is given. */
export function configWarnings(settings: Settings, traded: readonly TradedSymbol[]): readonly ConfigWarning[] {
  const groups = groupsOf(
    settings,
    traded.map(({ symbol }) => symbol),
  );
  const sums = SUM_ROWS.flatMap(({ code, keys, find }) => {
    const found = find(settings, wantedBy(groups));
    return found === undefined ? [] : [{ code, keys, ...found }];
  });
  return [...groups.flatMap((group) => warningsOf(group, factsOf(group, traded))), ...sums];
}

function warningsOf(group: SymbolGroup, facts: Facts): ConfigWarning[] {
  return ROWS.flatMap(({ code, keys, find }) => {
    const found = find(group.settings, facts);
    return found === undefined ? [] : [{ code, keys, text: aboutGroup(group, found.text), change: adviceFor(group, found.change) }];
  });
}

function factsOf({ symbols }: SymbolGroup, traded: readonly TradedSymbol[]): Facts {
  const own = traded.filter(({ symbol }) => symbols.includes(symbol));
  const fees = own.flatMap(({ makerFeeBps }) => makerFeeBps ?? []);
  return {
    symbols: Math.max(1, own.length),
    smallestUsd: Math.max(0, ...own.map(({ smallestUsd = 0 }) => smallestUsd)),
    makerFeeBps: fees.length === 0 ? undefined : Math.max(...fees),
  };
}

function wantedBy(groups: readonly SymbolGroup[]): Wanted {
  const each = groups.map(({ symbols, settings }) => {
    const orders = 2 * settings.quoting.levels * Math.max(1, symbols.length);
    return { orders, usd: orders * fullOrderUsd(settings) };
  });
  return { orders: each.reduce((sum, { orders }) => sum + orders, 0), usd: each.reduce((sum, { usd }) => sum + usd, 0) };
}

function bps(value: number): string {
  return String(Number(value.toFixed(2)));
}
