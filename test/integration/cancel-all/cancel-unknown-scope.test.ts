import { describe, expect, test } from 'vitest';
import type { Surface } from '../../../src/simulator/bybit-api/surface.ts';
import { commandScene } from '../../support/cancel/cancel-command.ts';

/** Replaces the response of one path. */
const instead =
  (path: string, body: object, isMeant = (_query: string): boolean => true) =>
  (surface: Surface): Surface => ({
    ...surface,
    async http(request) {
      const answer = await surface.http(request);
      return request.path === path && isMeant(request.query) ? { ...answer, body: JSON.stringify(body) } : answer;
    },
  });
const REFUSED = { retCode: 10_001, retMsg: 'params error: symbol invalid', result: {}, retExtInfo: {}, time: 1_767_225_600_000 };
const BROKEN = { retCode: 10_016, retMsg: 'Server error.', result: {}, retExtInfo: {}, time: 1_767_225_600_000 };

describe.concurrent('a scope that is nothing the exchange has', () => {
  test.for<[string[], string]>([
    [['--symbols', 'NOSUCH', '--force'], 'symbol NOSUCH in linear, spot'],
    [['--symbols', 'NOSUCH', '--category', 'linear', '--yes', '--json'], 'symbol NOSUCH in linear'],
    [['--symbols', 'NOSUCH', '--dry-run'], 'symbol NOSUCH in linear, spot'],
    [['--symbols', 'NOSUCH', '--dry-run', '--json'], 'symbol NOSUCH in linear, spot'],
    [['--symbols', 'NOSUCH'], 'symbol NOSUCH in linear, spot'],
    [['--settle-coin', 'XYZ', '--force'], 'settle coin XYZ in linear'],
    [['--settle-coin', 'XYZ', '--dry-run'], 'settle coin XYZ in linear'],
    [['--symbols', 'NOSUCH', '--category', 'inverse', '--force'], 'symbol NOSUCH in inverse'],
  ])('%j: exit 2 with its name, and no verdict', async ([args, named], context) => {
    const scene = await commandScene(context);
    const { exitCode, stdout, stderr } = await scene.cancelAll(args);
    expect([exitCode, stderr.text]).toEqual([2, expect.stringContaining(named)]);
    expect(stderr.text).toMatch(/hint: .*--category/);
    expect(stdout.text).not.toMatch(/VERIFIED|"verified": true|to cancel/);
    if (args.includes('--json'))
      expect(JSON.parse(stdout.text)).toMatchObject({ ok: false, exitCode: 2, error: { code: 'unknown_scope' } });
  });

  test('is one too where the exchange refuses to list its orders, and that takes no deadline to find out', async (context) => {
    const scene = await commandScene(context, instead('/v5/order/realtime', REFUSED));
    for (const how of ['--force', '--dry-run']) {
      const { exitCode, stderr } = await scene.cancelAll(['--symbols', 'NOSUCH', '--category', 'linear', how]);
      expect([exitCode, stderr.text]).toEqual([2, expect.stringContaining('symbol NOSUCH in linear')]);
    }
  });

  test('together with a known one: orders of that one are canceled, but there is no proof', async (context) => {
    const scene = await commandScene(context);
    scene.rest(2);
    const { exitCode, stdout, stderr } = await scene.cancelAll(['--symbols', 'BTCUSDT,NOSUCH', '--force']);
    expect([exitCode, stderr.text]).toEqual([2, expect.stringContaining('symbol NOSUCH in linear, spot')]);
    expect(stdout.text).toContain('NOT PROVEN for NOSUCH');
    expect(stdout.text).not.toContain('VERIFIED');
    expect(scene.open()).toEqual([]);
  });
});

describe.concurrent('a list of instruments that cannot be read', () => {
  test('stands in the way of no cancel', async (context) => {
    const scene = await commandScene(context, instead('/v5/market/instruments-info', BROKEN));
    scene.rest(2);
    const { exitCode, stdout } = await scene.cancelAll(['--symbols', 'BTCUSDT', '--force']);
    expect([exitCode, stdout.text, scene.open()]).toEqual([0, expect.stringContaining('VERIFIED EMPTY'), []]);
  });

  test('nor does one that lacks what orders rest under', async (context) => {
    const isOfOne = (query: string): boolean => query.includes('symbol=');
    const scene = await commandScene(context, instead('/v5/market/instruments-info', REFUSED, isOfOne));
    scene.rest(2);
    const { exitCode, stdout } = await scene.cancelAll(['--symbols', 'BTCUSDT', '--force']);
    expect([exitCode, stdout.text, scene.open()]).toEqual([0, expect.stringContaining('VERIFIED EMPTY'), []]);
  });
});
