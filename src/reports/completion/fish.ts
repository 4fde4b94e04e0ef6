import type { CompletedCommand, CompletedOption, CompletedValue } from './words.ts';

/** For a file in `~/.config/fish/completions`. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# Completion of mmbot for fish, made by "mmbot completion fish".
complete -c mmbot -f
${commands.map(({ name, summary }) => `complete -c mmbot -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`).join('\n')}
complete -c mmbot -n __fish_use_subcommand -a help -d 'display help for command'
complete -c mmbot -n __fish_use_subcommand -l version -d 'output the version number'
complete -c mmbot -n '__fish_seen_subcommand_from help' -a ${quoted(names)}
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ name, options, operand }: CompletedCommand): readonly string[] {
  const start = `complete -c mmbot -n '__fish_seen_subcommand_from ${name}'`;
  const operands = operand === undefined || operand.kind === 'any' ? [] : [`${start} ${offer(operand)}`];
  return [
    ...options.map(
      (option) =>
        `${start} ${flagsOf(option)} ${option.value === undefined ? '' : `-r ${offer(option.value)} `}-d ${quoted(option.description)}`,
    ),
    ...operands,
  ];
}

function flagsOf({ flags }: CompletedOption): string {
  return flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
}

function offer({ kind, words }: CompletedValue): string {
  return {
    words: `-f -a ${quoted(words.join(' '))}`,
    prefixes: `-f -a ${quoted(words.join(' '))}`,
    'words or files': `-F -a ${quoted(words.join(' '))}`,
    files: '-F',
    folders: `-f -a '(__fish_complete_directories)'`,
    any: '-f',
  }[kind];
}

/** In fish a backslash escapes a quote inside quotes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
}
