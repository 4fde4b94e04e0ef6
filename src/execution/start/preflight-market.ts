import { configWarnings } from '../../config/warnings.ts';
import { toAtoms, type FeeRates, type Instrument } from '../../model/instrument.ts';
import { isoTime } from '../../util/clock.ts';
import { check, type Check, type PreflightParts } from './preflight-check.ts';

const ATOMS_PER_USD = 1e8;
/** Fees have a check of their own, and nothing is judged by the gates of a soak. */
const CHECKED_ELSEWHERE: ReadonlySet<string> = new Set(['spread_below_fees', 'gate_cannot_fail']);
const PPM_PER_BPS = 100;

/** Checks instruments, fees and the position mode. */
export async function marketChecks(parts: PreflightParts): Promise<readonly Check[]> {
  const instruments = await parts.exchange.instruments(parts.symbols);
  const [first] = parts.symbols;
  const fees = first === undefined ? undefined : await parts.exchange.feeRates(first);
  return [
    ...instruments.flatMap((instrument) => [
      statusCheck(parts, instrument),
      sizeCheck(parts, instrument),
      ...deliveryCheck(parts, instrument),
    ]),
    ...(first === undefined || fees === undefined ? [] : [feesCheck(parts, first, fees)]),
    ...settingChecks(parts, fees),
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

function sizeCheck({ settings }: PreflightParts, instrument: Instrument): Check {
  const { orderSizeUsd } = settings.quoting;
  const leastUsd = toAtoms(instrument.minNotional, instrument) / ATOMS_PER_USD;
  return check(
    `size-${instrument.symbol}`,
    orderSizeUsd >= leastUsd ? 'ok' : 'fail',
    `orders of ${orderSizeUsd} USD, the exchange's minimum is ${leastUsd}`,
    `raise quoting.orderSizeUsd to at least ${leastUsd}`,
  );
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
function feesCheck({ settings }: PreflightParts, symbol: string, { maker, taker }: FeeRates): Check {
  const { model, baseSpreadBps } = settings.quoting;
  const [makerBps, takerBps] = [maker / PPM_PER_BPS, taker / PPM_PER_BPS];
  const isPaid = model !== 'spread' || baseSpreadBps >= 2 * makerBps;
  return check(
    'fees',
    isPaid ? 'ok' : 'warn',
    `${symbol}: maker ${makerBps} bps, taker ${takerBps} bps${isPaid ? '' : `; the spread is ${baseSpreadBps} bps`}`,
    `a spread below two maker fees (${2 * makerBps} bps) earns less than the fees: raise quoting.baseSpreadBps, and quoting.adaptiveMaxBps if the spread is adaptive`,
  );
}

/** Settings that defeat each other; what the market alone decides has checks of its own. */
function settingChecks({ settings, symbols }: PreflightParts, fees: FeeRates | undefined): Check[] {
  const facts = { symbols: symbols.length, makerFeeBps: fees === undefined ? undefined : fees.maker / PPM_PER_BPS };
  const warnings = configWarnings(settings, facts);
  return warnings
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
