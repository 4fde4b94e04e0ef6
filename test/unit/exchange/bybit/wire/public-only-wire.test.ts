import { expect, test } from 'vitest';
import { publicOnly } from '../../../../../src/exchange/bybit/wire/public-only-wire.ts';
import type { Wire } from '../../../../../src/exchange/bybit/wire/wire.ts';
import { Message } from '../../../../../src/util/message.ts';

const LISTENER = { onOpen: () => undefined, onMessage: () => undefined, onClose: () => undefined };

function tapped() {
  const passed: string[] = [];
  const wire: Wire = {
    request: ({ method, url }) => {
      passed.push(`${method} ${url}`);
      return Promise.resolve({ status: 200, statusText: 'OK', headers: {}, body: '{}' });
    },
    open: (url) => {
      passed.push(url);
      return { send: ({ text }) => passed.push(text), close: () => undefined };
    },
    close: () => Promise.resolve(),
  };
  return { passed, gate: publicOnly(wire) };
}

const GET = { method: 'GET', url: 'https://host/v5/market/time', headers: {}, body: '' };

test('market reads and public streams pass', async () => {
  const { passed, gate } = tapped();
  await gate.request(GET);
  await gate.request({ ...GET, url: 'https://host/v5/market/instruments-info?category=linear' });
  const socket = gate.open('wss://host/v5/public/linear', LISTENER);
  socket.send(new Message({ op: 'subscribe', args: ['orderbook.50.BTCUSDT'] }));
  socket.send(new Message({ op: 'ping' }));
  expect(passed).toHaveLength(5);
});

test.each([
  { ...GET, method: 'POST' },
  { ...GET, method: 'POST', url: 'https://host/v5/order/create', body: '{}' },
  { ...GET, url: 'https://host/v5/order/realtime' },
  { ...GET, url: 'https://host/v5/account/wallet-balance' },
  { ...GET, url: 'https://host/v5/market/../order/create' },
  { ...GET, url: 'https://host/x?/v5/market/time' },
  { ...GET, headers: { 'X-BAPI-API-KEY': 'key' } },
  { ...GET, headers: { 'x-bapi-sign': 'signature' } },
  { ...GET, body: '{"symbol":"BTCUSDT"}' },
])('%j does not', (request) => {
  const { passed, gate } = tapped();
  expect(() => gate.request(request)).toThrow('is no read of public market data');
  expect(passed).toEqual([]);
});

test.each([
  'wss://host/v5/trade',
  'wss://host/v5/private',
  'wss://host/v5/public/linear/../../trade',
  'wss://host/v5/public/linear?x=/v5/trade',
])('%s is not opened', (url) => {
  const { passed, gate } = tapped();
  expect(() => gate.open(url, LISTENER)).toThrow('is no public stream');
  expect(passed).toEqual([]);
});

test.each(['{"op":"auth","args":[]}', '{"op":"order.create","args":[{}]}', 'not JSON', '{}'])(
  '%s is not said to a public stream',
  (text) => {
    const { passed, gate } = tapped();
    const socket = gate.open('wss://host/v5/public/linear', LISTENER);
    expect(() => socket.send(new Message(text))).toThrow('is no message to a public stream');
    expect(passed).toHaveLength(1);
  },
);
