import { Command, Option } from 'commander';
import {
  differenceDocument,
  differences,
  documentHead,
  fieldDocument,
  isSet,
  select,
  withUnit,
  type Difference,
} from '../config/explain.ts';
import { load } from '../config/load.ts';
import type { Candidate, ResolvedField, Resolution } from '../config/resolve.ts';
import { configWarnings, type ConfigWarning, type TradedSymbol } from '../config/warnings.ts';
import { settingsSchema } from '../config/schema.ts';
import { EXIT } from '../errors.ts';
import type { Host } from '../host.ts';
import { jsonText, type JsonObject } from '../util/json.ts';
import { setExitCode } from './process/exit-code.ts';
import { filled } from './options/filled.ts';
import { addHelp, type HelpParts } from './options/basics.ts';
import { addSharedOptions, loadSettings, outputOptions, profileOf, sourcesOf } from './options/options.ts';
import { wrapped } from './terminal/report.ts';
import { paint, textTable } from './terminal/table.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot config-explain --profile s1 --overridden',
    'mmbot config-explain --profile s1 --why quoting.baseSpreadBps',
    'mmbot config-explain --profile s1 --diff conservative',
    "mmbot config-explain 'risk.soft*' --json",
  ],
  notes: 'Precedence: command line > env MM_* > --overrides FILE > --profile > default.',
};

interface Choice {
  readonly why?: string;
  readonly overridden?: boolean;
  readonly diff?: string;
  readonly hash?: boolean;
  readonly schema?: boolean;
}

export function configExplainCommand(host: Host): Command {
  const command = new Command('config-explain')
    .description('Show every setting, where its value comes from, and which values it overrides.')
    .argument('[keys...]', "settings to show: keys or globs such as 'risk.*' (default: all)")
    .addOption(
      new Option('--why <key>', 'show one setting: its value and the values that it overrides')
        .argParser(filled('a key, such as quoting.baseSpreadBps'))
        .conflicts(['overridden', 'diff', 'hash', 'schema']),
    )
    .addOption(
      new Option('--overridden', 'show only settings that a profile, file, variable or option sets').conflicts(['diff', 'hash', 'schema']),
    )
    .addOption(
      new Option('--diff <profile>', 'show the settings that differ under another profile; exit 1 if any does').conflicts([
        'hash',
        'schema',
      ]),
    )
    .addOption(new Option('--hash', 'print only the hash of all values').conflicts('schema'))
    .addOption(new Option('--schema', 'print the JSON Schema of profile and override files'));
  return addHelp(addSharedOptions(command), HELP).action((keys: readonly string[], choice: Choice) => {
    const resolution = loadSettings(host, command);
    if (choice.schema === true) host.stdout.write(jsonText(settingsSchema()));
    else if (choice.hash === true) print(host, command, `${resolution.hash}\n`, documentHead(resolution));
    else if (choice.diff !== undefined) explainDifferences(host, command, resolution, choice.diff, keys);
    else if (choice.why !== undefined) explainOne(host, command, resolution, choice.why);
    else explainAll(host, command, resolution, keys, choice.overridden === true);
  });
}

function explainAll(host: Host, command: Command, resolution: Resolution, keys: readonly string[], onlySet: boolean): void {
  const fields = select(resolution.explain, keys).filter((field) => !onlySet || isSet(field));
  const color = paint(host);
  const rows = fields.map((field) => {
    const { key, winner, losers } = field;
    const row = [key, String(winner.value), field.field.unit, winner.source, String(losers.length)];
    return isSet(field) ? row.map((cell) => color.cyan(cell)) : row;
  });
  const table = textTable(host, ['KEY', 'VALUE', 'UNIT', 'SOURCE', 'OVERRIDES'], rows);
  const none = keys.length === 0 ? 'Every key has its default.\n' : 'Nothing sets any of these keys.\n';
  const text = rows.length === 0 ? none : table;
  // What is traded, and prices, are not known here.
  const warnings = configWarnings(resolution.settings, symbolsIn(resolution));
  const document = {
    ...documentHead(resolution),
    fields: fields.map(fieldDocument),
    warnings: warnings.map((warning) => ({ ...warning })),
  };
  print(host, command, `${text}hash ${resolution.hash}\n${warningText(host, warnings)}`, document);
}

/** Those with settings of their own, beside one that has none. */
function symbolsIn({ settings }: Resolution): TradedSymbol[] {
  return ['other symbols', ...(settings.bySymbol?.keys() ?? [])].map((symbol) => ({ symbol }));
}

function warningText(host: Host, warnings: readonly ConfigWarning[]): string {
  if (warnings.length === 0) return '';
  const lines = warnings.map(({ text, change }) => wrapped(host, `- ${text}. Try: ${change}`, 2));
  return `\n${paint(host).yellow('Settings that defeat each other:')}\n${lines.join('\n')}\n`;
}

function explainOne(host: Host, command: Command, resolution: Resolution, key: string): void {
  for (const field of select(resolution.explain, [key])) {
    print(host, command, whyText(host, field), { ...documentHead(resolution), field: fieldDocument(field) });
  }
}

function whyText(host: Host, resolved: ResolvedField): string {
  const { key, env, field, winner, losers } = resolved;
  const color = paint(host);
  const row = (word: string, candidate: Candidate): string[] => [word, candidate.layer, withUnit(resolved, candidate), candidate.source];
  // Flags and variables cannot name a symbol.
  const ways = [`--set ${key}=VALUE`, ...(env === undefined ? [] : [field.flag, env].filter((way) => way !== undefined))];
  return [
    wrapped(host, `${color.bold(`${key} = ${withUnit(resolved, winner)}`)}\n`),
    wrapped(host, `${field.doc}\nExpected: ${field.expected}. Set by ${ways.join(', ')}, or in a file.\n\n`),
    textTable(
      host,
      ['', 'LAYER', 'VALUE', 'SOURCE'],
      [row('wins', winner).map((cell) => color.cyan(cell)), ...losers.map((loser) => row('loses', loser))],
    ),
  ].join('');
}

/** Compares both profiles under the same overrides, environment and flags. */
function explainDifferences(host: Host, command: Command, ours: Resolution, profile: string, keys: readonly string[]): void {
  const theirs = load(host, { ...sourcesOf(command), profile, profileOption: '--diff' });
  const found = differences(ours.explain, theirs.explain, keys);
  if (found.length > 0) setExitCode(command, EXIT.failed);
  const mine = profileOf(command);
  print(host, command, differenceText(host, found, mine, profile), {
    ...documentHead(ours),
    ok: found.length === 0,
    otherHash: theirs.hash,
    differences: found.map(differenceDocument),
  });
}

function differenceText(host: Host, found: readonly Difference[], mine: string, other: string): string {
  if (found.length === 0) return wrapped(host, `${mine} and ${other} give the same settings.\n`);
  const rows = found.map(({ ours, theirs }) => {
    const values = [withUnit(ours, ours.winner), withUnit(theirs, theirs.winner)];
    return [ours.key, ...values, ours.winner.source, theirs.winner.source];
  });
  return textTable(host, ['KEY', mine, other, `SOURCE (${mine})`, `SOURCE (${other})`], rows);
}

function print(host: Host, command: Command, text: string, document: JsonObject): void {
  host.stdout.write(outputOptions(command).json ? jsonText(document) : text);
}
