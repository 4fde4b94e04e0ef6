import type { Settings } from '../../config/fields.ts';
import { aboutGroup, adviceFor, groupsOf } from '../../config/symbol-groups.ts';
import { configWarnings, type TradedSymbol } from '../../config/warnings.ts';
import type { PositionReport } from '../../exchange/exchange.ts';
import { formatStepsShort } from '../../model/grid.ts';
import { smallestUsd, type FeeRates, type Instrument } from '../../model/instrument.ts';
import { PPM_PER_BPS } from '../../model/units.ts';
import { isoTime } from '../../util/clock.ts';
import { check, type Check, type PreflightParts } from './preflight-check.ts';
import { firstQuotes, quoteChecks } from './preflight-quote.ts';

/** Fees and sizes have checks of their own, and nothing is judged by the gates of a soak. */
const CHECKED_ELSEWHERE: ReadonlySet<string> = new Set(['spread_below_fees', 'order_too_small', 'gate_cannot_fail']);

/** Checks instruments, the first quotes, positions, fees, settings that defeat each other, and the position mode. */
export async function marketChecks(parts: PreflightParts): Promise<readonly Check[]> {
  const instruments = await parts.exchange.instruments(parts.symbols);
  const [first] = parts.symbols;
  const fees = first === undefined ? undefined : await parts.exchange.feeRates(first);
  const { value: held } = await parts.exchange.positions();
  const quotes =
    fees === undefined ? [] : await Promise.all(instruments.map((instrument) => firstQuotes(parts, instrument, { fees, held })));
  const makerFeeBps = fees === undefined ? undefined : fees.maker / PPM_PER_BPS;
  const traded = quotes.map(({ instrument, price }) => ({
    symbol: instrument.symbol,
    smallestUsd: price === undefined ? undefined : smallestUsd(instrument, price),
    makerFeeBps,
  }));
  return [
    ...instruments.flatMap((instrument) => [statusCheck(parts, instrument), ...deliveryCheck(parts, instrument)]),
    ...quoteChecks(parts.settings, quotes),
    ...positionChecks(parts, held, instruments),
    ...(first === undefined || fees === undefined ? [] : [feesCheck(parts, first, fees)]),
    ...settingChecks(parts, traded),
    await modeCheck(parts),
  ];
}

function statusCheck({ exchange }: PreflightParts, { symbol, status, settleCoin }: Instrument): Check {
  const { traded } = exchange.cancelPort;
  const isFine = status === 'trading' && settleCoin === traded.settleCoin;
  const found = status === 'trading' ? `trading, settled in ${settleCoin}` : 'not trading';
  return check(
    `instrument-${symbol}`,
    isFine ? 'ok' : 'fail',
    found,
    `choose another symbol: only ${traded.settleCoin} perpetuals in status trading can be quoted`,
  );
}

/** A position that is held already: it is kept, and quoted like one of this run. */
function positionChecks({ symbols }: PreflightParts, held: readonly PositionReport[], instruments: readonly Instrument[]): Check[] {
  return symbols.map((symbol) => {
    const quantity = held.find((report) => report.symbol === symbol)?.quantity ?? 0;
    const instrument = instruments.find((each) => each.symbol === symbol);
    const text =
      instrument === undefined || quantity === 0 ? 'none' : `${formatStepsShort(quantity, instrument.lot)} ${instrument.baseCoin}`;
    return check(
      `position-${symbol}`,
      quantity === 0 ? 'ok' : 'warn',
      `${text} held already`,
      'close it first if mmbot should not take it over: it counts toward risk.maxPositionUsd, and quotes lean against it',
    );
  });
}

/** No check for an instrument without a delivery date. */
function deliveryCheck({ exchange, settings }: PreflightParts, { symbol, deliveryAt }: Instrument): Check[] {
  if (deliveryAt === undefined) return [];
  const { deliveryHoldMs, deliveryFreezeMs } = settings.risk;
  const isTooLate = deliveryAt - exchange.now() <= deliveryFreezeMs;
  const minutes = Math.round(deliveryHoldMs / 60_000);
  const found = `delivered or delisted at ${isoTime(deliveryAt)}${isTooLate ? '' : `, not quoted in the ${minutes} min before it`}`;
  return [check(`delivery-${symbol}`, isTooLate ? 'fail' : 'warn', found, 'choose another symbol, or supervise the bot when trading ends')];
}

/** Fee rates depend on the account and are the same for nearly every symbol, so only one symbol is queried. */
function feesCheck({ settings, symbols }: PreflightParts, symbol: string, { maker, taker }: FeeRates): Check {
  const [makerBps, takerBps] = [maker / PPM_PER_BPS, taker / PPM_PER_BPS];
  const unpaid = groupsOf(settings, symbols).filter(({ settings: own }) => losesFees(own, makerBps));
  const spreads = unpaid.map((group) => aboutGroup(group, `the spread is ${group.settings.quoting.baseSpreadBps} bps`));
  const change = `a spread below two maker fees (${2 * makerBps} bps) earns less than the fees: raise quoting.baseSpreadBps, and quoting.adaptiveMaxBps if the spread is adaptive`;
  return check(
    'fees',
    unpaid.length === 0 ? 'ok' : 'warn',
    [`${symbol}: maker ${makerBps} bps, taker ${takerBps} bps`, ...spreads].join('; '),
    unpaid[0] === undefined ? change : adviceFor(unpaid[0], change),
  );
}

function losesFees({ quoting: { model, baseSpreadBps, feeFloor } }: Settings, makerBps: number): boolean {
  return !feeFloor && model === 'spread' && baseSpreadBps < 2 * makerBps;
}

/** Settings that defeat each other; what the market alone decides has checks of its own. */
function settingChecks({ settings }: PreflightParts, traded: readonly TradedSymbol[]): Check[] {
  return configWarnings(settings, traded)
    .filter(({ code }) => !CHECKED_ELSEWHERE.has(code))
    .map(({ code, text, change }) => check(`settings-${code}`, 'warn', text, change));
}

async function modeCheck({ exchange, symbols }: PreflightParts): Promise<Check> {
  const modes = await Promise.all(symbols.map((symbol) => exchange.positionMode(symbol)));
  const hedged = symbols.filter((_, index) => modes[index] === 'hedge');
  return check(
    'position-mode',
    hedged.length === 0 ? 'ok' : 'fail',
    hedged.length === 0 ? 'one-way' : `hedge mode: ${hedged.join(', ')}`,
    'set the position mode of the account to one-way: mmbot never changes it',
  );
}
