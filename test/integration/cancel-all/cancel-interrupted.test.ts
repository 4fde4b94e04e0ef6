import { describe, expect, test } from 'vitest';
import type { Surface } from '../../../src/simulator/bybit-api/surface.ts';
import { commandScene } from '../../support/cancel/cancel-command.ts';

/** Cancels are taken and never done: what was open stays. */
const deaf = (surface: Surface): Surface => ({
  ...surface,
  http: (request) => surface.http(request.path.startsWith('/v5/order/cancel') ? { ...request, path: '/v5/market/time' } : request),
});
/** No list of orders is ever answered. */
const silent = (surface: Surface): Surface => ({
  ...surface,
  http: (request) => (request.path === '/v5/order/realtime' ? new Promise(() => undefined) : surface.http(request)),
});

/** Calls `hear` when the nth look begins. */
const atLook =
  (nth: number, hear: () => void) =>
  (surface: Surface): Surface => {
    let looks = 0;
    return {
      ...surface,
      http(request) {
        if (request.path === '/v5/order/realtime' && request.query.includes('category=spot') && (looks += 1) === nth) hear();
        return surface.http(request);
      },
    };
  };

describe.concurrent('cancel-all that a signal ends', () => {
  test('says what it has last seen open, with exit 4', async (context) => {
    let interrupt = (): void => undefined;
    const scene = await commandScene(context, (surface) => atLook(3, () => interrupt())(deaf(surface)));
    scene.rest(2);
    const { exitCode, stdout } = await scene.cancelAll(['--yes'], {
      onStderr: (_, host) => (interrupt = () => host.signal('SIGINT')),
    });
    expect([exitCode, stdout.text]).toEqual([4, expect.stringMatching(/ORDERS MAY REMAIN: stopped by SIGINT .* 2 were open/)]);
    for (const id of scene.open()) expect(stdout.text).toContain(id);
  });

  test('says that no order was seen, in JSON too', async (context) => {
    let interrupt = (): void => undefined;
    const scene = await commandScene(
      context,
      atLook(3, () => interrupt()),
    );
    const { exitCode, stdout } = await scene.cancelAll(['--json', '--yes'], {
      onStderr: (_, host) => (interrupt = () => host.signal('SIGTERM')),
    });
    const known = { ok: false, exitCode: 4, interruptedBy: 'SIGTERM', verified: false, found: 0, remaining: [] };
    expect([exitCode, JSON.parse(stdout.text)]).toEqual([4, expect.objectContaining(known)]);
  });

  test('before any list was read knows nothing, and says that', async (context) => {
    const scene = await commandScene(context, silent);
    const { exitCode, stdout, stderr } = await scene.cancelAll(['--json', '--yes'], {
      onStderr: (text, host) => text.includes('"cancel_all_started"') && queueMicrotask(() => host.signal('SIGTERM')),
    });
    expect([exitCode, stderr.text]).toEqual([4, expect.stringMatching(/ORDERS MAY REMAIN: stopped by SIGTERM before any list/)]);
    expect(JSON.parse(stdout.text)).toMatchObject({ ok: false, exitCode: 4, error: { code: 'interrupted' } });
  });

  test('continues after a SIGHUP', async (context) => {
    const scene = await commandScene(context);
    scene.rest(1);
    const { exitCode, stdout } = await scene.cancelAll(['--yes'], {
      onStderr: (text, host) => text.includes('"cancel_all_started"') && host.signal('SIGHUP'),
    });
    expect([exitCode, stdout.text]).toEqual([0, expect.stringContaining('VERIFIED EMPTY')]);
  });

  test('has done nothing at the question: the exit code is the signal’s', async (context) => {
    const scene = await commandScene(context);
    scene.rest(1);
    const { exitCode, stderr } = await scene.cancelAll([], {
      isTerminal: true,
      onStderr: (text, host) => text.includes('1 to cancel') && host.signal('SIGINT'),
    });
    expect([exitCode, stderr.text]).toEqual([130, expect.stringContaining('before any order was canceled')]);
    expect(scene.open()).toHaveLength(1);
  });
});
