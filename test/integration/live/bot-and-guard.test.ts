import { expect, test, type TestContext } from 'vitest';
import { BEAT, handoverIn } from '../../../src/commands/guard/words.ts';
import { main } from '../../../src/main.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer } from '../../../src/simulator/server.ts';
import { at } from '../../../src/util/array.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { randomId, seededRandom, systemRandom } from '../../../src/util/random.ts';
import { folderWith } from '../../support/program/folders.ts';
import { PATIENT } from '../../support/bots/live-bot.ts';
import { testHost } from '../../support/program/test-host.ts';
import { userOfItsOwn } from '../../support/exchange/users.ts';

/** A guard, as far as the bot sees it. */
interface Beside {
  readonly args: readonly string[];
  readonly env: object;
  readonly heard: string[];
}

/** `mmbot live` for so long in this process, before an exchange of its own, with a guard that answers or does not. */
async function live({ onTestFinished: onEnd }: Pick<TestContext, 'onTestFinished'>, seconds: number, answers: boolean) {
  const random = seededRandom(randomId(systemRandom, 12));
  const terms = { symbols: ['BTCUSDT'], market: 'calm', ...userOfItsOwn() } as const;
  const embedded = createEmbeddedExchange({ clock: systemClock, random, ...terms });
  const server = await startServer(embedded.surface, { host: '127.0.0.1', port: 0 });
  embedded.start();
  onEnd(async () => {
    embedded.stop();
    await server.close();
  });
  const { apiKey, secret } = at(embedded.keys, 0);
  const guards: Beside[] = [];
  const host = testHost({
    argv: ['live', '--profile', 's1', '--rest-url', server.restUrl, '--duration', `${seconds}`, ...PATIENT],
    env: { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret, PATH: '/bin' },
    cwd: folderWith({}, onEnd),
  });
  const startBeside: typeof host.startBeside = (args, env, { onLine }) => {
    const heard: string[] = [];
    guards.push({ args, env, heard });
    const send = (line: string): void => {
      heard.push(line);
      if (answers && line === BEAT) queueMicrotask(() => onLine(BEAT));
    };
    return { pid: 7, send, end: () => undefined, kill: () => undefined, onExit: () => undefined };
  };
  await main({ ...host, startBeside });
  return { guards, said: host.stderr.text, placed: embedded.venue.ledger(0).counts().created, keys: [apiKey, secret] };
}

// Side by side: they wait most of the time.
test.concurrent('a guard gets the keys by its pipe: neither its environment nor its arguments hold them', async (context) => {
  const { guards, keys } = await live(context, 1, true);
  const { args, env, heard } = at(guards, 0);
  for (const word of keys) expect(JSON.stringify([args, env])).not.toContain(word);
  expect(env).toHaveProperty('PATH', '/bin');
  expect(Object.values(handoverIn(at(heard, 0))?.credentials ?? {})).toEqual(keys);
});

test.concurrent('nothing is placed while no guard answers', async (context) => {
  const { guards, said, placed } = await live(context, 3, false);
  expect([guards.length > 0, said.includes('"quoting"'), placed]).toEqual([true, false, 0]);
});
