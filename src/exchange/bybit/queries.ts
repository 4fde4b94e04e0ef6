import { gridOf, isSameGrid, type FeeRates, type Instrument, type OrderGrid } from '../../model/instrument.ts';
import type { Fill, OrderReport } from '../../model/order.ts';
import type { FundingPayment } from '../../model/position.ts';
import { lots } from '../../model/units.ts';
import type { Approved } from '../../risk/gate.ts';
import { defined } from '../../util/assert.ts';
import { sleep, type Clock } from '../../util/clock.ts';
import { numberIn, textIn, type JsonObject } from '../../util/json.ts';
import { ExchangeError } from '../errors.ts';
import type { KeyFacts, OrderRef, OrderScope, PositionReport, Stamped, WalletReport } from '../exchange.ts';
import { feeRatesIn, fillIn, fundingIn, keyFactsIn, orderReportIn, positionIn, rowsIn, walletIn } from './codec.ts';
import { unreadable } from './decimal-fields.ts';
import { instrumentIn } from './market-codec.ts';
import type { Rest } from './rest.ts';
import type { ServerTime } from './server-time.ts';

const ORDERS_PER_PAGE = 50;
const EXECUTIONS_PER_PAGE = 100;
const POSITIONS_PER_PAGE = 200;
/** The longest span that one list of executions covers. */
const EXECUTIONS_SPAN_MS = 7 * 24 * 3600 * 1000;
/** Fee rates may be asked for five times a second. */
const FEE_RATE_GAP_MS = 250;
/** Of an account without any level. */
const ORDINARY_FEES = { makerFeeRate: '0.0002', takerFeeRate: '0.00055' };

export interface QueriesParts {
  readonly rest: Rest;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly settleCoin: string;
  readonly tellsFees: boolean;
}

/** Everything that is read rather than done, over HTTP. */
export class Queries {
  readonly #parts: QueriesParts;
  readonly #instruments = new Map<string, Instrument>();
  /** Symbols whose grid stays what it was, with the grid that the exchange named last. */
  readonly #pinned = new Map<string, OrderGrid>();
  /** Monotonic. */
  #feeRatesFreeAt = Number.NEGATIVE_INFINITY;

  constructor(parts: QueriesParts) {
    this.#parts = parts;
  }

  /** One that has been read before. */
  known(symbol: string): Instrument | undefined {
    return this.#instruments.get(symbol);
  }

  /** From now on rows of these symbols are read on the grid that they have now: ticks and lots are being counted in it. */
  pin(symbols: readonly string[]): void {
    for (const symbol of symbols) this.#pinned.set(symbol, gridOf(defined(this.known(symbol), `instrument ${symbol}`)));
  }

  /** The instrument that an order of this grid may leave for. Throws ExchangeError when the exchange counts in other steps now. */
  fitting({ symbol, clientOrderId, grid }: Approved<{ readonly symbol: string; readonly clientOrderId: string }>): Instrument {
    const instrument = defined(this.known(symbol), `instrument ${symbol}`);
    const now = this.#pinned.get(symbol) ?? gridOf(instrument);
    if (isSameGrid(grid, now) && isSameGrid(grid, gridOf(instrument))) return instrument;
    const steps = ({ tick, lot }: OrderGrid): string => `tick ${tick} and lot ${lot}`;
    const text = `${clientOrderId}: not sent, approved with ${steps(grid)}; the exchange has ${steps(now)} now`;
    throw new ExchangeError('rejected', 'not-applied', text, { unsent: 'grid_changed' });
  }

  instruments(symbols: readonly string[]): Promise<Instrument[]> {
    return Promise.all(symbols.map((symbol) => this.#readInstrument(symbol)));
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

  /** Asked for by symbol, the list has a row for each side that can be held, also when flat. */
  async positionMode(symbol: string): Promise<'one_way' | 'hedge'> {
    const { result } = await this.#parts.rest.get('v5/position/list', { category: 'linear', symbol });
    const isHedged = rowsIn(result['list'], 'position/list').some((row) => (numberIn(row['positionIdx']) ?? 0) !== 0);
    return isHedged ? 'hedge' : 'one_way';
  }

  async openOrders({ symbol, settleCoin = this.#parts.settleCoin }: OrderScope): Promise<Stamped<readonly OrderReport[]>> {
    const scope = symbol === undefined ? { settleCoin } : { symbol };
    const { rows, at } = await this.#parts.rest.pages('v5/order/realtime', { category: 'linear', ...scope }, ORDERS_PER_PAGE);
    const reports = new Map<string, OrderReport>();
    for (const row of rows) {
      const report = await this.#orderReport(row);
      // Closed ones may be listed for a moment after they closed.
      if (report.status === 'open') reports.set(report.exchangeOrderId, report);
      else reports.delete(report.exchangeOrderId);
    }
    return { value: [...reports.values()], at };
  }

  async findOrder(order: OrderRef): Promise<Stamped<OrderReport | undefined>> {
    const open = await this.#findIn('v5/order/realtime', order);
    return open.value === undefined ? this.#findIn('v5/order/history', order) : open;
  }

  async fills({ symbol, since }: { readonly symbol?: string; readonly since: number }): Promise<Stamped<readonly Fill[]>> {
    // Without a filter: the exchange also executes what it forces on a position, and calls that by other words.
    const { rows, at } = await this.#executions({ category: 'linear', ...(symbol === undefined ? {} : { symbol }) }, since);
    const fills = new Map<string, Fill>();
    for (const row of rows) {
      const fill = await this.#settled(row, fillIn);
      if (fill !== undefined && !fills.has(fill.fillId)) fills.set(fill.fillId, fill);
    }
    return { value: [...fills.values()].sort((a, b) => a.at - b.at), at };
  }

  async funding({ since }: { readonly since: number }): Promise<Stamped<readonly FundingPayment[]>> {
    const { rows, at } = await this.#executions({ category: 'linear', execType: 'Funding' }, since);
    const payments = new Map<string, FundingPayment>();
    for (const row of rows) {
      const payment = await this.#settled(row, fundingIn);
      if (payment !== undefined) payments.set(payment.paymentId, payment);
    }
    return { value: [...payments.values()].sort((a, b) => a.at - b.at), at };
  }

  /** Oldest first, a span at a time. */
  async #executions(scope: Readonly<Record<string, string>>, since: number): Promise<{ rows: JsonObject[]; at: number }> {
    const { rest, serverTime } = this.#parts;
    const found: JsonObject[] = [];
    for (let startTime = Math.max(0, Math.floor(since)); ; startTime += EXECUTIONS_SPAN_MS) {
      const isLast = startTime + EXECUTIONS_SPAN_MS > serverTime.now();
      const span = isLast ? { startTime } : { startTime, endTime: startTime + EXECUTIONS_SPAN_MS - 1 };
      const { rows, at } = await rest.pages('v5/execution/list', { ...scope, ...span }, EXECUTIONS_PER_PAGE);
      found.push(...rows.toReversed());
      if (isLast) return { rows: found, at };
    }
  }

  /** Net of both sides, should the account hold them apart. */
  async positions(scope?: { readonly symbol: string }): Promise<Stamped<readonly PositionReport[]>> {
    const { rest, settleCoin } = this.#parts;
    const { rows, at } = await rest.pages('v5/position/list', { category: 'linear', ...(scope ?? { settleCoin }) }, POSITIONS_PER_PAGE);
    const bySide = new Map(rows.map((row) => [`${textIn(row['symbol'])} ${textIn(row['positionIdx'])}`, row]));
    const net = new Map<string, PositionReport>();
    for (const row of bySide.values()) {
      const report = positionIn(row, await this.#instrumentOf(row));
      const other = net.get(report.symbol);
      net.set(report.symbol, other === undefined ? report : { ...report, quantity: lots(other.quantity + report.quantity) });
    }
    return { value: [...net.values()], at };
  }

  async wallet(): Promise<WalletReport> {
    const { rest, settleCoin } = this.#parts;
    const { result } = await rest.get('v5/account/wallet-balance', { accountType: 'UNIFIED', coin: settleCoin });
    const [account] = rowsIn(result['list'], 'wallet-balance');
    if (account === undefined) throw unreadable('no unified account');
    return walletIn(account, settleCoin);
  }

  async #findIn(path: string, { symbol, clientOrderId, exchangeOrderId }: OrderRef): Promise<Stamped<OrderReport | undefined>> {
    const byOurId = clientOrderId !== '';
    const id = byOurId ? { orderLinkId: clientOrderId } : { orderId: defined(exchangeOrderId, 'an id of the order') };
    const { result, at } = await this.#parts.rest.get(path, { category: 'linear', symbol, ...id });
    const isIt = (row: JsonObject): boolean =>
      byOurId ? row['orderLinkId'] === clientOrderId : row['orderId'] === exchangeOrderId && row['symbol'] === symbol;
    const row = rowsIn(result['list'], path).find(isIt);
    return { value: row === undefined ? undefined : await this.#orderReport(row), at };
  }

  async #orderReport(row: JsonObject): Promise<OrderReport> {
    return orderReportIn(row, await this.#instrumentOf(row));
  }

  /** Of this settle coin alone. */
  async #settled<T>(row: JsonObject, read: (row: JsonObject, instrument: Instrument) => T | undefined): Promise<T | undefined> {
    const instrument = await this.#instrumentOf(row);
    return instrument.settleCoin === this.#parts.settleCoin ? read(row, instrument) : undefined;
  }

  /** Rows may be about symbols that nobody asked for: orders and positions that a person left. */
  async #instrumentOf(row: JsonObject): Promise<Instrument> {
    const symbol = textIn(row['symbol']);
    return this.known(symbol) ?? (await this.#readInstrument(symbol));
  }

  /** A pinned grid stays: its limits are renewed while it is the exchange's too. */
  #keep(instrument: Instrument): void {
    const { symbol } = instrument;
    const grid = gridOf(instrument);
    const known = this.known(symbol);
    const isPinned = this.#pinned.has(symbol);
    if (isPinned) this.#pinned.set(symbol, grid);
    if (!isPinned || known === undefined || isSameGrid(grid, gridOf(known))) this.#instruments.set(symbol, instrument);
  }

  async #readInstrument(symbol: string): Promise<Instrument> {
    const { result } = await this.#parts.rest.getPublic('v5/market/instruments-info', { category: 'linear', symbol });
    const row = rowsIn(result['list'], 'instruments-info').find((entry) => entry['symbol'] === symbol);
    if (row === undefined) throw new ExchangeError('rejected', 'not-applied', `${symbol} is no linear instrument of the exchange`);
    const instrument = instrumentIn(row);
    this.#keep(instrument);
    return instrument;
  }
}
