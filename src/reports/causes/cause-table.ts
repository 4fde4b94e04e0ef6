import { fullOrderKey, inventoryRemedy, orderSizeRemedy, rateRemedy, usdText } from '../../config/derived.ts';
import type { Settings } from '../../config/fields.ts';
import type { SideState } from '../../harness/measures/side-state.ts';
import { guardSetting } from '../../risk/guards.ts';

/** What a change to try is computed from. */
export interface CauseFacts {
  readonly settings: Settings;
  /** The smallest order that the exchange accepts, at the last price, in settle coin; undefined before there is a price. */
  readonly smallestUsd: number | undefined;
  /** 95th percentile from the decision on an order to its answer, ms. */
  readonly latencyP95Ms: number | undefined;
}

/** Why a side was not quoted as wanted, in words. */
export interface CauseText {
  readonly what: string;
  /** The settings responsible, the first of them most. */
  readonly keys: readonly string[];
  /** What to change; undefined when no setting would help. */
  readonly change: string | undefined;
}

/** To add a cause: a row in the table of its kind. A code without a row is shown as it is. */
export function causeText(state: SideState, facts: CauseFacts): CauseText {
  const { kind, code } = state;
  if (kind === 'quoted') return plain('quoted as wanted');
  if (kind === 'placing') return placing(facts);
  if (kind === 'doubt') return plain('not known whether an order rests: its request was not answered');
  if (kind === 'waiting' || kind === 'late') return budgetText(kind, code, facts);
  if (kind === 'no_size') return (SIZES[code] ?? unknown(code))(facts);
  if (kind === 'denied' || kind === 'limited') return denialText(code);
  const setting = guardSetting(code);
  return setting === undefined ? holdText(kind, code) : guardText(state, setting, facts);
}

type Row = (facts: CauseFacts) => CauseText;

function plain(what: string): CauseText {
  return { what, keys: [], change: undefined };
}

function unknown(code: string): Row {
  return () => plain(code);
}

function placing({ settings: { quoting } }: CauseFacts): CauseText {
  return {
    what: 'an order is on its way, or was just filled or refused',
    keys: ['quoting.levels'],
    change: quoting.levels === 1 ? 'with two levels a fill takes one order away, not the side: --set quoting.levels=2' : undefined,
  };
}

// Budgets

function budgetText(kind: 'waiting' | 'late', budget: string, { settings }: CauseFacts): CauseText {
  const key = budget === 'opsPerSecond' ? `execution.${budget}` : `quoting.${budget}`;
  const what = kind === 'late' ? `an order stays where it was: its change waits for ${key}` : `a new order waits for ${key}`;
  return { what, keys: [key, 'quoting.levels', 'quoting.maxOrderAgeMs'], change: budgetChange(budget, settings) };
}

function budgetChange(budget: string, settings: Settings): string | undefined {
  const { quoting, execution } = settings;
  if (budget === 'replacesPerMinute') return rateRemedy(settings);
  if (budget === 'opsPerSecond')
    return `fewer levels or symbols, a higher quoting.repriceThresholdBps, or a higher execution.opsPerSecond (${execution.opsPerSecond}) if the exchange allows it`;
  if (budget === 'maxInFlight') {
    const most = Math.min(50, Math.max(2 * quoting.levels, 2 * quoting.maxInFlight));
    return most > quoting.maxInFlight ? `--set quoting.maxInFlight=${most}` : undefined;
  }
  const least = Math.max(10, Math.floor(quoting.minIntervalMs / 2));
  return least < quoting.minIntervalMs ? `--set quoting.minIntervalMs=${least}` : undefined;
}

// Sizes

const SIZES: Readonly<Record<string, Row>> = {
  order_size: ({ settings, smallestUsd }) => ({
    what: `the full size of an order is below the smallest that the exchange accepts${smallestUsd === undefined ? '' : ` (${usdText(smallestUsd)} USD)`}`,
    keys: [fullOrderKey(settings)],
    change: smallestUsd === undefined ? undefined : orderSizeRemedy(settings, smallestUsd),
  }),
  impact_cap: () => ({
    what: 'the allowed share of the displayed quantity is below the smallest order that the exchange accepts',
    keys: ['quoting.impactCapRatio'],
    change: 'a higher quoting.impactCapRatio, or a market with more depth',
  }),
  position_room: ({ settings, smallestUsd }) => ({
    what: 'the position leaves no room for another order on this side',
    keys: ['risk.maxPositionUsd'],
    change: `a higher risk.maxPositionUsd (${settings.risk.maxPositionUsd}), or a smaller quoting.orderSizeUsd${smallestUsd === undefined ? '' : ` (at least ${usdText(smallestUsd)})`}`,
  }),
  instrument: () => plain('the exchange accepts no order of any size'),
  price: () => plain('no price above zero is left'),
};

// Denials

const DENIED_BY: Readonly<Record<string, string>> = {
  order_notional: 'risk.maxOrderUsd',
  price_collar: 'risk.priceCollarBps',
  orders_per_day: 'risk.maxOrdersPerDay',
  open_orders: 'risk.maxOpenOrders',
  position: 'risk.maxPositionUsd',
  open_notional: 'risk.maxOpenNotionalUsd',
  no_mark_price: 'risk.stalePriceMs',
};

function denialText(reason: string): CauseText {
  const key = DENIED_BY[reason];
  if (reason === 'reducing_only')
    return {
      what: 'at HARD inventory an order would have reduced more than is held',
      keys: ['risk.hardInventoryRatio'],
      change: undefined,
    };
  if (key === undefined) return plain(`the risk gate denied the order: ${reason}`);
  if (reason === 'no_mark_price') return { what: `no mark price younger than ${key}`, keys: [key], change: undefined };
  return { what: `${key} denied an order`, keys: [key], change: `a higher ${key}, if the account can bear it` };
}

// Guards

function guardText({ kind, code }: SideState, { key }: NonNullable<ReturnType<typeof guardSetting>>, facts: CauseFacts): CauseText {
  const what = `${code}: ${effectOf(kind)}`;
  if (code.endsWith('_unknown')) return { what: `${code}: it cannot be measured, which counts as HARD`, keys: [key], change: undefined };
  if (code.startsWith('inventory'))
    return { what, keys: [key, 'quoting.orderSizeUsd', 'risk.maxPositionUsd'], change: inventoryRemedy(facts.settings) };
  if (code.startsWith('latency')) return { what, keys: [key], change: latencyChange(key, facts) };
  if (code.startsWith('taker_fills')) return { what, keys: [key], change: `find out why post-only orders take, or a higher ${key}` };
  return { what, keys: [key], change: `a higher ${key} if the market is often like this` };
}

function effectOf(kind: SideState['kind']): string {
  if (kind === 'hold') return 'nothing is quoted';
  return kind === 'guard' ? 'only the side that reduces the position is quoted' : 'orders are smaller and further away';
}

function latencyChange(key: string, { settings: { risk }, latencyP95Ms = 0 }: CauseFacts): string {
  const tens = (ms: number): number => Math.ceil(ms / 10) * 10;
  const hard = tens(Math.max(2 * latencyP95Ms, 1.5 * risk.hardLatencyP95Ms));
  const soft = tens(Math.max(1.5 * latencyP95Ms, 1.5 * risk.softLatencyP95Ms));
  const changed =
    key === 'risk.hardLatencyP95Ms' ? `--set ${key}=${hard}` : `--set ${key}=${soft} --set risk.hardLatencyP95Ms=${Math.max(hard, soft)}`;
  return `find out why answers are slow, or ${changed}`;
}

// Holds

const HELD_BY: Readonly<Record<string, readonly [what: string, key: string, change: string]>> = {
  stale_book: [
    'the order book was older than risk.staleBookMs',
    'risk.staleBookMs',
    'a higher risk.staleBookMs if the market is that quiet; else find out why messages are late',
  ],
  daily_loss: [
    'trading froze: the loss of the day reached risk.maxDailyLossUsd',
    'risk.maxDailyLossUsd',
    'find out what it lost money on first',
  ],
  fill_burst: [
    'trading froze: too many fills at once',
    'risk.maxFillsInBurst',
    'find out whether the market moves through the quotes first',
  ],
  reject_brake_buy: ['trading froze: too many refused bids in a row', 'risk.maxRejectsInRow', 'find out why they are refused first'],
  reject_brake_sell: ['trading froze: too many refused asks in a row', 'risk.maxRejectsInRow', 'find out why they are refused first'],
  edge_below_minimum: ['trading froze: recent fills lost money', 'risk.minEdgeBps', 'a wider spread, or another market'],
  delivery_ahead: ['the symbol is delivered soon', 'risk.deliveryHoldMs', 'another symbol'],
};

const HELD: Readonly<Record<string, string>> = {
  no_placeable_quote: 'no order of a size and price that may be placed is left',
  no_book: 'there was no order book',
  crossed_or_empty_book: 'the order book was empty or crossed',
  unreconciled: 'something was lost, and the local state had not been compared with the exchange since',
  position_differs: 'the position differed from the exchange’s',
  executions_missing: 'an execution had not arrived yet',
  breaker_open: 'the exchange refused requests or did not answer',
  journal_slow: 'the disk was too slow for the journal',
  frozen: 'trading was frozen',
  pnl_unknown: 'the position had no price',
  not_trading: 'the exchange had suspended the symbol',
  instrument_gone: 'the exchange no longer lists the symbol',
  guard_lost: 'no guard process was watching',
};

function holdText(kind: SideState['kind'], code: string): CauseText {
  const row = HELD_BY[code];
  const effect = kind === 'ending' ? 'the order is being canceled' : 'nothing is quoted';
  if (row !== undefined) return { what: `${code}: ${row[0]}; ${effect}`, keys: [row[1]], change: row[2] };
  return plain(HELD[code] === undefined ? `${code}: ${effect}` : `${code}: ${HELD[code]}; ${effect}`);
}
