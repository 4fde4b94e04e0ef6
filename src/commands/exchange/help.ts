/** Code for ccxt to trade against the exchange; docs/exchange.md shows the same, and a test runs it. */
export const CCXT_SNIPPET = `\
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { pro } from 'ccxt';

const { restUrl, wsUrl, keys } = JSON.parse(readFileSync('exchange.json', 'utf8'));
const exchange = new pro.bybit({
  apiKey: keys[0].apiKey,
  secret: keys[0].secret,
  httpAgent: new http.Agent({ keepAlive: true }), // ccxt needs one for ws:// addresses
  urls: {
    api: {
      public: restUrl,
      private: restUrl,
      ws: {
        public: { linear: \`\${wsUrl}/v5/public/linear\` },
        private: { contract: \`\${wsUrl}/v5/private\`, usdc: \`\${wsUrl}/v5/private\`, trade: \`\${wsUrl}/v5/trade\` },
      },
    },
  },
});
const symbol = 'BTC/USDT:USDT';
const { bids } = await exchange.watchOrderBook(symbol, 50);
const order = await exchange.createOrder(symbol, 'limit', 'buy', 0.01, bids[0][0] * 0.995, { postOnly: true });
console.log('ccxt rests', (await exchange.fetchOpenOrders(symbol)).length);
await exchange.cancelOrder(order.id, symbol);
await exchange.close();
`;

/** The same for bybit-api. */
export const BYBIT_API_SNIPPET = `\
import { readFileSync } from 'node:fs';
import { RestClientV5, WebsocketAPIClient, WebsocketClient } from 'bybit-api';

const { restUrl, wsUrl, keys } = JSON.parse(readFileSync('exchange.json', 'utf8'));
const account = { key: keys[0].apiKey, secret: keys[0].secret };
const rest = new RestClientV5({ ...account, baseUrl: restUrl });
const stream = new WebsocketClient({ ...account, market: 'v5', wsUrl: \`\${wsUrl}/v5/private\` }); // one for each path
const trade = new WebsocketAPIClient({ ...account, wsUrl: \`\${wsUrl}/v5/trade\` });
const which = { category: 'linear', symbol: 'BTCUSDT' };
const { result } = await rest.getTickers(which);
const subscribed = new Promise((resolve) => stream.on('response', ({ op }) => op === 'subscribe' && resolve()));
const update = new Promise((resolve) => stream.on('update', resolve));
await stream.subscribeV5('order', 'linear');
await subscribed;
const price = String(Math.floor(Number(result.list[0].bid1Price) * 0.995));
await trade.submitNewOrder({ ...which, side: 'Buy', orderType: 'Limit', qty: '0.01', price, timeInForce: 'PostOnly' });
console.log('bybit-api saw', (await update).data[0].orderStatus);
await rest.cancelAllOrders(which);
stream.closeAll(true);
trade.getWSClient().closeAll(true);
`;

export const EXCHANGE_HELP = {
  examples: [
    'mmbot exchange',
    'mmbot exchange --port 8099 --symbols BTCUSDT,ETHUSDT --market toxic --seed 7',
    'mmbot exchange --accounts 3 --limits mm1 --json > exchange.json',
    'mmbot exchange --port 8099 --market none --ledger &',
    "curl 'http://127.0.0.1:8099/admin/ledger?apiKey=KEY'",
  ],
  notes: `\
ccxt, with exchange.json from the examples:

${indented(CCXT_SNIPPET)}
bybit-api:

${indented(BYBIT_API_SNIPPET)}`,
};

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
