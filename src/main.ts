import { Command, CommanderError } from 'commander';
import { exitCodeOf } from './commands/process/exit-code.ts';
import { writeFailure } from './commands/terminal/lines.ts';
import { VERSION } from './config/version.ts';
import { endFields, EXIT, failureOf, type ExitCode, type Failure } from './errors.ts';
import type { Host } from './host.ts';

export { endProcess, processHost } from './host.ts';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Not shown in the help: other commands start it. */
  readonly isHidden?: boolean;
  /** Imports the module, so that only the chosen command is loaded. */
  readonly load: (host: Host) => Promise<Command>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'soak',
    summary: 'run the bot against the embedded exchange and report PASS or FAIL',
    load: async (host) => (await import('./commands/soak/soak.ts')).soakCommand(host),
  },
  {
    name: 'campaign',
    summary: 'compare setups by many soaks in simulated time',
    load: async (host) => (await import('./commands/campaign/campaign.ts')).campaignCommand(host),
  },
  {
    name: 'live',
    summary: 'run the bot on the embedded exchange or on Bybit',
    load: async (host) => (await import('./commands/live/live.ts')).liveCommand(host),
  },
  {
    name: 'report',
    summary: 'show what an account traded, from its journal',
    load: async (host) => (await import('./commands/report/report.ts')).reportCommand(host),
  },
  {
    name: 'cancel-all',
    summary: 'cancel all open orders of an account and verify it',
    load: async (host) => (await import('./commands/cancel-all/cancel-all.ts')).cancelAllCommand(host),
  },
  {
    name: 'load-test',
    summary: 'send orders at a steady rate and compare their latency with an SLA',
    load: async (host) => (await import('./commands/load-test/load-test.ts')).loadTestCommand(host),
  },
  {
    name: 'config-explain',
    summary: 'show every setting and where its value comes from',
    load: async (host) => (await import('./commands/config-explain.ts')).configExplainCommand(host),
  },
  {
    name: 'test-summary',
    summary: 'run the test suites or read their results, and report PASS or FAIL',
    load: async (host) => (await import('./commands/test-summary/test-summary.ts')).testSummaryCommand(host),
  },
  {
    name: 'exchange',
    summary: 'serve the embedded exchange for any Bybit client',
    load: async (host) => (await import('./commands/exchange/exchange.ts')).exchangeCommand(host),
  },
  {
    name: 'market-facts',
    summary: 'show the facts of market models and recordings side by side',
    load: async (host) => (await import('./commands/market-facts.ts')).marketFactsCommand(host),
  },
  {
    name: 'worker',
    summary: 'make the runs of campaigns on other machines',
    load: async (host) => (await import('./commands/worker.ts')).workerCommand(host),
  },
  {
    name: 'completion',
    summary: 'print the script that completes commands in bash, zsh or fish',
    load: async (host) => (await import('./commands/completion.ts')).completionCommand(host, () => allCommands(host)),
  },
  {
    name: 'guard',
    summary: 'cancels the orders of live when it dies or hangs',
    isHidden: true,
    load: async (host) => (await import('./commands/guard/guard.ts')).guardCommand(host),
  },
  {
    name: 'run-worker',
    summary: 'makes the runs of a campaign, one after the other',
    isHidden: true,
    load: async (host) => (await import('./commands/run-worker.ts')).runWorkerCommand(host),
  },
];

/** Runs one command line. Never throws, never exits: the caller sets the process's exit code. */
export async function main(host: Host): Promise<ExitCode> {
  const program = new Command('mmbot')
    .description('Market-making toolkit for Bybit. Commands use the embedded exchange unless given a venue or an address.')
    .version(VERSION)
    .showHelpAfterError('Run mmbot --help, or mmbot COMMAND --help.');
  host.hide(['BYBIT_API_KEY', 'BYBIT_API_SECRET', 'MM_METRICS_TOKEN', 'MM_REDIS_PASSWORD'].map((name) => host.env[name]));
  host.onCrash((error) => report(host, error, ''));
  let complaint = '';
  // Set before any command is added, because each gets a copy.
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

/** Every command that is not hidden, with all its options. */
function allCommands(host: Host): Promise<readonly Command[]> {
  const shown = COMMANDS.filter(({ isHidden = false }) => !isHidden);
  return Promise.all(shown.map(async ({ summary, load }) => (await load(host)).summary(summary)));
}

/** Loads the command that the line names; the others are added with their summary only. */
async function addCommands(program: Command, host: Host): Promise<void> {
  const words = host.argv.filter((word) => !word.startsWith('-'));
  const chosen = words[0] === 'help' ? words[1] : words[0];
  for (const { name, summary, isHidden = false, load } of COMMANDS) {
    const command = name === chosen ? await load(host) : new Command(name);
    program.addCommand(command.copyInheritedSettings(program).summary(summary), { hidden: isHidden });
  }
}

/** Prints a failure of a command that has shown no result, and returns its exit code. `complaint`: the error text of commander. */
function report(host: Host, error: unknown, complaint: string): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const failure = error instanceof CommanderError ? usageFailure(error, complaint) : failureOf(error);
  writeFailure(host, failure);
  if (host.argv.includes('--json')) {
    const document = { schemaVersion: 1, ...endFields({ exitCode: failure.exitCode, failure }) };
    host.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }
  return failure.exitCode;
}

function usageFailure(error: CommanderError, text: string): Failure {
  return { exitCode: EXIT.usage, code: 'usage', message: error.message.replace(/^error: /, ''), hint: undefined, text };
}
