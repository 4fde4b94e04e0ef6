import { Option, type Command } from 'commander';
import { KEYS, type Key } from '../../config/fields.ts';
import { countsFor } from '../../config/keys.ts';
import type { Typed } from '../../config/layers.ts';
import { load, type Sources } from '../../config/load.ts';
import { usageError } from '../../errors.ts';
import type { Resolution } from '../../config/resolve.ts';
import type { Host } from '../../host.ts';
import { jsonOption, quietOption } from './basics.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export interface OutputOptions {
  /** One JSON document on stdout instead of text. */
  readonly json: boolean;
  /** No progress and no logs below a warning. */
  readonly quiet: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** The options that all trading commands share: sources of settings, and output. */
export function addSharedOptions(command: Command): Command {
  command
    .option('--profile <name|file>', 'settings from profiles/NAME.yaml or from a file')
    .option('--overrides <file>', 'YAML or JSON file with settings that override the profile')
    .addOption(repeatable('--set <key=value>', 'override one setting; repeatable'));
  for (const { key, field, flag } of flaggedKeys()) {
    command.addOption(repeatable(`${flag} <${field.unit === '' ? 'n' : field.unit}>`, `${key}: ${field.doc}`));
  }
  return command
    .addOption(jsonOption())
    .addOption(quietOption())
    .addOption(new Option('--log-level <level>', 'lowest level of log lines to print').choices(LOG_LEVELS).default('info'));
}

/** Throws MmbotError (exit 2) when the log could not show what --explain asks for. */
export function outputOptions(command: Command): OutputOptions {
  const level = textOption(command, 'logLevel');
  const quiet = command.getOptionValue('quiet') === true;
  const logLevel = LOG_LEVELS.find((known) => known === level) ?? 'info';
  const hides = quiet ? '--quiet' : logLevel === 'warn' || logLevel === 'error' ? `--log-level ${logLevel}` : undefined;
  if (hides !== undefined && command.getOptionValue('explain') === true)
    throw usageError(`--explain writes to the log, which ${hides} would hide`, { code: 'explain_hidden', hint: `leave out ${hides}` });
  return { json: command.getOptionValue('json') === true, quiet, logLevel };
}

/** The settings chosen by the parsed `command` for a run of these symbols. Throws a usage error with every problem of every layer. */
export function loadSettings(host: Host, command: Command, traded?: readonly string[]): Resolution {
  if (traded !== undefined) expectSymbolsTraded(typedKeys(command), traded);
  return load(host, { ...sourcesOf(command), traded });
}

/** The profile as given, for logs and reports. */
export function profileOf(command: Command): string {
  return textOption(command, 'profile') ?? 'defaults';
}

export function sourcesOf(command: Command): Sources {
  return { profile: textOption(command, 'profile'), overrides: textOption(command, 'overrides'), typed: typedIn(command) };
}

/** A setting of a symbol that is not traded would do nothing; in a profile for several it may stand. `keys`: as typed. Throws a usage error. */
export function expectSymbolsTraded(keys: readonly string[], symbols: readonly string[]): void {
  const unused = keys.find((key) => !countsFor(key, symbols));
  if (unused === undefined) return;
  throw usageError(`${unused}: expected a symbol that is traded (${symbols.join(', ')})`, {
    code: 'symbol_not_traded',
    hint: 'add it to --symbols, or leave the setting out',
  });
}

/** The keys that `--set` sets. */
function typedKeys(command: Command): readonly string[] {
  return listOption(command, '--set').map(keyOfAssignment);
}

export function keyOfAssignment(assignment: string): string {
  return assignment.replace(/=.*/s, '');
}

function typedIn(command: Command): Typed {
  const flags = flaggedKeys().flatMap(({ key, flag }) => listOption(command, flag).map((text) => ({ key, flag, text })));
  return { assignments: listOption(command, '--set'), flags };
}

function flaggedKeys(): readonly (Key & { flag: string })[] {
  return KEYS.flatMap((key) => (key.field.flag === undefined ? [] : [{ ...key, flag: key.field.flag }]));
}

/** Keeps every occurrence: a repeated flag with another value is an error, it must not silently win. */
function repeatable(flags: string, description: string): Option {
  const collect = (text: string, earlier: readonly string[] | undefined): readonly string[] => [...(earlier ?? []), text];
  return new Option(flags, description).argParser(collect);
}

function textOption(command: Command, name: string): string | undefined {
  const value: unknown = command.getOptionValue(name);
  return typeof value === 'string' ? value : undefined;
}

function listOption(command: Command, flag: string): readonly string[] {
  const name = new Option(flag).attributeName();
  const value: unknown = command.getOptionValueSource(name) === 'cli' ? command.getOptionValue(name) : undefined;
  return Array.isArray(value) ? value.map(String) : [];
}
