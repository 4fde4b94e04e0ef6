import { Book, type BookView } from '../../../model/book.ts';
import { formatStepsShort } from '../../../model/grid.ts';
import type { FeeRates, OrderGrid } from '../../../model/instrument.ts';
import type { Fill, OrderReport } from '../../../model/order.ts';
import type { FundingPayment } from '../../../model/position.ts';
import { lots, type Ticks } from '../../../model/units.ts';
import { defined } from '../../../util/assert.ts';
import { sleep, type Clock } from '../../../util/clock.ts';
import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { FillScope, KeyFacts, OrderRef, OrderScope, PositionReport, WalletReport } from '../../exchange.ts';
import type { Stamped } from '../../complete.ts';
import {
  feeRatesIn,
  fillIn,
  fundingIn,
  isFill,
  isFunding,
  keyFactsIn,
  orderReportIn,
  positionIn,
  rowsIn,
  walletIn,
  type RowInstrument,
} from '../codec/codec.ts';
import { levelsIn } from '../codec/market-codec.ts';
import { idIn, nearestTicks, unreadable, type OffGrid } from '../codec/decimal-fields.ts';
import type { Instruments } from './instruments.ts';
import type { OddRows } from '../codec/odd-rows.ts';
import type { PositionLots } from '../codec/position-lots.ts';
import type { Rest } from './rest.ts';
import { RowReader, type Reading } from './row-reader.ts';
import type { ServerTime } from '../server-time.ts';
import { SETTLE_COIN, TRADED } from '../settle-coins.ts';

const ORDERS_PER_PAGE = 50;
const EXECUTIONS_PER_PAGE = 100;
const POSITIONS_PER_PAGE = 200;
/** The longest time span that one query of executions covers. */
const EXECUTIONS_SPAN_MS = 7 * 24 * 3600 * 1000;
const BOOK_LEVELS = '50';
/** Fee rates may be queried five times per second. */
const FEE_RATE_GAP_MS = 250;
/** Fee rates of an account without a VIP level. */
const ORDINARY_FEES = { makerFeeRate: '0.0002', takerFeeRate: '0.00055' };

export interface QueriesParts {
  readonly rest: Rest;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly tellsFees: boolean;
  readonly instruments: Instruments;
  readonly odd: OddRows;
  readonly positions: PositionLots;
}

/** All read requests, over HTTP. */
export class Queries {
  readonly #parts: QueriesParts;
  readonly #rows: RowReader;
  /** When the next query of fee rates may be sent, monotonic. */
  #feeRatesFreeAt = Number.NEGATIVE_INFINITY;

  constructor(parts: QueriesParts) {
    this.#parts = parts;
    this.#rows = new RowReader(parts);
  }

  async keyFacts(): Promise<KeyFacts> {
    const { result } = await this.#parts.rest.get('v5/user/query-api', {});
    return keyFactsIn(result);
  }

  async feeRates(symbol: string): Promise<FeeRates> {
    const { rest, clock, tellsFees } = this.#parts;
    if (!tellsFees) return feeRatesIn(ORDINARY_FEES);
    const now = clock.monotonic();
    const turnAt = Math.max(now, this.#feeRatesFreeAt);
    this.#feeRatesFreeAt = turnAt + FEE_RATE_GAP_MS;
    if (turnAt > now) await sleep(clock, turnAt - now);
    const { result } = await rest.get('v5/account/fee-rate', { category: 'linear', symbol });
    const row = rowsIn(result['list'], 'fee-rate').find((entry) => entry['symbol'] === symbol);
    if (row === undefined) throw unreadable(`no fee rate of ${symbol}`);
    return feeRatesIn(row);
  }

  async markPrice(symbol: string): Promise<Ticks> {
    const { rest, instruments } = this.#parts;
    const { tick } = defined(instruments.known(symbol), `instrument ${symbol}`);
    const { result } = await rest.getPublic('v5/market/tickers', { category: 'linear', symbol });
    const row = rowsIn(result['list'], 'tickers').find((entry) => entry['symbol'] === symbol);
    const price = nearestTicks(row?.['markPrice'], tick);
    if (price === undefined) throw unreadable(`no mark price of ${symbol}`);
    return price;
  }

  async orderBook(symbol: string): Promise<BookView> {
    const { rest, instruments } = this.#parts;
    const instrument = defined(instruments.known(symbol), `instrument ${symbol}`);
    const { result } = await rest.getPublic('v5/market/orderbook', { category: 'linear', symbol, limit: BOOK_LEVELS });
    const [bids, asks] = [levelsIn(result['b'], instrument), levelsIn(result['a'], instrument)];
    if (bids === undefined || asks === undefined) throw unreadable(`no order book of ${symbol}`);
    const book = new Book();
    book.apply(bids, asks);
    return book;
  }

  /** Queried by symbol, the list has a row for each side that the mode allows, even when flat. */
  async positionMode(symbol: string): Promise<'one_way' | 'hedge'> {
    const { result } = await this.#parts.rest.get('v5/position/list', { category: 'linear', symbol });
    const isHedged = rowsIn(result['list'], 'position/list').some((row) => (numberIn(row['positionIdx']) ?? 0) !== 0);
    return isHedged ? 'hedge' : 'one_way';
  }

  async openOrders({ symbol, settleCoin = SETTLE_COIN }: OrderScope): Promise<Stamped<readonly OrderReport[]>> {
    const scope = symbol === undefined ? { settleCoin } : { symbol };
    const list = await this.#parts.rest.pages('v5/order/realtime', { category: 'linear', ...scope }, ORDERS_PER_PAGE);
    const reports = new Map<string, OrderReport>();
    for (const row of list.value) {
      const report = await this.#rows.read('order', row, (instrument, offGrid) => orderReportIn(row, instrument, offGrid));
      if (report === undefined) continue;
      // Closed orders may be listed for a moment after closing.
      if (report.status === 'open') reports.set(report.exchangeOrderId, report);
      else reports.delete(report.exchangeOrderId);
    }
    return { value: [...reports.values()], at: list.at };
  }

  async findOrder(order: OrderRef): Promise<Stamped<OrderReport | undefined>> {
    const open = await this.#findIn('v5/order/realtime', order);
    return open.value === undefined ? this.#findIn('v5/order/history', order) : open;
  }

  async fills({ symbol, since, gridOf: gridAtTime }: FillScope): Promise<Stamped<readonly Fill[]>> {
    // No filter by type: executions that the exchange forces on a position have other types.
    const { rows, at } = await this.#executions({ category: 'linear', ...(symbol === undefined ? {} : { symbol }) }, since);
    const fills = new Map<string, Fill>();
    for (const row of rows.filter(isFill)) {
      const grid = gridAtTime?.(textIn(row['orderLinkId']));
      const fill = await this.#settled(row, (instrument, offGrid) => fillIn(row, instrument, offGrid), grid);
      if (fill !== undefined && !fills.has(fill.fillId)) fills.set(fill.fillId, fill);
    }
    return { value: [...fills.values()].sort((a, b) => a.at - b.at), at };
  }

  async funding({ since }: { readonly since: number }): Promise<Stamped<readonly FundingPayment[]>> {
    const { rows, at } = await this.#executions({ category: 'linear', execType: 'Funding' }, since);
    const payments = new Map<string, FundingPayment>();
    for (const row of rows.filter(isFunding)) {
      const payment = await this.#settled(row, (instrument) => fundingIn(row, instrument));
      if (payment !== undefined) payments.set(payment.paymentId, payment);
    }
    return { value: [...payments.values()].sort((a, b) => a.at - b.at), at };
  }

  /** Reads executions oldest first, one time span after another. */
  async #executions(scope: Readonly<Record<string, string>>, since: number): Promise<{ rows: JsonObject[]; at: number }> {
    const { rest, serverTime } = this.#parts;
    const found: JsonObject[] = [];
    for (let startTime = Math.max(0, Math.floor(since)); ; startTime += EXECUTIONS_SPAN_MS) {
      const isLast = startTime + EXECUTIONS_SPAN_MS > serverTime.now();
      const span = isLast ? { startTime } : { startTime, endTime: startTime + EXECUTIONS_SPAN_MS - 1 };
      const { value: rows, at } = await rest.pages('v5/execution/list', { ...scope, ...span }, EXECUTIONS_PER_PAGE);
      found.push(...rows.toReversed());
      if (isLast) return { rows: found, at };
    }
  }

  /** In hedge mode, the net of both sides. */
  async positions(scope?: { readonly symbol: string }): Promise<Stamped<readonly PositionReport[]>> {
    const parameters = scope === undefined ? TRADED : { category: 'linear', ...scope };
    const list = await this.#parts.rest.pages('v5/position/list', parameters, POSITIONS_PER_PAGE);
    const bySide = new Map(list.value.map((row) => [`${textIn(row['symbol'])} ${textIn(row['positionIdx'])}`, row]));
    const net = new Map<string, PositionReport>();
    for (const row of bySide.values()) {
      const report = await this.#rows.read('position', row, (instrument, offGrid) => this.#position(row, instrument, offGrid));
      if (report === undefined) continue;
      const other = net.get(report.symbol);
      net.set(report.symbol, other === undefined ? report : { ...report, quantity: lots(other.quantity + report.quantity) });
    }
    return { value: [...net.values()], at: list.at };
  }

  async wallet(): Promise<WalletReport> {
    const { result } = await this.#parts.rest.get('v5/account/wallet-balance', { accountType: 'UNIFIED', coin: SETTLE_COIN });
    const [account] = rowsIn(result['list'], 'wallet-balance');
    if (account === undefined) throw unreadable('no unified account');
    return walletIn(account, SETTLE_COIN);
  }

  async #findIn(path: string, order: OrderRef): Promise<Stamped<OrderReport | undefined>> {
    const { symbol, clientOrderId, exchangeOrderId } = order;
    const byOurId = clientOrderId !== '';
    const id = byOurId ? { orderLinkId: clientOrderId } : { orderId: defined(exchangeOrderId, 'an id of the order') };
    const { result, at } = await this.#parts.rest.get(path, { category: 'linear', symbol, ...id });
    const isIt = (row: JsonObject): boolean =>
      byOurId ? idIn(row['orderLinkId']) === clientOrderId : idIn(row['orderId']) === exchangeOrderId && row['symbol'] === symbol;
    const row = rowsIn(result['list'], path).find(isIt);
    if (row === undefined) return { value: undefined, at };
    const read: Reading<OrderReport> = (instrument, offGrid) => orderReportIn(row, instrument, offGrid);
    return { value: await this.#rows.readAnyway('order', row, read, order.grid), at };
  }

  #position(row: JsonObject, instrument: RowInstrument, onOffGrid: OffGrid): PositionReport {
    const report = positionIn(row, instrument, this.#parts.positions);
    const { quantity, exact } = report;
    if (exact !== undefined) onOffGrid('position size', `${exact}, counted as ${formatStepsShort(quantity, instrument.lot)}`);
    return report;
  }

  /** Reads a row only when its instrument has our settle coin. */
  async #settled<T>(row: JsonObject, read: Reading<T | undefined>, grid?: OrderGrid): Promise<T | undefined> {
    const ofCoin: Reading<T | undefined> = (instrument, offGrid) =>
      instrument.settleCoin === SETTLE_COIN ? read(instrument, offGrid) : undefined;
    return this.#rows.read('execution', row, ofCoin, grid);
  }
}
