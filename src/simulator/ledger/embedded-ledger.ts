import { formatSteps, formatStepsShort } from '../../model/grid.ts';
import { toAtoms } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import { ATOMS_SCALE, type TickLots } from '../../model/units.ts';
import { defined } from '../../util/assert.ts';
import { unitsText } from '../../util/decimal.ts';
import type { AccountOrders } from '../accounts/account-orders.ts';
import type { Account } from '../accounts/account.ts';
import type { ClientOrder } from '../orders/client-order.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { Ledger, LedgerBucket, LedgerExecution, LedgerOrder, LedgerPosition } from './ledger.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { VenueExecution } from '../venue/orders.ts';

/** Counts that only the protocol layer around the venue has. */
export interface RateCounts {
  readonly rateLimited: number;
  readonly worstRollingSecond: number;
  readonly buckets: readonly LedgerBucket[];
}

export type OrderLedger = Pick<Ledger, 'openOrders' | 'executions' | 'counts'>;

export function ledgerOf(account: Account, markets: ReadonlyMap<string, EmbeddedMarket>, rateCounts: () => RateCounts): Ledger {
  return {
    ...orderLedgerOf(account, markets, rateCounts),
    positions: () => account.tradedSymbols().map((symbol) => ledgerPosition(account, defined(markets.get(symbol), symbol))),
    wallet() {
      const { balance, equity } = account.wallet();
      return { deposit: coins(account.deposit), spot: coins(account.spotIncome), balance: coins(balance), equity: coins(equity) };
    },
  };
}

/** Without positions and wallet, which the orders of spot do not have. */
export function orderLedgerOf(
  orders: AccountOrders,
  markets: ReadonlyMap<string, EmbeddedMarket>,
  rateCounts: () => RateCounts,
): OrderLedger {
  const marketOf = (symbol: string): EmbeddedMarket => defined(markets.get(symbol), symbol);
  return {
    openOrders: () => orders.openOrders().map((order) => ledgerOrder(order, marketOf(order.request.symbol))),
    executions: () =>
      orders.executions.filter(isTrade).map((execution) => {
        const market = marketOf(execution.symbol);
        return ledgerExecution(execution, market.instrument, market.feeCoin(execution.side));
      }),
    counts: () => ({ ...orders.counts, ...rateCounts() }),
  };
}

export function isTrade({ execType }: VenueExecution): boolean {
  return execType !== 'Funding';
}

function ledgerOrder(order: ClientOrder, { instrument }: EmbeddedMarket): LedgerOrder {
  const { symbol, side, orderLinkId, timeInForce } = order.request;
  return {
    symbol,
    orderId: order.orderId,
    orderLinkId,
    side: word(side),
    price: formatSteps(order.price, instrument.tick),
    quantity: formatSteps(order.quantity, instrument.lot),
    filled: formatSteps(order.filled, instrument.lot),
    postOnly: timeInForce === 'PostOnly',
  };
}

export function ledgerExecution(execution: VenueExecution, instrument: Instrument, feeCoin: string): LedgerExecution {
  const { execId, symbol, orderId, orderLinkId, isMaker, at } = execution;
  return {
    execId,
    symbol,
    orderId,
    orderLinkId,
    side: word(execution.side),
    price: formatSteps(execution.price, instrument.tick),
    quantity: formatSteps(execution.quantity, instrument.lot),
    fee: coins(execution.fee),
    feeCoin,
    isMaker,
    at,
  };
}

function ledgerPosition(account: Account, market: EmbeddedMarket): LedgerPosition {
  const { instrument, markPrice } = market;
  const holding = account.holding(instrument.symbol);
  const money = (value: TickLots): string => coins(toAtoms(value, instrument));
  return {
    symbol: instrument.symbol,
    size: formatStepsShort(holding.quantity, instrument.lot),
    markPrice: formatSteps(markPrice, instrument.tick),
    realisedPnl: money(holding.realized),
    unrealisedPnl: money(holding.unrealized(markPrice)),
    fees: coins(holding.fees),
    funding: coins(holding.funding),
  };
}

function coins(value: number): string {
  return unitsText(value, ATOMS_SCALE);
}

export function word(side: Side): 'Buy' | 'Sell' {
  return side === 'buy' ? 'Buy' : 'Sell';
}
