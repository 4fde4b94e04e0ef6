import { expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { testHost, type TestHost } from '../../support/program/test-host.ts';

async function run(argv: readonly string[], env: Record<string, string> = {}): Promise<TestHost & { exitCode: number }> {
  const host = testHost({ argv, env });
  const exitCode = await main(host);
  return Object.assign(host, { exitCode });
}

test('--help lists the commands that exist, on stdout', async () => {
  const { exitCode, stdout, stderr } = await run(['--help']);
  expect([exitCode, stderr.text]).toEqual([0, '']);
  const listed = [...stdout.text.matchAll(/^ {2}([a-z-]+) .*/gm)]
    .map((match) => match[1])
    .filter((name) => name?.startsWith('-') === false);
  expect(listed).toEqual([
    'soak',
    'campaign',
    'live',
    'report',
    'cancel-all',
    'load-test',
    'config-explain',
    'test-summary',
    'exchange',
    'market-facts',
    'worker',
    'completion',
    'help',
  ]);
});

test('each command explains itself, also through help', async () => {
  for (const argv of [
    ['config-explain', '--help'],
    ['help', 'config-explain'],
  ]) {
    const { exitCode, stdout } = await run(argv);
    expect([exitCode, stdout.text.split('\n')[0]]).toEqual([0, 'Examples:']);
    expect(stdout.text).toContain('\nUsage: mmbot config-explain [options] [keys...]\n');
    expect(stdout.text).toContain('Precedence: command line > env MM_*');
  }
});

test('--version is the package’s', async () => {
  expect((await run(['--version'])).stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each([
  [[], 'Usage: mmbot'],
  [['config-explian'], '(Did you mean config-explain?)'],
  [['config-explain', '--profil', 's1'], '(Did you mean --profile?)'],
  [['config-explain', '--why'], 'argument missing'],
  [['completion'], "missing required argument 'bash|zsh|fish'"],
  [['config-explain', '--why', ''], 'Expected a key, such as quoting.baseSpreadBps, was an empty text'],
  [
    ['soak', '--clock', 'virtual', '--duration', '5', '--faults', 'lost-reply@10m'],
    'lost-reply would begin after the run, which lasts 5 s',
  ],
  [['live', '--duration', '1', '--state-dir', ''], 'Expected a folder, such as .mmbot, was an empty text'],
  [['config-explain', '--hash', '--schema'], 'cannot be used with'],
  [['config-explain', '--set', 'a=1'], 'a: expected a known key'],
])('%j is a usage error with a hint, and stdout stays empty', async (argv, message) => {
  const { exitCode, stdout, stderr } = await run(argv);
  expect([exitCode, stdout.text]).toEqual([2, '']);
  expect(stderr.text).toContain(message);
});

test('with --json a failure is one document on stdout', async () => {
  const { exitCode, stdout } = await run(['config-explain', '--json', '--set', 'a=1']);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout.text)).toMatchObject({ schemaVersion: 1, ok: false, exitCode: 2, error: { code: 'config_invalid' } });
});

test('a bug is reported with its stack, and exits with 70', async () => {
  const host = testHost({ argv: ['config-explain'] });
  const broken = { ...host, stdout: { ...host.stdout, write: () => expect.unreachable('the sink broke') } };
  expect(await main(broken)).toBe(70);
  expect(host.stderr.text).toMatch(/^bug in mmbot: .*the sink broke[\s\S]*\n {4}at /);
});

test('keys to the exchange are blotted out of every message, wherever a mistake put them', async () => {
  const secret = 'cAnArY0123456789SecretOfTheAccount';
  const mistakes = [
    ['config-explain', '--set', `quoting.baseSpreadBps=${secret}`],
    ['config-explain', '--set', `${secret}=1`],
    ['config-explain', '--set', secret],
    ['config-explain', `--api-secret=${secret}`],
    ['config-explain', '--profile', secret],
    ['config-explain', '--why', secret],
    [secret],
  ];
  for (const argv of mistakes) {
    const { exitCode, stdout, stderr } = await run([...argv, '--json'], { BYBIT_API_SECRET: secret });
    const output = stdout.text + stderr.text;
    expect(exitCode).toBe(2);
    for (let start = 0; start + 8 <= secret.length; start += 1) expect(output).not.toContain(secret.slice(start, start + 8));
    expect(stderr.text).toContain('[redacted]');
  }
});
