import { keyNamed } from './keys.ts';
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

/** What is known beside the settings. */
export interface WarningFacts {
  /** Symbols that will be traded; 1 when that is not known. */
  readonly symbols: number;
  /** Their names; undefined where they are not known. */
  readonly traded?: readonly string[] | undefined;
  /** The smallest order that the exchange accepts, in settle coin; undefined before it was asked. */
  readonly smallestUsd?: number | undefined;
  /** Negative for a rebate; undefined before the exchange was asked. */
  readonly makerFeeBps?: number | undefined;
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

type Row = Pick<ConfigWarning, 'code' | 'keys'> & {
  /** Undefined when the settings are fine in this respect. */
  readonly find: (settings: Settings, facts: WarningFacts) => Pick<ConfigWarning, 'text' | 'change'> | undefined;
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
    find(settings, { smallestUsd = 0, symbols }) {
      const usd = fullOrderUsd(settings);
      if (usd >= smallestUsd) return undefined;
      const text = `an order of full size is ${usdText(usd)} USD, and the exchange accepts no less than ${usdText(smallestUsd)} of ${symbols > 1 ? 'a' : 'the'} symbol: it cannot be quoted`;
      return { text, change: orderSizeRemedy(settings, smallestUsd) };
    },
  },
  {
    code: 'soft_size_too_small',
    keys: ['risk.softSizeRatio', 'quoting.orderSizeUsd'],
    find(settings, { smallestUsd = 0 }) {
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
    code: 'too_few_open_orders',
    keys: ['risk.maxOpenOrders', 'quoting.levels'],
    find({ risk, quoting }, { symbols }) {
      const wanted = 2 * quoting.levels * symbols;
      if (wanted <= risk.maxOpenOrders) return undefined;
      return {
        text: `${wanted} orders are wanted and ${risk.maxOpenOrders} may be open: some are denied`,
        change: `--set risk.maxOpenOrders=${wanted}`,
      };
    },
  },
  {
    code: 'too_little_open_notional',
    keys: ['risk.maxOpenNotionalUsd', 'quoting.levels', 'quoting.orderSizeUsd'],
    find(settings, { symbols }) {
      const wanted = Math.ceil(2 * settings.quoting.levels * symbols * fullOrderUsd(settings));
      if (wanted <= settings.risk.maxOpenNotionalUsd) return undefined;
      const text = `orders of ${usdText(wanted)} USD are wanted and ${settings.risk.maxOpenNotionalUsd} may be open: some are denied`;
      return { text, change: `--set risk.maxOpenNotionalUsd=${wanted}` };
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

/** Warnings about settings that defeat each other, in the order of the table; then those that only the settings of one symbol have. */
export function configWarnings(settings: Settings, facts: WarningFacts): readonly ConfigWarning[] {
  const common = warningsOf(settings, facts);
  const known = new Set(common.map(({ code, text }) => `${code} ${text}`));
  const traded = [...(settings.bySymbol ?? [])].filter(([symbol]) => facts.traded?.includes(symbol) !== false);
  const own = traded.flatMap(([symbol, values]) =>
    warningsOf(values, facts).flatMap((warning) => (known.has(`${warning.code} ${warning.text}`) ? [] : [ofSymbol(symbol, warning)])),
  );
  return [...common, ...own];
}

function ofSymbol(symbol: string, { text, change, ...rest }: ConfigWarning): ConfigWarning {
  const isOwn = (name: string): boolean => keyNamed(`${symbol}:${name}`) !== undefined;
  return {
    ...rest,
    text: `${symbol}: ${text}`,
    change: change.replace(/--set ([\w.]+)/g, (option, name: string) => (isOwn(name) ? `--set ${symbol}:${name}` : option)),
  };
}

function warningsOf(settings: Settings, facts: WarningFacts): ConfigWarning[] {
  return ROWS.flatMap(({ code, keys, find }) => {
    const found = find(settings, facts);
    return found === undefined ? [] : [{ code, keys, ...found }];
  });
}

function bps(value: number): string {
  return String(Number(value.toFixed(2)));
}
