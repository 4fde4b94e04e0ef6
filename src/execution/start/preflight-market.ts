import { fullOrderUsd, orderSizeRemedy } from '../../config/derived.ts';
import { configWarnings } from '../../config/warnings.ts';
import { ignoreExchangeError } from '../../exchange/errors.ts';
import type { PositionReport } from '../../exchange/exchange.ts';
import { formatStepsShort } from '../../model/grid.ts';
import { smallestQuantity, smallestUsd, type FeeRates, type Instrument } from '../../model/instrument.ts';
import { isoTime } from '../../util/clock.ts';
import { check, type Check, type PreflightParts } from './preflight-check.ts';

/** Fees and sizes have checks of their own, and nothing is judged by the gates of a soak. */
const CHECKED_ELSEWHERE: ReadonlySet<string> = new Set(['spread_below_fees', 'order_too_small', 'gate_cannot_fail']);
const PPM_PER_BPS = 100;

/** Checks instruments, sizes, positions, fees, settings that defeat each other, and the position mode. */
export async function marketChecks(parts: PreflightParts): Promise<readonly Check[]> {
  const instruments = await parts.exchange.instruments(parts.symbols);
  const [first] = parts.symbols;
  const fees = first === undefined ? undefined : await parts.exchange.feeRates(first);
  const prices = await Promise.all(parts.symbols.map((symbol) => parts.exchange.markPrice(symbol).catch(unpriced)));
  const smallest = instruments.map((instrument) => {
    const price = prices[parts.symbols.indexOf(instrument.symbol)];
    return price === undefined ? undefined : { quantity: smallestQuantity(instrument, price), usd: smallestUsd(instrument, price) };
  });
  const isAnyPlaceable = smallest.some((least) => least !== undefined && fullOrderUsd(parts.settings) >= least.usd);
  const { value: held } = await parts.exchange.positions();
  return [
    ...instruments.flatMap((instrument, i) => [
      statusCheck(parts, instrument),
      sizeCheck(parts, instrument, smallest[i], isAnyPlaceable),
      ...deliveryCheck(parts, instrument),
    ]),
    ...positionChecks(parts, held, instruments),
    ...(first === undefined || fees === undefined ? [] : [feesCheck(parts, first, fees)]),
    ...settingChecks(parts, fees, Math.max(0, ...smallest.map((least) => least?.usd ?? 0))),
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

interface Smallest {
  /** Lots. */
  readonly quantity: number;
  /** At the price of now. */
  readonly usd: number;
}

/** An order of full size against the smallest that the exchange accepts. A bot that can quote other symbols may start. */
function sizeCheck({ settings }: PreflightParts, instrument: Instrument, smallest: Smallest | undefined, isAnyPlaceable: boolean): Check {
  const { symbol, baseCoin, lot } = instrument;
  const usd = Number(fullOrderUsd(settings).toFixed(2));
  if (smallest === undefined)
    return check(`size-${symbol}`, 'warn', `orders of ${usd} USD; there is no mark price to compare with`, 'try again when there is one');
  const isEnough = usd >= smallest.usd;
  const result = isEnough ? 'ok' : isAnyPlaceable ? 'warn' : 'fail';
  const found = `${formatStepsShort(smallest.quantity, lot)} ${baseCoin}, ${smallest.usd.toFixed(2)} USD now`;
  return check(
    `size-${symbol}`,
    result,
    `orders of ${usd} USD, the exchange's smallest is ${found}`,
    `it could not be quoted: ${orderSizeRemedy(settings, smallest.usd)}`,
  );
}

/** A symbol may be suspended, or new. */
function unpriced(error: unknown): undefined {
  ignoreExchangeError(error);
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
function settingChecks({ settings, symbols }: PreflightParts, fees: FeeRates | undefined, smallest: number): Check[] {
  const facts = { symbols: symbols.length, smallestUsd: smallest, makerFeeBps: fees === undefined ? undefined : fees.maker / PPM_PER_BPS };
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
