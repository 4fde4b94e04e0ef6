import { shellQuoted, type CompletedCommand, type CompletedOption, type CompletedValue } from './words.ts';

/** For `source <(mmbot completion zsh)`, or a file `_mmbot` in a folder of `fpath`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const known = [...commands, { name: 'help', summary: 'display help for command' }];
  return `#compdef mmbot
# Completion of mmbot for zsh, made by "mmbot completion zsh".
_mmbot() {
  local -a commands=(
${known.map(({ name, summary }) => `    ${shellQuoted(`${name}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commands.map(commandCase).join('\n')}
    help) _describe -t commands command commands ;;
  esac
}
if [[ $funcstack[1] == _mmbot ]]; then _mmbot "$@"; else compdef _mmbot mmbot; fi
`;
}

function commandCase({ name, options, operand }: CompletedCommand): string {
  const specs = [...options.flatMap(optionSpecs), ...(operand === undefined ? [] : [`*:${escaped(operand.name)}:${offer(operand)}`])];
  return [`    ${name}) _arguments \\`, `${specs.map((spec) => `      ${shellQuoted(spec)}`).join(' \\\n')} ;;`].join('\n');
}

function optionSpecs({ flags, description, value, isRepeatable }: CompletedOption): readonly string[] {
  const action = value === undefined ? '' : `:${escaped(value.name)}:${offer(value)}`;
  const [several, others] = isRepeatable ? ['*', ''] : ['', flags.length > 1 ? `(${flags.join(' ')})` : ''];
  // A long option takes its value after a space or an equals sign.
  return flags.map(
    (flag) => `${several}${others}${flag}${value !== undefined && flag.startsWith('--') ? '=' : ''}[${escaped(description)}]${action}`,
  );
}

function offer({ kind, words }: CompletedValue): string {
  const list = words.map((word) => word.replace(/[\s:()'"\\=]/g, String.raw`\$&`)).join(' ');
  return {
    words: `(${list})`,
    prefixes: `{compadd -S '' -- ${list}}`,
    'words or files': `{compadd -- ${list}; _files}`,
    files: '_files',
    folders: '_files -/',
    any: '',
  }[kind];
}

function escaped(text: string): string {
  return text.replace(/[:[\]\\]/g, String.raw`\$&`);
}
