import { defined } from '../../../util/assert.ts';
import { numberIn, textIn } from '../../../util/json.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import type { OrderVenue, Venue } from '../../venue/venue.ts';
import { positionRow, walletRow } from '../rows/account-rows.ts';
import type { KeyRing } from '../keys.ts';
import { readScope } from './order-routes.ts';
import { pageByName } from './pages.ts';
import { optionalText, readCategory, readLimit, type Category } from '../params/params.ts';
import { failed, failure, parameterError, RET, succeeded, type Reply } from './replies.ts';
import { signedGet, signedPost, type Call, type Route, type Routes } from './routes.ts';
import { rateText } from '../rows/texts.ts';

export function accountRoutes(venue: Venue, keys: KeyRing, firstUserId: number): Routes {
  return {
    '/v5/position/list': signedGet((call) => positions(venue, call)),
    '/v5/position/set-leverage': signedPost((call) => setLeverage(venue, call)),
    '/v5/position/switch-mode': signedPost((call) => switchMode(venue, call)),
    '/v5/account/wallet-balance': signedGet((call) => walletBalance(venue, call)),
    '/v5/account/info': signedGet(({ now }) => accountInfo(now)),
    '/v5/user/query-api': signedGet((call) => keyInfo(keys, call, firstUserId)),
    '/v5/asset/coin/query-info': signedGet(() => succeeded({ rows: [] })),
  };
}

/** By symbol, flat positions are included; by coin, only open ones are listed. */
function positions(venue: Venue, { account, params }: Call): Reply {
  const category = readCategory(params);
  if (typeof category === 'object') return failure(category);
  if (category === 'empty') return succeeded({ category: textIn(params['category']), nextPageCursor: '', list: [] });
  const { symbol, settleCoin } = { symbol: optionalText(params, 'symbol'), settleCoin: optionalText(params, 'settleCoin') };
  if (symbol === undefined && settleCoin === undefined) return failure(parameterError('one of symbol, settleCoin is required'));
  if (symbol !== undefined && venue.market(symbol) === undefined) return failure(parameterError('symbol invalid'));
  const limit = readLimit(params, 20, 200);
  if (typeof limit === 'object') return failure(limit);
  const wanted = symbol === undefined ? openSymbols(venue, account, settleCoin) : [symbol];
  const { items, nextPageCursor } = pageByName(wanted, limit, textIn(params['cursor']), (name) => name);
  const list = items.map((name) => positionRow(venue.position(account, name), marketOf(venue, name)));
  return succeeded({ category: 'linear', nextPageCursor, list });
}

function openSymbols(venue: Venue, account: number, settleCoin: string | undefined): readonly string[] {
  return venue.symbols.filter((name) => {
    return marketOf(venue, name).instrument.settleCoin === settleCoin && venue.position(account, name).quantity !== 0;
  });
}

function setLeverage(venue: Venue, { account, params }: Call): Reply {
  const market = venue.market(textIn(params['symbol']));
  if (readCategory(params) !== 'served' || market === undefined) return failure(parameterError('symbol invalid'));
  const buy = numberIn(params['buyLeverage']);
  const sell = numberIn(params['sellLeverage']);
  const { symbol, maxLeverage } = market.instrument;
  if (buy === undefined || buy !== sell || buy < 1 || buy > maxLeverage) return failure(parameterError('leverage invalid'));
  return venue.setLeverage(account, symbol, buy) === 'changed' ? succeeded() : failed(RET.leverageUnchanged);
}

/** Only one-way mode is supported. */
function switchMode(venue: Venue, { account, params }: Call): Reply {
  if (readCategory(params) !== 'served') return failure(parameterError('category invalid'));
  const scope = readScope(params) ?? (optionalText(params, 'coin') === undefined ? undefined : {});
  if (scope === undefined) return failure(parameterError('one of symbol, coin is required'));
  const mode = numberIn(params['mode']);
  if (mode === 0) return failed(RET.positionModeUnchanged);
  if (mode !== 3) return failure(parameterError('mode invalid'));
  if (venue.symbols.some((symbol) => venue.position(account, symbol).quantity !== 0)) return failed(RET.hasPosition);
  if (venue.openOrders(account).length > 0) return failed(RET.hasOrders);
  return failure(parameterError('hedge mode is not served here'));
}

function walletBalance(venue: Venue, { account, params }: Call): Reply {
  if (textIn(params['accountType']) !== 'UNIFIED') return failure(parameterError('accountType invalid'));
  const wanted = optionalText(params, 'coin')?.split(',');
  return succeeded({ list: [walletRow(venue.wallet(account), settleCoinOf(venue), wanted)] });
}

/** All instruments of the embedded exchange have the same settle coin. */
export function settleCoinOf(venue: Venue): string {
  const [symbol] = venue.symbols;
  return marketOf(venue, defined(symbol, 'a listed symbol')).instrument.settleCoin;
}

/** Fee rates of one category. */
export function feeRateRoute(venue: OrderVenue, category: Category): Route {
  return signedGet((call) => feeRate(venue, category, call));
}

function feeRate(venue: OrderVenue, served: Category, { params }: Call): Reply {
  const category = readCategory(params, served);
  if (typeof category === 'object') return failure(category);
  if (category === 'empty') return succeeded({ list: [] });
  const symbol = optionalText(params, 'symbol');
  const symbols = symbol === undefined ? venue.symbols : venue.symbols.filter((name) => name === symbol);
  if (symbols.length === 0) return failure(parameterError('symbol invalid'));
  const list = symbols.map((name) => {
    const { fees } = marketOf(venue, name);
    return { symbol: name, takerFeeRate: rateText(fees.taker), makerFeeRate: rateText(fees.maker) };
  });
  return succeeded({ list });
}

function accountInfo(now: number): Reply {
  return succeeded({
    marginMode: 'REGULAR_MARGIN',
    updatedTime: String(now),
    unifiedMarginStatus: 6,
    isMasterTrader: false,
    spotHedgingStatus: 'OFF',
    dcpStatus: 'OFF',
    timeWindow: 0,
    smpGroup: 0,
  });
}

function keyInfo(keys: KeyRing, { account }: Call, firstUserId: number): Reply {
  return succeeded({
    id: String(account + 1),
    note: 'embedded',
    apiKey: keys.keyOf(account),
    readOnly: 0,
    secret: '',
    permissions: {
      ContractTrade: ['Order', 'Position'],
      Spot: ['SpotTrade'],
      Wallet: [],
      Options: [],
      Derivatives: ['DerivativesTrade'],
    },
    ips: ['127.0.0.1'],
    type: 1,
    deadlineDay: -2,
    expiredAt: '1970-01-01T00:00:00Z',
    createdAt: '1970-01-01T00:00:00Z',
    unified: 0,
    uta: 1,
    userID: firstUserId + account,
    vipLevel: 'No VIP',
    mktMakerLevel: '0',
    isMaster: true,
    parentUid: '0',
  });
}

function marketOf(venue: OrderVenue, symbol: string): VenueMarket {
  return defined(venue.market(symbol), `market of ${symbol}`);
}
