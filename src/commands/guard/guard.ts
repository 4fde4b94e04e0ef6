import { Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { claimInstance } from '../../store/instance.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock } from '../../util/clock.ts';
import { isLocal } from '../../wiring/account-names.ts';
import { urlParser } from '../options/address.ts';
import { BotWatch } from './bot-watch.ts';
import { addressFor } from '../../wiring/consent.ts';
import { openEmergency, quietFromNow } from '../../wiring/emergency.ts';
import { setExitCode } from '../process/exit-code.ts';
import { actUntilProven } from './act.ts';
import { ACTS } from './words.ts';
import { openLog } from '../process/log.ts';

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
  const address = addressFor(host, 'cancel', choice);
  let log: Logger | undefined;
  // Whatever tells all processes of a unit to end tells the bot too, which may be killed before it has canceled.
  host.onSignal((signal) =>
    log?.warn('guard_goes_on', { signal, until: 'the bot has stopped in order, or it is proven that nothing rests' }),
  );
  const say = (word: string): void => host.stdout.write(`${word}\n`);
  const bot = new BotWatch(systemClock, say);
  const stopListening = host.onLines(
    (line) => bot.heard(line),
    () => bot.gone(),
  );
  try {
    const handover = await bot.handover;
    // It was gone before it could send anything.
    if (handover === undefined) return EXIT.ok;
    const { credentials, names } = handover;
    const secrets = [credentials.apiKey, credentials.secret];
    host.hide(secrets);
    log = openLog(host, { json: false, quiet: false, logLevel: 'info' }, systemClock, secrets);
    // Everything is ready before it is needed: nothing is loaded or looked up in the emergency.
    await using emergency = openEmergency(address, credentials);
    // A bot that starts on this account waits for the end of this process, which might cancel its orders.
    await using _claims = await claimed(names, log);
    const ending = await bot.begin();
    // An open pipe would keep this process alive after its work.
    stopListening();
    if (ending === 'done') return EXIT.ok;
    say(ACTS);
    log.error('guard_acts', { because: ending });
    return await actUntilProven({
      ...emergency,
      clock: systemClock,
      log,
      lateCreateDeadline: quietFromNow(),
      isLocal: isLocal(choice.restUrl),
    });
  } finally {
    stopListening();
  }
}

async function claimed(names: readonly string[], log: Logger): Promise<AsyncDisposable> {
  const claims = await Promise.all(names.map((name) => claimInstance(name, () => undefined)));
  if (claims.includes(undefined)) log.warn('another_guard', { meaning: 'two guards watch this account' });
  return {
    async [Symbol.asyncDispose]() {
      for (const claim of claims) await claim?.release();
    },
  };
}
