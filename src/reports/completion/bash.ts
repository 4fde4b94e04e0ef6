import { shellQuoted, type CompletedCommand, type CompletedValue } from './words.ts';

/** For `source <(mmbot completion bash)`; works from bash 3.2 on, without the bash-completion package. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of mmbot for bash, made by "mmbot completion bash".
_mmbot() {
  local IFS=$'\\n' current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case $word in -*) ;; *) command=$word && break ;; esac
  done
  # bash takes --clock=virtual for three words.
  if [[ $current == = ]]; then current= ; elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  COMPREPLY=()
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
    '') COMPREPLY=($(compgen -W ${words([...names, 'help', '--help', '--version'])} -- "$current")) ;;
    help) COMPREPLY=($(compgen -W ${words(names)} -- "$current")) ;;
${commands.map(commandCase).join('\n')}
  esac
}
complete -F _mmbot mmbot
`;
}

function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ flags, value }) =>
    value === undefined ? [] : [`    ${flags.map((flag) => shellQuoted(`${name} ${flag}`)).join(' | ')}) ${offer(value)} return ;;`],
  );
}

function commandCase({ name, options, operand }: CompletedCommand): string {
  const flags = `COMPREPLY=($(compgen -W ${words(options.flatMap((option) => option.flags))} -- "$current"))`;
  const other = operand === undefined || operand.kind === 'any' ? '' : `[[ $current == -* ]] || { ${offer(operand)} }`;
  return `    ${name}) ${flags}${other === '' ? '' : `; ${other}`} ;;`;
}

function offer({ kind, words: known }: CompletedValue): string {
  const list = `compgen -W ${words(known)} -- "$current"`;
  return {
    words: `COMPREPLY=($(${list}));`,
    prefixes: `COMPREPLY=($(${list})); compopt -o nospace 2>/dev/null;`,
    'words or files': `COMPREPLY=($(${list}; compgen -f -- "$current")); compopt -o filenames 2>/dev/null;`,
    files: `COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null;`,
    folders: `COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2>/dev/null;`,
    any: '',
  }[kind];
}

/** For `compgen -W`, which splits at IFS: one word per line. */
function words(list: readonly string[]): string {
  return shellQuoted(list.join('\n'));
}
