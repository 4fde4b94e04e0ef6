import { describe, expect, test } from 'vitest';
import { commandScene, type CommandScene } from '../../support/cancel/cancel-command.ts';
import type { Message } from '../../../src/util/message.ts';

describe.concurrent('without consent cancel-all', () => {
  test('proves an empty account without a question, and says that it cancels nothing', async (context) => {
    const scene = await commandScene(context);
    const { exitCode, stdout, stderr } = await scene.cancelAll([]);
    expect([exitCode, stdout.text]).toEqual([0, expect.stringContaining('VERIFIED EMPTY')]);
    expect(stderr.text).toContain('"nothing_open"');
  });

  test('cancels nothing that appears later: without a terminal it ends with exit 2 and names it', async (context) => {
    const scene = await commandScene(context);
    const { exitCode, stdout, stderr } = await scene.cancelAll(['--json'], {
      onStderr: (text) => text.includes('"nothing_open"') && scene.rest(3),
    });
    expect([exitCode, stderr.text]).toEqual([2, expect.stringContaining('--yes')]);
    expect(scene.open()).toHaveLength(3);
    for (const id of scene.open()) expect(stderr.text).toContain(id);
    expect(JSON.parse(stdout.text)).toMatchObject({ ok: false, exitCode: 2, error: { code: 'no_consent' } });
  });

  test('asks at a terminal when something appears, and a yes is for all that follows', async (context) => {
    const scene = await commandScene(context);
    const questions: string[] = [];
    const { exitCode, stdout } = await scene.cancelAll([], {
      isTerminal: true,
      onStderr: (text) => text.includes('nothing_open') && scene.rest(3),
      answer: (question) => {
        questions.push(question);
        scene.rest(1);
        return 'yes';
      },
    });
    expect([exitCode, stdout.text, questions]).toEqual([0, expect.stringContaining('VERIFIED EMPTY'), ['Cancel 3 orders? [y/N] ']]);
    expect(scene.open()).toEqual([]);
  });

  test('cancels after a yes what the order stream alone has shown before it', async (context) => {
    let isHeard = false;
    const scene: CommandScene = await commandScene(context, (surface) => ({
      ...surface,
      async http(request) {
        const answer = await surface.http(request);
        // A query of the order shows it, but no list does.
        const isList = request.path === '/v5/order/realtime' && !request.query.includes('orderId');
        return isList ? { ...answer, body: answer.body.replace(/"list":\[.*\]/, '"list":[]') } : answer;
      },
      connect(path, peer) {
        const send = (message: Message): void => {
          peer.send(message);
          if (isHeard || !path.includes('private') || !/"success":true.*"op":"subscribe"/.test(message.text)) return;
          isHeard = true;
          scene.rest(1);
        };
        return surface.connect(path, { ...peer, send, close: (code, reason) => peer.close(code, reason) });
      },
    }));
    const { exitCode, stdout } = await scene.cancelAll([], { isTerminal: true, answer: () => 'yes' });
    expect([isHeard, exitCode, stdout.text, scene.open()]).toEqual([true, 0, expect.stringContaining('VERIFIED EMPTY'), []]);
  });

  test('halts no running bot: it asks first, also where nothing is open', async (context) => {
    const scene = await commandScene(context);
    const bot = await scene.startBot();
    const piped = await scene.cancelAll([]);
    expect([piped.exitCode, piped.stderr.text]).toEqual([2, expect.stringMatching(/running mmbot live of this account[\s\S]*--no-halt/)]);
    scene.rest(2);
    const questions: string[] = [];
    const refused = await scene.cancelAll([], { isTerminal: true, answer: (question) => (questions.push(question), 'n') });
    expect([refused.exitCode, questions]).toEqual([2, ['Cancel 2 orders, and halt the running mmbot live of this account? [y/N] ']]);
    expect([bot.halts(), scene.open().length]).toEqual([0, 2]);
  });

  test('cancels nothing unseen where the lists cannot be read', async (context) => {
    let isBlind = true;
    const canceled: string[] = [];
    const scene = await commandScene(context, (surface) => ({
      ...surface,
      async http(request) {
        if (request.path.startsWith('/v5/order/cancel')) canceled.push(request.path);
        const answer = await surface.http(request);
        return isBlind && request.path === '/v5/order/realtime' && !request.query.includes('spot') ? { ...answer, status: 500 } : answer;
      },
    }));
    scene.rest(1);
    const { exitCode, stderr } = await scene.cancelAll(['--deadline', '4']);
    expect([exitCode, stderr.text, canceled]).toEqual([2, expect.stringContaining('--yes'), []]);
    isBlind = false;
    expect(scene.open()).toHaveLength(1);
  });
});

describe.concurrent('a bot of the account with another key', () => {
  test('is not ruled out where the user id cannot be read', async (context) => {
    const scene = await commandScene(context, (surface) => ({
      ...surface,
      http: (request) => (request.path === '/v5/user/query-api' ? Promise.reject(new Error('no answer')) : surface.http(request)),
    }));
    scene.rest(1);
    const [told, json] = await Promise.all([scene.cancelAll(['--force']), scene.cancelAll(['--force', '--json'])]);
    expect([told.exitCode, json.exitCode]).toEqual([0, 0]);
    expect(told.stdout.text).toContain('whether a bot of this account runs here with another key is unknown');
    expect(JSON.parse(json.stdout.text)).toMatchObject({ runningBot: 'unknown', verified: true });
  });
});

describe.concurrent('a bot that starts after cancel-all began', () => {
  test('is halted as soon as its orders appear', async (context) => {
    let looks = 0;
    const bots: { readonly halts: () => number }[] = [];
    const scene: CommandScene = await commandScene(context, (surface) => ({
      ...surface,
      async http(request) {
        if (request.path === '/v5/order/realtime' && request.query.includes('category=spot')) looks += 1;
        if (looks === 2 && bots.length === 0) {
          bots.push(await scene.startBot());
          scene.rest(2);
        }
        return surface.http(request);
      },
    }));
    const { exitCode, stdout } = await scene.cancelAll(['--force', '--json', '--deadline', '25']);
    expect([exitCode, JSON.parse(stdout.text)]).toEqual([0, expect.objectContaining({ runningBot: 'halted', verified: true })]);
    expect(bots.map((bot) => bot.halts() > 0)).toEqual([true]);
    expect(stdout.text).toContain('"placedMeanwhile": 2');
  });
});
