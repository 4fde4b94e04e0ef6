import { Argument, Command } from 'commander';
import { KEYS } from '../config/fields.ts';
import { profileNames } from '../config/load.ts';
import type { Host } from '../host.ts';
import { addHelp, type HelpParts } from './options/basics.ts';
import { bashCompletion } from '../reports/completion/bash.ts';
import { fishCompletion } from '../reports/completion/fish.ts';
import type { CompletedCommand, CompletedValue } from '../reports/completion/words.ts';
import { zshCompletion } from '../reports/completion/zsh.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

const HELP: HelpParts = {
  examples: [
    'mmbot completion bash > ~/.local/share/bash-completion/completions/mmbot',
    'mmbot completion zsh > "${fpath[1]}/_mmbot"',
    'mmbot completion fish > ~/.config/fish/completions/mmbot.fish',
  ],
  notes: 'The examples write the script to where each shell looks for it.',
};

/** `all` loads every command that users call, with its options. */
export function completionCommand(host: Host, all: () => Promise<readonly Command[]>): Command {
  const command = new Command('completion')
    .description('Print the script that completes commands, options and values in a shell.')
    .addArgument(new Argument(`<${Object.keys(SHELLS).join('|')}>`, 'shell to complete in').choices(Object.keys(SHELLS)));
  return addHelp(command, HELP).action(async (shell: keyof typeof SHELLS) => {
    const described = (await all()).map((command) => completed(command, host.cwd));
    host.stdout.write(SHELLS[shell](described));
  });
}

function completed(command: Command, cwd: string): CompletedCommand {
  const options = command.createHelp().visibleOptions(command);
  return {
    name: command.name(),
    summary: command.summary() || command.description(),
    options: options.map(({ short, long, description, flags, argChoices }) => ({
      flags: [short, long].filter((flag) => flag !== undefined),
      description,
      value: /[<[]/.test(flags) ? valueOf(placeholder(flags), argChoices, cwd) : undefined,
      isRepeatable: long === '--set',
    })),
    operand: command.registeredArguments.map((argument) => valueOf(argument.name(), argument.argChoices, cwd))[0],
  };
}

/** `name|file` of `--profile <name|file>`. */
function placeholder(flags: string): string {
  return /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? '';
}

/** What to offer for a value, by its placeholder in the help. */
function valueOf(name: string, choices: readonly string[] | undefined, cwd: string): CompletedValue {
  const keys = KEYS.map(({ key }) => key);
  if (choices !== undefined) return { kind: 'words', name, words: choices };
  if (name === 'key=value') return { kind: 'prefixes', name, words: keys.map((key) => `${key}=`) };
  if (name === 'key' || name === 'keys') return { kind: 'words', name, words: keys };
  if (name === 'name|file' || name === 'profile') return { kind: 'words or files', name, words: profileNames(cwd) };
  if (name === 'dir') return { kind: 'folders', name, words: [] };
  return { kind: /^files?$/.test(name) ? 'files' : 'any', name, words: [] };
}
