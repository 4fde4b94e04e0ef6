import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const WORKFLOWS = ['ci', 'release'];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Readonly<Record<string, string>> };

function commandsOf(name: string): readonly string[] {
  const { jobs } = parse(readFileSync(`.github/workflows/${name}.yml`, 'utf8')) as Workflow;
  return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run));
}

describe('workflows', () => {
  test.each(WORKFLOWS)('%s runs scripts that exist', (name) => {
    const commands = commandsOf(name).join('\n');
    const named = [...commands.matchAll(/npm (?:run (?:-s )?)?([a-z:]+)/g)].map((match) => match[1] ?? '');
    const builtIn = new Set(['ci', 'audit', 'publish']);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((script) => !builtIn.has(script) && scripts[script] === undefined)).toEqual([]);
  });
});

describe('subjects of commits', () => {
  const check = async (subject: string) => {
    const git = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'commit.gpgsign=false'];
    const { stdout: tree } = await execa('git', ['write-tree']);
    const { stdout: commit } = await execa('git', [...git, 'commit-tree', tree, '-m', subject]);
    return execa('bash', ['.github/conventional-commits.sh', commit], { reject: false });
  };

  test.each(['feat: a', 'fix(cancel-all)!: b', 'docs: c'])("'%s' is taken", async (subject) => {
    expect((await check(subject)).exitCode).toBe(0);
  });

  test.each(['Add things', 'feature: a', 'fix:b', 'fix(Scope): c'])("'%s' is refused by its name", async (subject) => {
    const { exitCode, stderr } = await check(subject);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(subject)]);
  });
});

test('all that is installed with mmbot asks for no more than its notice', async () => {
  const { exitCode, stdout } = await execa('node', ['.github/licenses.mjs'], { reject: false });
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^MIT +ccxt@/m)]);
});
