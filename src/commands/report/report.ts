import { Command, Option } from 'commander';
import { basename, join, resolve } from 'node:path';
import { attempt, EXIT, usageError, type ExitCode } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { TradeFold, type TradeScope } from '../../reports/trades/trade-fold.ts';
import { tradeHtml } from '../../reports/trades/trade-html.ts';
import { spanOf, tradeReport } from '../../reports/trades/trade-report.ts';
import { csvText } from '../../reports/trades/trade-row.ts';
import { expectWritable } from '../../store/whole-files.ts';
import { isFolderInUse, readHistory } from '../../store/journal-folder.ts';
import { journalFoldersIn, readExecutions } from '../../store/executions.ts';
import { systemClock } from '../../util/clock.ts';
import { addHelp, jsonOption, quietOption, type HelpParts } from '../options/basics.ts';
import { filled } from '../options/filled.ts';
import { momentAt, momentOption, type Moment } from '../options/instants.ts';
import { outputOptions } from '../options/options.ts';
import { outOption } from '../options/run-options.ts';
import { symbolsOption } from '../options/symbols.ts';
import { setExitCode } from '../process/exit-code.ts';
import { publishTrades } from './output.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot report',
    'mmbot report --since 7d',
    'mmbot report --since 2026-11-01 --until 2026-12-01 --csv > november.csv',
    'mmbot report --state-dir /var/lib/mmbot --symbols BTCUSDT --json',
  ],
  notes: `\
Reads the journal that live keeps in --state-dir; a bot may be running. Needs no
account and no network. Exit codes: 0 when the record is COMPLETE, 5 when
executions may be missing, 2 when there is no journal.`,
};

/** Folders of exchanges that end with the process of a bot. */
const NEW_EACH_RUN = ['embedded', 'shadow'];

/** A text of more lines does not fit into a string of JavaScript. */
const MOST_ROWS = 1_000_000;

interface Choice {
  readonly stateDir: string;
  readonly account?: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly symbols?: readonly string[];
  readonly csv?: boolean;
  readonly out: string;
}

export function reportCommand(host: Host): Command {
  const command = new Command('report')
    .description('Show what an account traded: executions, fees, funding and PnL by symbol, day and run, from the journal of live.')
    .addOption(
      new Option('--state-dir <dir>', 'folder for journals, as given to live')
        .argParser(filled('a folder, such as .mmbot'))
        .default('.mmbot'),
    )
    .addOption(new Option('--account <name>', 'subfolder of the account, when there are several').argParser(filled('a folder name')))
    .addOption(momentOption('--since', 'from this time on: 7d or 12h before now, or 2026-11-01, UTC (default: all)'))
    .addOption(momentOption('--until', 'before this time (default: now)'))
    .addOption(symbolsOption('symbols to report'))
    .addOption(new Option('--csv', 'print executions and payments as CSV on stdout').conflicts('json'))
    .addOption(outOption('report.html, report.md, report.json and executions.csv', 'reports/account'))
    .addOption(jsonOption())
    .addOption(quietOption());
  return addHelp(command, HELP).action(async (choice: Choice) => setExitCode(command, await report(host, command, choice)));
}

async function report(host: Host, command: Command, choice: Choice): Promise<ExitCode> {
  const out = resolve(host.cwd, choice.out);
  expectWritable(join(out, 'report.html'));
  const folder = folderOf(resolve(host.cwd, choice.stateDir), choice);
  const now = systemClock.now();
  const scope = { ...scopeOf(choice, now), isNewEachRun: NEW_EACH_RUN.includes(basename(folder)) };
  const isRunning = await isFolderInUse(folder);
  const fold = new TradeFold(scope);
  const { problems } = readExecutions(folder, fold.add);
  expectTraded(fold, choice);
  if (fold.rows.length > MOST_ROWS)
    throw usageError(`${fold.rows.length} executions: expected no more than ${MOST_ROWS} in one report`, {
      code: 'too_many',
      hint: 'take a shorter time with --since and --until, or some of the --symbols',
    });
  const result = tradeReport(fold, scope, { folder, isRunning, problems, unsettled: isRunning ? [] : unsettledIn(folder), now });
  const inOrder = <Timed extends { readonly at: number }>(of: readonly Timed[]): readonly Timed[] => of.toSorted((a, b) => a.at - b.at);
  const files = { csv: csvText(inOrder(fold.rows)), html: tradeHtml(result, inOrder(fold.steps), spanOf(fold, scope, { isRunning, now })) };
  const exitCode = result.verdict === 'INCOMPLETE' ? EXIT.inconclusive : EXIT.ok;
  return publishTrades(host, result, files, { exitCode, out, csv: choice.csv === true, ...outputOptions(command) });
}

/** A symbol that the journal does not know is a mistake, and not one without executions. */
function expectTraded({ held }: TradeFold, { symbols = [] }: Choice): void {
  const unknown = symbols.filter((symbol) => !held.has(symbol));
  if (unknown.length === 0) return;
  const known = [...held.keys()].join(', ') || 'none';
  throw usageError(`--symbols ${unknown.join(',')}: the journal does not know it; expected some of ${known}`, { code: 'unknown_symbol' });
}

/** Empty for a journal that cannot be read, which `readExecutions` reports. */
function unsettledIn(folder: string): readonly string[] {
  const open: string[] = [];
  attempt(() => open.push(...readHistory(folder).open.map(({ clientOrderId }) => clientOrderId)));
  return open;
}

/** The folder of the account’s journal. Throws a usage error when there is none, or more than one to choose from. */
function folderOf(stateDir: string, { account, stateDir: given }: Choice): string {
  const folders = journalFoldersIn(stateDir);
  const names = folders.map((folder) => basename(folder)).join(', ');
  // An account is meant, not the rehearsals beside it.
  const real = folders.filter((folder) => !NEW_EACH_RUN.includes(basename(folder)));
  const likely = real.length > 0 ? real : folders;
  const chosen = account === undefined ? likely : folders.filter((folder) => basename(folder) === account);
  const [folder] = chosen;
  if (folders.length === 0)
    throw usageError(`${given} holds no journal: expected the folder of mmbot live`, {
      code: 'no_journal',
      hint: 'name it with --state-dir',
    });
  if (folder === undefined) throw usageError(`--account ${account}: expected one of ${names}`, { code: 'unknown_account' });
  if (chosen.length > 1)
    throw usageError(`${given} holds the journals of ${chosen.length} accounts: expected --account with one of ${names}`, {
      code: 'several_accounts',
      hint: 'live logs the folder of its journal when it starts (live_started, state)',
    });
  return folder;
}

function scopeOf({ since, until, symbols }: Choice, now: number): TradeScope {
  const from = since === undefined ? 0 : Math.max(0, momentAt(since, now));
  // Executions have the exchange’s time, which may be ahead of this clock.
  const to = until === undefined ? Number.MAX_SAFE_INTEGER : momentAt(until, now);
  if (from >= to) throw usageError('--since is not before --until', { code: 'empty_scope' });
  if (from > now) throw usageError('--since is in the future', { code: 'empty_scope' });
  return { from, to, symbols };
}
