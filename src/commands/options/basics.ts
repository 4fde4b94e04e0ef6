import { Option, type Command } from 'commander';

/** What nearly every command has: examples in its help, `--json` and `--quiet`. */

export interface HelpParts {
  /** Command lines, the most common first. */
  readonly examples: readonly string[];
  /** What the options do not say; lines of at most 80 columns. */
  readonly notes?: string;
  /** A list of names by group. */
  readonly list?: { readonly title: string; readonly groups: ReadonlyMap<string, readonly string[]> };
}

/** Adds to the help of `command`: the examples before the usage line, everything else after the options. */
export function addHelp(command: Command, { examples, notes, list }: HelpParts): Command {
  command.addHelpText('before', `Examples:\n${examples.map((line) => `  $ ${line}\n`).join('')}`);
  if (notes !== undefined) command.addHelpText('after', `\n${notes.trimEnd()}`);
  if (list !== undefined) command.addHelpText('after', () => `\n${list.title}:\n${listText(command, list.groups)}`);
  return command;
}

/** Laid out as commander lays out options, in the width of the terminal. */
function listText(command: Command, groups: ReadonlyMap<string, readonly string[]>): string {
  const helper = command.createHelp();
  helper.prepareContext({ helpWidth: command.configureOutput().getOutHelpWidth?.() ?? 80 });
  const width = Math.max(...[...groups.keys()].map((group) => group.length));
  return [...groups].map(([group, names]) => helper.formatItem(group, width, names.join(', '), helper)).join('\n');
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document on stdout');
}

export function quietOption(): Option {
  return new Option('--quiet', 'print only warnings and the result');
}
