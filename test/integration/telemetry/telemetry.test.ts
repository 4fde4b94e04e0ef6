import { describe, expect, test } from 'vitest';
import { openTelemetry, type TelemetryChoice } from '../../../src/commands/process/telemetry.ts';
import { BAN_MS } from '../../../src/exchange/bybit/codec/limits.ts';
import { Breakers } from '../../../src/execution/limits/breakers.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import { OrderStore } from '../../../src/execution/orders/order-store.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { ACTIVE } from '../../../src/risk/trading-state.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import type { Watched } from '../../../src/telemetry/scrape.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { parseScrape, sumOf } from '../../support/program/scrape.ts';
import { telemetryOf } from '../../support/builders/telemetry.ts';
import { testHost } from '../../support/program/test-host.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const TOKEN = 'a-token-of-more-than-sixteen';

function watched(parts: Partial<Watched> = {}): Watched {
  const breakers = new Breakers(new VirtualClock(0), seededRandom('1'), BAN_MS);
  return { phase: 'running', trading: ACTIVE, breakers, store: new OrderStore(), states: new Map(), ...parts };
}

async function get(url: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const response = await fetch(url, { headers });
  return [response.status, await response.text()];
}

describe('/metrics, /healthz and /readyz', () => {
  test('answer on loopback: the metrics in Prometheus’ format, health in a word', async () => {
    const telemetry = telemetryOf();
    const url = await telemetry.open();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await get(`${url}/healthz`)).toEqual([200, 'starting\n']);
    expect(await get(`${url}/readyz`)).toEqual([503, 'starting\n']);
    telemetry.watch(watched());
    expect(await get(`${url}/readyz`)).toEqual([200, 'active\n']);
    const response = await fetch(`${url}/metrics?from=prometheus`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const scrape = parseScrape(await response.text());
    expect(sumOf(scrape, 'mm_run_info', { command: 'soak', version: '1.2.3' })).toBe(1);
    expect(sumOf(scrape, 'mm_memory_bytes')).toBe(100_000_000);
    expect(sumOf(scrape, 'mm_cpu_seconds_total')).toBe(1.5);
    expect((await get(`${url}/elsewhere`))[0]).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  test('say that a frozen bot lives and is not ready, and that a stopping one is no corpse', async () => {
    const telemetry = telemetryOf();
    const url = await telemetry.open();
    telemetry.watch(watched({ trading: { mode: 'frozen', reason: 'daily_loss', at: 0 } }));
    expect([await get(`${url}/healthz`), await get(`${url}/readyz`)]).toEqual([
      [200, 'frozen\n'],
      [503, 'frozen\n'],
    ]);
    telemetry.watch(watched({ phase: 'stopping' }));
    expect([await get(`${url}/healthz`), await get(`${url}/readyz`)]).toEqual([
      [200, 'stopping\n'],
      [503, 'stopping\n'],
    ]);
  });

  test('report a loop without turns as dead', async () => {
    const clock = new VirtualClock(0);
    const telemetry = telemetryOf({ clock });
    const url = await telemetry.open();
    const record = (event: BotEvent): void => telemetry.record(event);
    await virtualSoak({ settings: settingsOf('s1'), seed: '1', durationMs: 1000, onEvent: record });
    telemetry.watch(watched());
    expect(await get(`${url}/healthz`)).toEqual([200, 'active\n']);
    await clock.run(sleep(clock, 2001));
    expect(await get(`${url}/healthz`)).toEqual([503, 'not turning\n']);
    expect(await get(`${url}/readyz`)).toEqual([503, 'not turning\n']);
  });

  test('begin every counter and histogram at 0, so that the first event is an increase', async () => {
    const scrape = parseScrape(await telemetryOf({ symbols: ['BTCUSDT', 'ETHUSDT'] }).scrape());
    const zeroes = ['mm_freeze_events_total', 'mm_recon_divergence_total', 'mm_orders_denied_total', 'mm_circuit_breaker_openings_total'];
    for (const name of zeroes) expect([name, sumOf(scrape, name)]).toEqual([name, 0]);
    expect(sumOf(scrape, 'mm_orders_placed_total', { symbol: 'ETHUSDT' })).toBe(0);
    expect(sumOf(scrape, 'mm_latency_ms_bucket', { symbol: 'ETHUSDT', stage: 'ack', le: '340' })).toBe(0);
  });

  test('show the breaker as it is: 1 while open, 0 again, although nothing happened in between', async () => {
    const clock = new VirtualClock(0);
    const breakers = new Breakers(clock, seededRandom('1'), BAN_MS);
    const telemetry = telemetryOf({ clock });
    telemetry.watch(watched({ breakers }));
    const state = async (): Promise<(number | undefined)[]> => {
      const scrape = parseScrape(await telemetry.scrape());
      return [sumOf(scrape, 'circuit_breaker_state'), sumOf(scrape, 'mm_circuit_breaker_openings_total')];
    };
    expect(await state()).toEqual([0, 0]);
    breakers.heard('http', new ExchangeError('banned', 'not-applied', 'HTTP 403'));
    expect(await state()).toEqual([1, 1]);
    await clock.run(sleep(clock, 600_001));
    // Half open: creates still may not leave.
    expect(await state()).toEqual([1, 1]);
    expect(breakers.of('http').takeProbe()).toBe(true);
    breakers.of('http').probed(undefined);
    expect(await state()).toEqual([0, 1]);
  });
});

describe('--metrics-port and --metrics-host', () => {
  const open = async (choice: Partial<TelemetryChoice>, env: Record<string, string> = {}) => {
    const lines: string[] = [];
    const log = createLogger({
      clock: new VirtualClock(0),
      level: 'info',
      format: 'json',
      write: (line) => lines.push(line),
      redact: (text) => text,
    });
    const run = { command: 'soak', symbols: ['BTCUSDT'], clock: new VirtualClock(0), log };
    const telemetry = await openTelemetry(testHost({ env }), { metricsHost: '127.0.0.1', ...choice }, run);
    const url = /"url":"([^"]+)"/.exec(lines.join(''))?.[1] ?? '';
    return { url, lines, [Symbol.asyncDispose]: () => telemetry[Symbol.asyncDispose]() };
  };

  test('without a port there is no server', async () => {
    await using telemetry = await open({});
    expect(telemetry.lines).toEqual([]);
    await expect(open({ metricsHost: '0.0.0.0' })).rejects.toThrow('--metrics-host needs --metrics-port');
  });

  test('elsewhere than on loopback a token is needed, in every request, and a warning says why', async () => {
    await expect(open({ metricsPort: 0, metricsHost: '0.0.0.0' })).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('openssl rand'),
    });
    await expect(open({ metricsPort: 0, metricsHost: '0.0.0.0' }, { MM_METRICS_TOKEN: 'short' })).rejects.toThrow(
      /at least 16 characters, was shorter/,
    );
    await using telemetry = await open({ metricsPort: 0, metricsHost: '0.0.0.0' }, { MM_METRICS_TOKEN: TOKEN });
    const url = telemetry.url.replace('0.0.0.0', '127.0.0.1');
    expect(telemetry.lines.join('')).toContain('metrics_exposed');
    expect(telemetry.lines.join('')).not.toContain(TOKEN);
    for (const authorization of ['', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, TOKEN]) {
      expect((await get(url, { authorization }))[0]).toBe(401);
    }
    expect((await get(url.replace('metrics', 'healthz')))[0]).toBe(401);
    expect((await get(url, { authorization: `Bearer ${TOKEN}` }))[0]).toBe(200);
  });

  test.each(['127.example.org', '127.0.0.1.example.org', '::ffff:10.0.0.1', '10.0.0.1'])(
    'no token, no server at %s',
    async (metricsHost) => {
      await expect(open({ metricsPort: 0, metricsHost })).rejects.toMatchObject({ exitCode: 2, code: 'metrics_token' });
    },
  );

  test.each(['127.0.0.1', 'localhost', '::1'])('%s is loopback: no token is needed', async (metricsHost) => {
    await using telemetry = await open({ metricsPort: 0, metricsHost });
    expect(telemetry.lines.join('')).not.toContain('metrics_exposed');
  });

  test('a port that is taken is a usage error that names it', async () => {
    await using first = await open({ metricsPort: 0 });
    const port = Number(new URL(first.url).port);
    await expect(open({ metricsPort: port })).rejects.toMatchObject({
      exitCode: 2,
      code: 'cannot_listen',
      message: expect.stringContaining(`:${port}`),
    });
  });
});
