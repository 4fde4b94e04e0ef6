import { objectIn, parseJson, type JsonObject } from '../../../../src/util/json.ts';
import { pause } from '../hostility.ts';
import type { DealAnswer, Kind } from '../kind.ts';
import { eachRow, list, rows } from './rows.ts';

/** Contracts that change while they are traded. */
const instrument = (name: string, does: string, deal: DealAnswer, more: Partial<Kind> = {}): Kind =>
  list(['v5/market/instruments-info'], name, does, deal, { group: 'instruments', rates: [1], ...more });
const filters = (part: string, change: JsonObject): DealAnswer =>
  eachRow((row) => ({ ...row, [part]: { ...objectIn(row[part]), ...change } }));

export const INSTRUMENTS: readonly Kind[] = [
  instrument('instrument-tick', 'the tick size is 0.50 now', filters('priceFilter', { tickSize: '0.50' })),
  {
    name: 'instrument-lot',
    group: 'instruments',
    does: 'the lot size is 0.010 now, and the fee rates, which are read next, take their time',
    deals: 'call',
    rates: [1],
    at: ({ path }) => path === 'v5/market/instruments-info' || path === 'v5/account/fee-rate',
    deal: async (next, tools, call) => {
      if (call.path === 'v5/account/fee-rate') await pause(tools, 300, 1400);
      const response = await next();
      const answer = objectIn(parseJson(response.body));
      if (call.path === 'v5/account/fee-rate' || answer['retCode'] !== 0) return response;
      const coarser = filters('lotSizeFilter', { qtyStep: '0.010', minOrderQty: '0.010' });
      return { ...response, body: JSON.stringify(coarser(answer, tools, call)) };
    },
  },
  instrument('instrument-lot-finer', 'the lot size is 0.0001 now', filters('lotSizeFilter', { qtyStep: '0.0001', minOrderQty: '0.0001' })),
  instrument('instrument-minimum', 'the least order is worth 5,000 USD now', filters('lotSizeFilter', { minNotionalValue: '5000' })),
  instrument(
    'instrument-maximum',
    'the largest order is 0.001 now',
    filters('lotSizeFilter', { maxOrderQty: '0.001', postOnlyMaxOrderQty: '0.001' }),
  ),
  instrument(
    'instrument-gone',
    'the instrument is no longer listed',
    rows(() => []),
  ),
  instrument(
    'instrument-closed',
    'the instrument is being settled',
    eachRow((row) => ({ ...row, status: 'Closed' })),
  ),
  instrument(
    'instrument-delivers',
    'the instrument is delivered in a minute',
    eachRow((row) => ({ ...row, deliveryTime: '1767225660000' })),
  ),
  instrument('instrument-unreadable', 'the tick size is "abc"', filters('priceFilter', { tickSize: 'abc' }), { rates: [0.3] }),
  instrument('instrument-zero', 'the tick size is 0', filters('priceFilter', { tickSize: '0' }), { rates: [0.3] }),
];
