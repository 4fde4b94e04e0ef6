import { Command, CommanderError } from 'commander';
import { exitCodeOf } from './commands/process/exit-code.ts';
import { VERSION } from './config/version.ts';
import { endFields, EXIT, failureOf, type ExitCode, type Failure } from './errors.ts';
import type { Host } from './host.ts';

export { processHost } from './host.ts';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Not for people. */
  readonly isHidden?: boolean;
  /** Loads the module: a command that is not chosen costs nothing. */
  readonly load: (host: Host) => Promise<Command>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'soak',
    summary: 'prove a setup: run the live loop against the embedded exchange',
    load: async (host) => (await import('./commands/soak/soak.ts')).soakCommand(host),
  },
  {
    name: 'live',
    summary: 'make markets, on the embedded exchange or on Bybit',
    load: async (host) => (await import('./commands/live/live.ts')).liveCommand(host),
  },
  {
    name: 'cancel-all',
    summary: 'cancel every open order of an account, and prove it',
    load: async (host) => (await import('./commands/cancel-all/cancel-all.ts')).cancelAllCommand(host),
  },
  {
    name: 'load-test',
    summary: 'load the order path at a steady rate and judge its latency',
    load: async (host) => (await import('./commands/load-test/load-test.ts')).loadTestCommand(host),
  },
  {
    name: 'config-explain',
    summary: 'show every setting and where its value comes from',
    load: async (host) => (await import('./commands/config-explain.ts')).configExplainCommand(host),
  },
  {
    name: 'test-summary',
    summary: 'say what the tests say: run the suites or read results of any runner',
    load: async (host) => (await import('./commands/test-summary/test-summary.ts')).testSummaryCommand(host),
  },
  {
    name: 'exchange',
    summary: 'serve the embedded exchange alone, for any Bybit client',
    load: async (host) => (await import('./commands/exchange/exchange.ts')).exchangeCommand(host),
  },
  {
    name: 'completion',
    summary: 'print the script that completes all this in bash, zsh or fish',
    load: async (host) => (await import('./commands/completion.ts')).completionCommand(host, () => allCommands(host)),
  },
  {
    name: 'guard',
    summary: 'started by live',
    isHidden: true,
    load: async (host) => (await import('./commands/guard/guard.ts')).guardCommand(host),
  },
];

/** Runs one command line. Never throws, never exits: the caller sets the process's exit code. */
export async function main(host: Host): Promise<ExitCode> {
  const program = new Command('mmbot')
    .description('Market-making toolkit for Bybit. Everything runs against an embedded exchange unless told otherwise.')
    .version(VERSION)
    .showHelpAfterError('Run mmbot --help, or mmbot COMMAND --help.');
  host.hide([host.env['BYBIT_API_KEY'], host.env['BYBIT_API_SECRET'], host.env['MM_METRICS_TOKEN']]);
  host.onCrash((error) => report(host, error, ''));
  let complaint = '';
  // Set before any command is added: each gets a copy.
  program.exitOverride().configureOutput({
    writeOut: (text) => host.stdout.write(text),
    writeErr: (text) => {
      complaint += text;
    },
    getOutHelpWidth: () => host.stdout.columns,
    getErrHelpWidth: () => host.stderr.columns,
  });
  let exitCode: ExitCode = EXIT.ok;
  program.hook('postAction', (_, command) => {
    exitCode = exitCodeOf(command) ?? EXIT.ok;
  });
  try {
    await addCommands(program, host);
    await program.parseAsync(host.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(host, error, complaint);
  }
}

/** Every command for people, with all its options. */
function allCommands(host: Host): Promise<readonly Command[]> {
  const shown = COMMANDS.filter(({ isHidden = false }) => !isHidden);
  return Promise.all(shown.map(async ({ summary, load }) => (await load(host)).summary(summary)));
}

/** Loads the commands that the line names; the others stand in the help by their summary alone. */
async function addCommands(program: Command, host: Host): Promise<void> {
  const words = host.argv.filter((word) => !word.startsWith('-'));
  const chosen = words[0] === 'help' ? words[1] : words[0];
  for (const { name, summary, isHidden = false, load } of COMMANDS) {
    const command = name === chosen ? await load(host) : new Command(name);
    program.addCommand(command.copyInheritedSettings(program).summary(summary), { hidden: isHidden });
  }
}

/** Where a failure of a command that has shown no result becomes text and an exit code. `complaint`: what commander has to say about it. */
function report(host: Host, error: unknown, complaint: string): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const failure = error instanceof CommanderError ? usageFailure(error, complaint) : failureOf(error);
  host.stderr.write(failure.text);
  if (host.argv.includes('--json')) {
    const document = { schemaVersion: 1, ...endFields({ exitCode: failure.exitCode, failure }) };
    host.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }
  return failure.exitCode;
}

function usageFailure(error: CommanderError, text: string): Failure {
  return { exitCode: EXIT.usage, code: 'usage', message: error.message.replace(/^error: /, ''), hint: undefined, text };
}
