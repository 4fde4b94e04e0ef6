import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const scripts: Record<string, string> = {};
beforeAll(async () => {
  for (const shell of SHELLS) scripts[shell] = (await runMmbot(['completion', shell])).stdout;
});

/** zsh offers words only to its line editor, so one is given to it, with its Tab and a key that tells when that is done. */
const ASK_ZSH = `
  zmodload zsh/zpty
  zpty shell zsh -f -i
  zpty -w shell 'autoload -Uz compinit; compinit -u -D; source ./script; PS1='
  zpty -w shell 'compadd() {
    local -a found
    if [[ "$*" != *-[OAD]" "* ]]; then builtin compadd -O found "$@"; print; print -rl -- $found; fi
    builtin compadd "$@"
  }'
  zpty -w shell 'told() print -r -- "that is "all; zle -N told; bindkey "^T" told; bindkey "^I" complete-word; print -r -- "ready "now'
  zpty -r shell said $'*ready now*'
  zpty -w -n shell "$1"$'\t\x14'
  zpty -r shell said $'*that is all*'
  print -r -- "\${said#*$'\n'}"
`;

/** What a person who presses Tab at the end of `line` would see offered. */
const ASK: Readonly<Record<Shell, (line: string) => readonly string[]>> = {
  bash: (line) => [
    '--norc',
    '-c',
    `source ./script; read -ra COMP_WORDS <<< "$1"; [[ $1 == *' ' ]] && COMP_WORDS+=(''); COMP_WORDS=("\${COMP_WORDS[@]//=/ = }")
     IFS=' ' read -ra COMP_WORDS <<< "\${COMP_WORDS[*]}"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
     COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _mmbot; printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
    line,
  ],
  zsh: (line) => ['-f', '-c', ASK_ZSH, 'zsh', line],
  fish: (line) => ['--no-config', '-c', `source ./script; complete -C "$argv[1]"`, line],
};

async function offered(shell: Shell, line: string): Promise<string> {
  const cwd = folderWith({ script: scripts[shell] ?? '', 'results.xml': '', 'reports/x': '' });
  const { stdout } = await execa(shell, ASK[shell](line), { cwd, env: { HOME: cwd, TERM: 'xterm' }, timeout: 20_000 });
  return stdout;
}

const isInstalled = async (shell: Shell): Promise<boolean> => !(await execa(shell, ['-c', 'exit'], { reject: false })).failed;

describe.each(await Promise.all(SHELLS.map(async (shell) => ({ shell, installed: await isInstalled(shell) }))))(
  '$shell',
  ({ shell, installed }) => {
    test.skipIf(!installed).each([
      ['mmbot so', ['soak'], ['cancel-all']],
      ['mmbot soak --se', ['--seed', '--set'], ['--symbols']],
      ['mmbot soak --clock ', ['wall', 'virtual'], ['--seed']],
      ['mmbot soak --clock=vir', ['virtual'], ['wall']],
      ['mmbot soak --profile con', ['conservative'], ['s1']],
      ['mmbot soak --set risk.maxPositionU', ['risk.maxPositionUsd'], ['risk.maxOpenOrders']],
      ['mmbot config-explain quoting.baseSp', ['quoting.baseSpreadBps'], ['quoting.levels']],
      ['mmbot test-summary --baseline res', ['results.xml'], ['soak']],
      ['mmbot test-summary res', ['results.xml'], ['soak']],
      ['mmbot completion ', ['bash', 'zsh', 'fish'], ['--help']],
      ['mmbot help conf', ['config-explain'], ['soak']],
    ])('%s', async (line, expected, others) => {
      const words = (await offered(shell, line)).split(/\s+/);
      const isOffered = (word: string): boolean => words.some((one) => one === word || one === `${word}=` || one.endsWith(`=${word}`));
      expect([...expected, ...others].filter(isOffered)).toEqual(expected);
    });
  },
);

test.skipIf(!(await isInstalled('zsh')))('zsh takes the script for what completes mmbot', async () => {
  const cwd = folderWith({ script: scripts['zsh'] ?? '' });
  const load = 'autoload -Uz compinit; compinit -u -D; source ./script; print -r -- $_comps[mmbot]; whence -w _mmbot';
  const { stdout, stderr } = await execa('zsh', ['-f', '-c', load], { cwd, env: { HOME: cwd }, timeout: 20_000 });
  expect([stdout, stderr]).toEqual(['_mmbot\n_mmbot: function', '']);
});

test('an unknown shell is a usage error that names the known ones', async () => {
  const { exitCode, stderr } = await runMmbot(['completion', 'powershell']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish.')]);
});
