import type { Exchange, ExchangeEvent } from '../../exchange/exchange.ts';

/** Source of a shadow run’s market data; calls the listener with every event from then on. */
export interface MarketEvents {
  subscribe(listener: (event: ExchangeEvent) => void): void;
}

/** An exchange with the market data of `market` and the orders and the account of `orders`. */
export function shadowExchange(orders: Exchange, market: MarketEvents): Exchange {
  return {
    serverTime: () => orders.serverTime(),
    now: () => orders.now(),
    positionMode: (symbol) => orders.positionMode(symbol),
    keyFacts: () => orders.keyFacts(),
    prepareAccount: () => orders.prepareAccount(),
    armDisconnectCancel: (seconds) => orders.armDisconnectCancel(seconds),
    instruments: (symbols) => orders.instruments(symbols),
    feeRates: (symbol) => orders.feeRates(symbol),
    markPrice: (symbol) => orders.markPrice(symbol),
    orderBook: (symbol) => orders.orderBook(symbol),
    openOrders: (scope) => orders.openOrders(scope),
    findOrder: (order) => orders.findOrder(order),
    fills: (scope) => orders.fills(scope),
    funding: (scope) => orders.funding(scope),
    positions: (scope) => orders.positions(scope),
    wallet: () => orders.wallet(),
    place: (order, via) => orders.place(order, via),
    amend: (change, via) => orders.amend(change, via),
    cancel: (order, via) => orders.cancel(order, via),
    together: (send) => orders.together(send),
    entries: () => orders.entries(),
    probe: (via) => orders.probe(via),
    banMs: orders.banMs,
    forceProbes: () => orders.forceProbes(),
    cancelPort: orders.cancelPort,
    async connect(symbols, listener) {
      market.subscribe(listener);
      await orders.connect(symbols, (event) => {
        if (!isOfMarket(event)) listener(event);
      });
    },
    close: () => orders.close(),
  };
}

function isOfMarket(event: ExchangeEvent): boolean {
  return ['book', 'bookLost', 'trades', 'ticker'].includes(event.type) || (event.type === 'stream' && event.stream === 'public');
}
