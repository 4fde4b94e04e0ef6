import { Command, Option } from 'commander';
import { loadCredentials } from '../config/credentials.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { isOwn } from '../exchange/cancel-port.ts';
import { cancelAll } from '../execution/cancel-all.ts';
import type { Host } from '../host.ts';
import { claimInstance } from '../store/instance.ts';
import type { Logger } from '../telemetry/logger.ts';
import { systemClock } from '../util/clock.ts';
import { accountName, guardName, urlParser } from './address.ts';
import { addressFor } from './consent.ts';
import { openEmergency, quietFromNow, type Emergency } from './emergency.ts';
import { setExitCode } from './exit-code.ts';
import { openLog } from './log.ts';

/** Silence longer than this means that the bot hangs. It speaks at the end of its turns, several times a second. */
const SILENCE_MS = 2000;
const LOOK_MS = 100;
const DEADLINE_MS = 120_000;

/** Its words to the guard. */
export const BEAT = 'beat';
export const DONE = 'done';

interface Choice {
  readonly restUrl: string;
  readonly wsUrl: string;
}

/** Started by `live`, not by people: it can only cancel, and does when the bot that started it dies or falls silent. */
export function guardCommand(host: Host): Command {
  const command = new Command('guard')
    .description('Watch over mmbot live: cancel its orders when it dies or hangs. Started by live.')
    .addOption(new Option('--rest-url <url>').argParser(urlParser(['http:', 'https:'])).makeOptionMandatory())
    .addOption(new Option('--ws-url <url>').argParser(urlParser(['ws:', 'wss:'])).makeOptionMandatory());
  return command.action(async (choice: Choice) => setExitCode(command, await guard(host, choice)));
}

async function guard(host: Host, choice: Choice): Promise<ExitCode> {
  const credentials = loadCredentials(host);
  const log = openLog(host, { json: false, quiet: false, logLevel: 'info' }, systemClock, [credentials.apiKey, credentials.secret]);
  // Everything is ready before it is needed: nothing is loaded or looked up in the emergency.
  await using emergency = openEmergency(addressFor(host, 'cancel', choice), credentials);
  // Whoever starts to trade this account waits for the end of this process: it might cancel his orders.
  await using claim = await claimed(guardName(accountName(choice, credentials.apiKey)));
  if (!claim.isOurs) log.warn('another_guard', { meaning: 'two guards watch this account' });
  const ending = await watch(host);
  if (ending === 'done') return EXIT.ok;
  log.error('guard_acts', { because: ending });
  return await act(emergency, log);
}

async function claimed(name: string): Promise<AsyncDisposable & { readonly isOurs: boolean }> {
  const claim = await claimInstance(name, () => undefined);
  return { isOurs: claim !== undefined, [Symbol.asyncDispose]: () => claim?.release() ?? Promise.resolve() };
}

/** How the watch ended: the bot has stopped in order, is gone, or says nothing any more. */
function watch(host: Host): Promise<'done' | 'bot_died' | 'bot_hangs'> {
  return new Promise((resolve) => {
    let heardAt = systemClock.monotonic();
    const settle = (ending: 'done' | 'bot_died' | 'bot_hangs'): void => {
      cancel();
      // An open pipe would keep this process alive after its work.
      stopListening();
      resolve(ending);
    };
    const look = (): void => {
      if (systemClock.monotonic() - heardAt > SILENCE_MS) settle('bot_hangs');
      else cancel = systemClock.schedule(LOOK_MS, look);
    };
    let cancel = systemClock.schedule(LOOK_MS, look);
    const stopListening = host.onLines(
      (line) => {
        if (line === DONE) settle('done');
        heardAt = systemClock.monotonic();
      },
      () => settle('bot_died'),
    );
  });
}

async function act({ port, limiter }: Emergency, log: Logger): Promise<ExitCode> {
  const report = await cancelAll(
    {
      trigger: 'guard',
      scopes: [{ category: 'linear', settleCoin: 'USDT' }],
      isTarget: isOwn,
      includeStops: false,
      perOrder: false,
      quietAt: quietFromNow(),
      deadlineMs: DEADLINE_MS,
    },
    { port, clock: systemClock, limiter },
  );
  const { trigger, canceled, remaining, method, verified } = report;
  log[verified ? 'info' : 'error']('cancel_all_done', {
    trigger,
    canceled,
    failed: remaining.length,
    remaining: remaining.length,
    method,
    verified,
  });
  return verified ? EXIT.ok : EXIT.ordersRemain;
}
