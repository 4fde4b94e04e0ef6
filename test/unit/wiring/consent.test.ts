import { describe, expect, test } from 'vitest';
import { addressFor, type Purpose } from '../../../src/wiring/consent.ts';
import { main } from '../../../src/main.ts';
import { testHost } from '../../support/program/test-host.ts';

const LOOPBACK = ['--rest-url', 'http://127.0.0.1:1', '--ws-url', 'ws://localhost:1'];
const MAINNET = [
  'https://api.bybit.com',
  'https://api.bytick.com',
  'https://api.bybit.nl',
  'https://api.bybit.eu',
  'https://api.bybit.com.tr',
];
const REGIONS = [
  'https://api.bybit.kz',
  'https://api.bybit.tr',
  'https://api.manepa.jp',
  'https://api.byhkbit.com',
  'https://api.bybitgeorgia.ge',
];
const UNKNOWN = ['https://testnet.example.org', 'http://10.0.0.5:8099', 'https://api-testnet.bybit.com.example.org'];
const TLS_OFF = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ exitCode: number; said: string }> {
  const host = testHost({ argv, env });
  return { exitCode: await main(host), said: host.stderr.text };
}

describe('real money needs both consents, wherever it is', () => {
  test.each([...MAINNET, ...REGIONS, ...UNKNOWN])('live at %s', async (restUrl) => {
    const words = ['live', '--rest-url', restUrl, '--ws-url', 'ws://127.0.0.1:1'];
    for (const [args, env] of [
      [words, {}],
      [[...words, '--confirm', 'mainnet'], {}],
      [[...words, '--confirm', 'testnet'], { MM_LIVE_ENABLE: '1' }],
      [words, { MM_LIVE_ENABLE: '1' }],
    ] as const) {
      expect(await run(args, env)).toEqual({
        exitCode: 2,
        said: expect.stringContaining('--confirm mainnet and MM_LIVE_ENABLE=1') as unknown,
      });
    }
    const consented = await run([...words, '--confirm', 'mainnet'], { MM_LIVE_ENABLE: '1' });
    expect(consented.said).toContain('BYBIT_API_KEY is not set');
  });

  test('of two URLs the worse decides', async () => {
    const rest = await run(['live', '--rest-url', 'https://api.bybit.com', '--ws-url', 'ws://127.0.0.1:1']);
    const socket = await run(['live', '--rest-url', 'http://127.0.0.1:1', '--ws-url', 'wss://stream.bybit.com']);
    expect([rest.said, socket.said]).toEqual([
      expect.stringContaining('api.bybit.com is mainnet'),
      expect.stringContaining('stream.bybit.com is mainnet'),
    ]);
  });

  test.each([LOOPBACK, ['--venue', 'testnet'], ['--rest-url', 'https://api-demo.bybit.com', '--ws-url', 'wss://stream-demo.bybit.com']])(
    'none is asked at %s',
    async (...words) => {
      expect((await run(['live', ...words])).said).toContain('BYBIT_API_KEY is not set');
    },
  );
});

describe('a load goes to loopback and to test hosts', () => {
  test.each([...MAINNET, ...REGIONS, ...UNKNOWN])('not to %s', async (restUrl) => {
    const consented = ['load-test', '--rest-url', restUrl];
    expect(await run(consented, { MM_LIVE_ENABLE: '1' })).toEqual({
      exitCode: 2,
      said: expect.stringContaining('never runs on mainnet') as unknown,
    });
  });

  test('not when its streams are elsewhere', async () => {
    const { exitCode, said } = await run(['load-test', ...LOOPBACK.slice(0, 2), '--ws-url', 'wss://stream.manepa.jp']);
    expect([exitCode, said]).toEqual([2, expect.stringContaining('stream.manepa.jp is mainnet')]);
  });
});

test('canceling and watching need no consent anywhere', () => {
  const host = testHost();
  for (const purpose of ['cancel', 'watch'] satisfies Purpose[]) {
    for (const restUrl of [...MAINNET, ...REGIONS, ...UNKNOWN])
      expect(addressFor(host, purpose, { restUrl, wsUrl: 'ws://127.0.0.1:1' }).restUrl).toBe(restUrl);
  }
});

describe('the streams of a host of Bybit, which have another name', () => {
  test.each([
    ['https://api.bybit.com', 'wss://stream.bybit.com'],
    ['https://API.bytick.com:443', 'wss://stream.bybit.com'],
    ['https://api-testnet.bybit.com', 'wss://stream-testnet.bybit.com'],
    ['https://api.bybit.tr', 'wss://stream.bybit.tr'],
    ['https://api.manepa.jp', 'wss://stream.manepa.jp'],
    ['https://bybit.example.org:8443', 'wss://bybit.example.org:8443'],
  ])('%s: %s', (restUrl, wsUrl) => {
    expect(addressFor(testHost(), 'watch', { restUrl })).toMatchObject({ restUrl, wsUrl });
  });

  test('are those of demo with its limits, also when it is named by its address', () => {
    const { venue: _, ...byUrl } = { venue: 'demo', ...addressFor(testHost(), 'trade', { restUrl: 'https://api-demo.bybit.com' }) };
    expect(byUrl).toEqual(addressFor(testHost(), 'trade', { venue: 'demo' }));
  });

  test.each(['https://api.bybit.eu', 'https://api.bybit.nl', 'https://api.bybit.com.tr'])(
    'are not guessed where Bybit names none: %s',
    (restUrl) => {
      expect(() => addressFor(testHost(), 'watch', { restUrl })).toThrow(/--ws-url.*no address for the streams/);
      expect(addressFor(testHost(), 'watch', { restUrl, wsUrl: 'wss://stream.bybit.eu' }).wsUrl).toBe('wss://stream.bybit.eu');
      // Orders can be canceled without streams.
      expect(addressFor(testHost(), 'cancel', { restUrl }).restUrl).toBe(restUrl);
    },
  );
});

describe('TLS without verification', () => {
  test.each([
    ['live', '--venue', 'testnet'],
    ['live', '--venue', 'mainnet', '--dry-run'],
    ['live', '--rest-url', 'https://testnet.example.org', '--confirm', 'mainnet'],
    ['load-test', '--venue', 'testnet'],
    ['cancel-all', '--venue', 'mainnet', '--force'],
    ['guard', '--rest-url', 'https://api.bybit.com', '--ws-url', 'wss://stream.bybit.com'],
  ])('is refused: %s %s %s', async (...argv) => {
    const env = { ...TLS_OFF, MM_LIVE_ENABLE: '1', BYBIT_API_KEY: 'canary-key-000000', BYBIT_API_SECRET: 'canary-secret-0000' };
    const { exitCode, said } = await run(argv, env);
    expect([exitCode, said]).toEqual([2, expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED')]);
  });

  test('is allowed on loopback', async () => {
    expect((await run(['live', ...LOOPBACK], TLS_OFF)).said).toContain('BYBIT_API_KEY is not set');
  });
});

test.each([
  [['live', '--rest-url', 'http://api-testnet.bybit.com'], 'https://'],
  [['cancel-all', '--rest-url', 'https://api.bybit.com', '--ws-url', 'ws://stream.bybit.com', '--force'], 'wss://'],
  [['live', '--venue', 'testnet', '--rest-url', 'http://127.0.0.1:1'], 'use either'],
  [['live', '--ws-url', 'ws://127.0.0.1:1'], '--rest-url'],
  [['live', '--rest-url', 'http://user:word@127.0.0.1:1'], 'without user name, password'],
  [['live', '--rest-url', 'http://127.0.0.1:1?x=1'], 'query'],
  [['guard', '--rest-url', 'nonsense', '--ws-url', 'ws://127.0.0.1:1'], 'nonsense'],
])('refuses %j with exit 2 and says why', async (argv, named) => {
  const { exitCode, said } = await run(argv);
  expect([exitCode, said]).toEqual([2, expect.stringContaining(named)]);
});
