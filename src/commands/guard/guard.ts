import { Command } from 'commander';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { claimInstance } from '../../store/instance.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock } from '../../util/clock.ts';
import { isLocal } from '../../wiring/account-names.ts';
import { addHelp, type HelpParts } from '../options/basics.ts';
import { restUrlOption, wsUrlOption } from '../options/address.ts';
import { BotWatch } from './bot-watch.ts';
import { addressFor } from '../../wiring/consent.ts';
import { openEmergency, quietFromNow } from '../../wiring/emergency.ts';
import { setExitCode } from '../process/exit-code.ts';
import { actUntilProven } from './act.ts';
import { ACTS } from './words.ts';
import { openLog } from '../process/log.ts';

const HELP: HelpParts = { examples: ['mmbot live --profile s1 --venue testnet'] };

interface Choice {
  readonly restUrl: string;
  readonly wsUrl: string;
}

/** Started by `live`, not by users. It can only cancel, and does so when the bot that started it dies or hangs. */
export function guardCommand(host: Host): Command {
  const command = new Command('guard')
    .description('Watch a running mmbot live and cancel its orders when it dies or hangs; mmbot live starts it.')
    .addOption(restUrlOption('the exchange').makeOptionMandatory())
    .addOption(wsUrlOption('the exchange').makeOptionMandatory());
  return addHelp(command, HELP).action(async (choice: Choice) => setExitCode(command, await guard(host, choice)));
}

async function guard(host: Host, choice: Choice): Promise<ExitCode> {
  const address = addressFor(host, 'cancel', choice);
  let log: Logger | undefined;
  // A signal to all processes of a unit reaches the bot too, which may be killed before it has canceled: the guard stays until that is sure.
  host.onSignal((signal) =>
    log?.warn('guard_goes_on', { signal, until: 'the bot has stopped cleanly, or it is verified that no order is open' }),
  );
  const say = (word: string): void => host.stdout.write(`${word}\n`);
  const bot = new BotWatch(systemClock, say);
  const stopListening = host.onLines(
    (line) => bot.heard(line),
    () => bot.gone(),
  );
  try {
    const handover = await bot.handover;
    // The bot ended before it could place an order.
    if (handover === undefined) return EXIT.ok;
    const { credentials, names, isShared, emergency: line } = handover;
    const secrets = [credentials.apiKey, credentials.secret];
    host.hide(secrets);
    log = openLog(host, { json: false, quiet: false, logLevel: 'info' }, systemClock, secrets);
    // Prepared in advance, so that nothing is loaded or looked up in an emergency.
    await using emergency = openEmergency(address, credentials);
    // A bot that starts on this account waits until this process ends, because the guard might cancel its orders.
    await using _claims = await claimed(names, log);
    const ending = await bot.begin();
    // The open pipe would keep this process alive.
    stopListening();
    if (ending === 'done') return EXIT.ok;
    say(ACTS);
    log.error('guard_acts', { because: ending });
    return await actUntilProven({
      ...emergency,
      clock: systemClock,
      log,
      lateCreateDeadline: quietFromNow(),
      isShared,
      line,
      isLocal: isLocal(choice.restUrl),
    });
  } finally {
    stopListening();
  }
}

async function claimed(names: readonly string[], log: Logger): Promise<AsyncDisposable> {
  const claims = await Promise.all(names.map((name) => claimInstance(name, () => undefined)));
  if (claims.includes(undefined)) log.warn('another_guard', { meaning: 'another guard watches this account too' });
  return {
    async [Symbol.asyncDispose]() {
      for (const claim of claims) await claim?.release();
    },
  };
}
