import type { Settings } from '../../../src/config/fields.ts';
import { resolve } from '../../../src/config/resolve.ts';
import { touchOf } from '../../../src/model/book.ts';
import { instrumentOf } from '../../../src/model/instrument.ts';
import { exactly } from '../../../src/model/position.ts';
import { lots } from '../../../src/model/units.ts';
import type { Distances, MakerView } from '../exact/avellaneda-stoikov.ts';
import { makeQuotes, quoteTerms } from '../../../src/strategy/quoter.ts';
import { defined } from '../../../src/util/assert.ts';
import { bookOf } from '../builders/builders.ts';

/** One unit of the paper's price is one bp of ours: the price lies at 10,000 and moves by some units. */
const TICKS_PER_UNIT = 10_000;
const AT = 100;
const BASE_TICKS = 10_000 * TICKS_PER_UNIT;

const INSTRUMENT = instrumentOf({
  symbol: 'ASUSDT',
  baseCoin: 'AS',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  status: 'trading',
  tickSize: '0.0001',
  qtyStep: '1',
  minQuantity: '1',
  maxQuantity: '1000000',
  minNotional: '5',
  maxLeverage: '100',
  priceDecimals: 4,
});

/** Our own quoter, from settings to ticks, as the maker of the paper's market: one order of one unit on each side. */
export function ownMaker(
  quoting: Partial<Settings['quoting']>,
  market: { readonly sigma: number; readonly decay: number },
): (view: MakerView) => Distances {
  const defaults = resolve({}).settings;
  const risk = { ...defaults.risk, maxPositionUsd: 1e8, maxOrderUsd: 1e7 };
  const flow = { perSecond: 140, decayPerBps: market.decay, samples: 0, isDefault: false };
  return ({ price, inventory, timeLeft }) => {
    const fairValue = BASE_TICKS + Math.round((price - AT) * TICKS_PER_UNIT);
    // A market far away: nothing but the model has a say.
    const book = bookOf([[fairValue - 500_000, 1e9]], [[fairValue + 500_000, 1e9]]);
    const settings = {
      quoting: { ...defaults.quoting, baseSpreadBps: 0.1, orderSizeUsd: 15_000, ...quoting, horizonMs: timeLeft * 1000 },
      risk,
    };
    const inputs = {
      instrument: INSTRUMENT,
      book,
      touch: defined(touchOf(book), 'touch'),
      fairValue,
      held: exactly(lots(inventory)),
      inventoryRatio: 0,
      isReducing: false,
      volatilityBps: market.sigma,
      flow,
      adaptiveBps: undefined,
      sizeFactor: { buy: 1, sell: 1 },
      spreadFactor: 1,
      postOnlyBackoff: { buy: false, sell: false },
      feeFloorBps: Number.NEGATIVE_INFINITY,
      settings,
    };
    const { quotes } = makeQuotes(inputs, quoteTerms(inputs));
    const [bid, ask] = [defined(quotes[0], 'bid'), defined(quotes[1], 'ask')];
    return { bid: (fairValue - bid.price) / TICKS_PER_UNIT, ask: (ask.price - fairValue) / TICKS_PER_UNIT };
  };
}
